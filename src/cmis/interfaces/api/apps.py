from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "cmis.interfaces.api"
    label = "api"
