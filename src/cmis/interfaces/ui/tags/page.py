"""Frame and content components: headings, banners, lists, buttons, navigation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cmis.interfaces.ui import formatting
from cmis.interfaces.ui.steps import LEVEL_TONES, TONE_ICONS
from cmis.interfaces.ui.tags import register


@register.simple_tag
def amount(amount_vnd: int | None) -> SafeString:
    """Money inside a sentence: bold, and never broken over two lines."""
    return format_html('<span class="amount">{}</span>', formatting.vnd(amount_vnd))


@register.simple_tag
def status_tag(text: str, tone: str = "neutral") -> SafeString:
    return format_html('<strong class="tag tone-{}">{}</strong>', tone, text)


@register.inclusion_tag("ui/components/heading.html")
def heading(text: str, caption: str = "") -> dict[str, Any]:
    return {"text": text, "caption": caption}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/components/identity_bar.html")
def identity_bar(
    title: str,
    code: str = "",
    facts: Iterable[tuple[str, object]] = (),
    status: str = "",
    tone: str = "neutral",
) -> dict[str, Any]:
    return {"title": title, "code": code, "facts": facts, "status": status, "tone": tone}


@register.inclusion_tag("ui/components/banner.html")
def banner(text: object, tone: str = "info", title: str = "") -> dict[str, Any]:
    tone = LEVEL_TONES.get(tone, tone) or "info"
    return {"text": text, "tone": tone, "title": title, "icon": TONE_ICONS[tone]}


@register.simple_block_tag
def inset(content: str) -> SafeString:
    return format_html('<div class="inset">{}</div>', content)


@register.simple_block_tag
def panel(content: str, title: str = "") -> SafeString:
    head = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<section class="panel">{}{}</section>', head, content)


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:  # noqa: A002
    return format_html(
        '<details class="details"{}><summary>{}</summary>'
        '<div class="details__body">{}</div></details>',
        SafeString(" open") if open else "",
        summary,
        content,
    )


@register.inclusion_tag("ui/components/button.html")
def button(text: str, kind: str = "primary", **options: object) -> dict[str, Any]:
    """``href`` makes it a link; also ``name value icon opens shortcut type form disabled``."""
    return {"text": text, "kind": kind, **options}


@register.simple_block_tag(end_name="endconfirm")
def confirm(
    content: str,
    id: str,  # noqa: A002
    title: str,
    yes: str,
    kind: str = "primary",
    name: str = "",
    value: str = "",
    form: str = "",
) -> SafeString:
    """A dialog whose ``yes`` button submits the form it stands in, or the form with that id.

    Open it by ``{% button … opens=id %}``; without scripts that button submits at once.
    """
    attributes = {"form": form, "name": name, "value": value}
    return format_html(
        '<dialog id="{id}" aria-labelledby="{id}-title"><h2 id="{id}-title">{title}</h2>{content}'
        '<div class="button-group"><button class="button button--{kind}"{attributes}>{yes}</button>'
        '<button type="button" class="button button--secondary" data-closes autofocus>{no}</button>'
        "</div></dialog>",
        id=id,
        title=title,
        content=content,
        kind=kind,
        attributes=format_html_join("", ' {}="{}"', ((k, v) for k, v in attributes.items() if v)),
        yes=yes,
        no=_("Không, quay lại"),
    )


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """Rows are ``(label, value)`` or ``(label, value, change_url)``."""
    return {"rows": [(*row, "")[:3] for row in rows]}


@register.inclusion_tag("ui/components/task_list.html")
def task_list(tasks: Iterable[Mapping[str, object]]) -> dict[str, Any]:
    return {"tasks": tasks}


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(title: str, hint: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    return {"title": title, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Iterable[Mapping[str, object]], label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label or _("Các phần của trang")}


@register.inclusion_tag("ui/components/nav.html")
def nav(items: Iterable[Mapping[str, object]], container: str = "") -> dict[str, Any]:
    return {"items": items, "container": container}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list, keeping the rest of the query."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "entries": [
            {"number": str(n), "address": address(n), "current": n == page.number}
            if isinstance(n, int)
            else None
            for n in numbers
        ],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/search_box.html")
def search_box(
    action: str, label: str, value: str = "", name: str = "q", hint: str = ""
) -> dict[str, Any]:
    return {"action": action, "label": label, "value": value, "name": name, "hint": hint}


@register.inclusion_tag("ui/components/export_links.html")
def export_links(xlsx: str = "", csv: str = "") -> dict[str, Any]:
    return {"xlsx": xlsx, "csv": csv}


@register.simple_tag
def as_of(moment: object, source: str = "") -> SafeString:
    """When the figures are from, and whence (expectation: data as of)."""
    text = _("Số liệu lúc %(moment)s") % {"moment": formatting.vn_datetime(moment)}  # type: ignore[arg-type]
    return format_html('<p class="soft small">{}{}</p>', text, f" · {source}" if source else "")
