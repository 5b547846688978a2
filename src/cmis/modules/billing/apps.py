from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "cmis.modules.billing"
    label = "billing"
