from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "cmis.modules.notifications"
    label = "notifications"
