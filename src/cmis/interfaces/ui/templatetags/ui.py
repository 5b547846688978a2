"""``{% load ui %}``: every component as a tag, every formatting function as a filter.

Each is shown with its arguments in ``docs/reference/components.md`` and, live, on the style page.
"""

from cmis.interfaces.ui import formatting, icons
from cmis.interfaces.ui.tags import figures, forms, page, register, tables

__all__ = ["figures", "forms", "page", "register", "tables"]

register.filter("number", formatting.number)
register.filter("vnd", formatting.vnd)
register.filter("kwh", formatting.kwh)
register.filter("vn_date", formatting.vn_date)
register.filter("vn_datetime", formatting.vn_datetime)
register.filter("period", formatting.period_text)
register.filter("billing_month", formatting.month_text)
register.simple_tag(icons.icon, name="icon")
