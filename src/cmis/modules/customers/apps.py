from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "cmis.modules.customers"
    label = "customers"
