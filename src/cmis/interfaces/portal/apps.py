from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "cmis.interfaces.portal"
    label = "portal"
