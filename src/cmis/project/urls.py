"""The address plan: portal at the root, console under /console/, open data under /api/."""

from django.urls import include, path

urlpatterns = [
    path("", include("cmis.interfaces.portal.urls")),
    path("api/", include("cmis.interfaces.api.urls")),
    path("console/", include("cmis.interfaces.console.urls")),
    path("ui/", include("cmis.interfaces.ui.urls")),
]
