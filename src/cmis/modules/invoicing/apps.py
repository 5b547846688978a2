from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    name = "cmis.modules.invoicing"
    label = "invoicing"
