"""The address plan: portal at the root, console under /console/."""

from django.urls import include, path

urlpatterns = [
    path("", include("cmis.interfaces.portal.urls")),
    path("console/", include("cmis.interfaces.console.urls")),
    path("ui/", include("cmis.interfaces.ui.urls")),
]
