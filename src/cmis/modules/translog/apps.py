from django.apps import AppConfig


class TranslogConfig(AppConfig):
    name = "cmis.modules.translog"
    label = "translog"
