from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "cmis.modules.reading"
    label = "reading"
