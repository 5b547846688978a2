"""The component tags by kind; ``templatetags/ui.py`` gathers them for ``{% load ui %}``."""

from django import template

#: The one library all component modules register with.
register = template.Library()
