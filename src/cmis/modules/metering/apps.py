from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "cmis.modules.metering"
    label = "metering"
