"""Tables with typed cells; ``static/ui/table.js`` adds sorting and the filter box."""

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cmis.interfaces.ui import formatting
from cmis.interfaces.ui.tags import register


@register.simple_block_tag(end_name="endtable")
def table(
    content: str,
    id: str,  # noqa: A002
    caption: str,
    filter: str = "",  # noqa: A002
    xlsx: str = "",
    csv: str = "",
    show_caption: bool = True,
) -> SafeString:
    """Frame, caption, filter box and export links around ``<thead>`` and ``<tbody>``."""
    tools = ""
    if filter or xlsx or csv:
        links = render_to_string("ui/components/export_links.html", {"xlsx": xlsx, "csv": csv})
        tools = format_html('<div class="table-tools" data-tools-for="{}">{}</div>', id, links)
    return format_html(
        '{}<div class="table-frame" role="region" aria-labelledby="{id}-caption" tabindex="0">'
        '<table class="table" id="{id}" data-table data-rows{}>'
        '<caption id="{id}-caption"><span{}>{}</span></caption>{}</table></div>',
        tools,
        _filter_attributes(filter),
        SafeString(' class="visually-hidden"' if not show_caption else ""),
        caption,
        content,
        id=id,
    )


def _filter_attributes(label: str) -> SafeString:
    if not label:
        return SafeString("")
    # The script puts the numbers in place of SHOWN and ALL.
    count = _("Hiện %(shown)s / %(all)s dòng") % {"shown": "SHOWN", "all": "ALL"}
    return format_html(' data-filter-label="{}" data-filter-count="{}"', label, count)


@register.simple_tag
def th(label: str, kind: str = "text", sort: bool = True) -> SafeString:
    """A column head; ``kind`` as in :func:`td`."""
    numeric = kind in formatting.NUMERIC
    return format_html(
        '<th scope="col"{}{}>{}</th>',
        SafeString(' class="num"' if numeric else ""),
        SafeString(f' data-sort="{"number" if numeric else "text"}"' if sort else ""),
        label,
    )


@register.simple_tag
def td(value: object, kind: str = "text", link: str = "", head: bool = False) -> SafeString:
    """A typed cell: shown by its kind, sorted by its value; ``link`` makes it the row's link."""
    shown = formatting.SHOWN[kind](value)
    if link:
        shown = format_html('<a href="{}" data-row-link>{}</a>', link, shown)
    style = "num" if kind in formatting.NUMERIC else kind.replace("datetime", "date")
    return format_html(
        '<{cell}{scope}{style} data-value="{value}">{shown}</{cell}>',
        cell=SafeString("th" if head else "td"),
        scope=SafeString(' scope="row"' if head else ""),
        style=SafeString("" if kind == "text" else f' class="{style}"'),
        value=formatting.sort_value(value),
        shown=shown,
    )
