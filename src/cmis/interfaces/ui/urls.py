"""Addresses of the design system: the language switch, and the style page while developing."""

from django.conf import settings
from django.urls import URLPattern, path
from django.views.i18n import set_language

from cmis.interfaces.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [path("language", set_language, name="language")]
if settings.DEBUG:
    urlpatterns.append(path("styleguide", views.styleguide, name="styleguide"))
    urlpatterns.append(path("styleguide/progress", views.progress_sample, name="progress_sample"))
