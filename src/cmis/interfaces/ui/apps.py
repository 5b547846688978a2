from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "cmis.interfaces.ui"
    label = "ui"
