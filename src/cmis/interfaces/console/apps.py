from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "cmis.interfaces.console"
    label = "console"
