"""Addresses with the style page, which the product serves only while developing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from cmis.interfaces.ui import urls, views


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


def form_target(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


style_pages = [
    *[pattern for pattern in urls.urlpatterns if pattern.name == "language"],
    path("styleguide", views.styleguide, name="styleguide"),
    path("styleguide/progress", views.progress_sample, name="progress_sample"),
]
urlpatterns = [
    path("ui/", include((style_pages, "ui"))),
    path("broken", broken),
    path("form", form_target),
]
