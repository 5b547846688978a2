"""Values that templates show as they are, or that the bill holds as text."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def unlocalized(value: int) -> str:
    """A year or month: ``2026``, never ``2.026``."""
    return str(value)


@register.filter
def decimal(text: str) -> Decimal:
    """A number that the bill keeps as text."""
    return Decimal(text)
