from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "cmis.modules.organisation"
    label = "organisation"
