"""Figures, bars, progress, steps and the timeline."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cmis.interfaces.ui import charts, formatting, icons
from cmis.interfaces.ui.steps import LOOKS
from cmis.interfaces.ui.tags import register


@register.inclusion_tag("ui/components/stat_card.html")
def stat_card(
    label: str,
    value: object,
    kind: str = "text",
    hint: str = "",
    url: str = "",
    tone: str = "neutral",
) -> dict[str, Any]:
    """One figure; stands inside ``<dl class="stats">``."""
    shown = formatting.SHOWN[kind](value)
    return {"label": label, "value": shown, "hint": hint, "url": url, "tone": tone}


@register.inclusion_tag("ui/components/bars.html")
def bars(
    rows: Iterable[charts.Bar | Sequence[object]],
    caption: str,
    kind: str = "kwh",
    label_head: str = "",
    value_head: str = "",
) -> dict[str, Any]:
    drawn = [
        {"bar": item.bar, "width": item.width, "shown": formatting.SHOWN[kind](item.bar.value)}
        for item in charts.drawn(rows)
    ]
    return {
        "rows": drawn,
        "caption": caption,
        "label_head": label_head or _("Kỳ"),
        "value_head": value_head or _("Giá trị"),
    }


@register.simple_tag
def history_bars(
    values: Sequence[int | Decimal | None],
    current: int | Decimal | None,
    kind: str = "kwh",
    height: int = 32,
) -> SafeString:
    """Past values, oldest first, and the current one, as small upright bars with a text name."""
    show = formatting.SHOWN[kind]
    name = _("Các kỳ trước: %(past)s. Kỳ này: %(current)s") % {
        "past": "; ".join(show(value) for value in values) or formatting.MISSING,
        "current": show(current),
    }
    look = {"past": "bar-fill", "now": "bar-fill bar-fill--now", "missing": "bar-missing"}
    drawn = charts.columns(values, current, height=height)
    return format_html(
        '<svg class="history" role="img" aria-label="{}" width="{}" height="{}">{}</svg>',
        name,
        str(len(drawn) * 8),
        str(height),
        format_html_join(
            "",
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            ((look[c.kind], str(c.x), str(c.y), str(c.width), str(c.height)) for c in drawn),
        ),
    )


@register.inclusion_tag("ui/components/progress.html")
def progress(
    id: str,  # noqa: A002
    label: str,
    done: int,
    total: int,
    url: str = "",
    note: str = "",
    every_seconds: int = 2,
) -> dict[str, Any]:
    """Polls ``url`` (which answers with this component again) until done reaches total."""
    return {
        "id": id,
        "label": label,
        # Text, because a localised 1.234 in an attribute would be read as one and a bit.
        "done": str(done),
        "total": str(total),
        "shown": f"{formatting.number(done)} / {formatting.number(total)}",
        "percent": f"{done * 100 // total if total else 100} %",
        "url": url if done < total else "",
        "note": note,
        "every_seconds": str(every_seconds),
    }


@register.inclusion_tag("ui/components/steps.html")
def steps(items: Iterable[Mapping[str, object]], label: str = "") -> dict[str, Any]:
    """Items have ``label`` and ``state`` (todo, running, done, held, failed); ``note``, ``url``."""
    drawn = [{**item, "look": LOOKS[str(item["state"])]} for item in items]
    return {"items": drawn, "label": label or _("Các bước")}


@register.simple_tag
def step_cell(state: str, count: int | None = None, url: str = "", label: str = "") -> SafeString:
    """One cell of a book × step board: icon, hidden name of the state, count."""
    look = LOOKS[state]
    inner = format_html(
        '{}<span class="visually-hidden">{}{} </span>{}',
        icons.icon(look.icon),
        f"{label}: " if label else "",
        look.name,
        "" if count is None else formatting.number(count),
    )
    if url:
        inner = format_html('<a href="{}">{}</a>', url, inner)
    return format_html('<span class="step tone-{}">{}</span>', look.tone, inner)


@register.inclusion_tag("ui/components/timeline.html")
def timeline(events: Iterable[object], level: int = 3) -> dict[str, Any]:
    """Events have ``at`` and ``title``; ``text icon tone url who tag`` are optional."""
    return {"events": events, "level": str(level)}
