"""Addresses of the open JSON, under ``/api/``."""

from django.urls import URLPattern, path

from cmis.interfaces.api import views

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("v1/tariffs", views.tariffs, name="tariffs"),
    path("v1/tariffs/<path:number>", views.decision, name="decision"),
    path("<path:address>", views.nothing_here, name="nothing_here"),
]
