"""Geometry of the bar charts: text and integers in, SVG attribute values out.

Widths are SVG attributes and labels are HTML, so charts need no style attribute, stay legible on a
phone, print, and can be tested as text. The same numbers always stand beside the bar or in a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart. ``now`` marks the row the page is about."""

    label: str
    value: Number | None
    now: bool = False


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its share of the longest one, as an SVG width."""

    bar: Bar
    width: str


def per_mille(value: Number | None, of: Number) -> int:
    """Share of ``value`` in ``of`` in 0…1000; a refund or a missing value has no length."""
    if value is None or value <= 0 or of <= 0:
        return 0
    return min(1000, int(value * 1000 // of))


def drawn(rows: Iterable[Bar | Sequence[object]]) -> list[DrawnBar]:
    """Rows (:class:`Bar` or ``(label, value[, now])``) with their lengths."""
    bars = [row if isinstance(row, Bar) else Bar(*row) for row in rows]  # type: ignore[arg-type]
    longest = max((bar.value for bar in bars if bar.value is not None), default=0)
    shares = [per_mille(bar.value, longest) for bar in bars]
    return [
        DrawnBar(bar, f"{share // 10}.{share % 10}%")
        for bar, share in zip(bars, shares, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Column:
    """One upright bar of a history, in pixels."""

    x: int
    y: int
    width: int
    height: int
    kind: str  # "past", "now" or "missing"


def columns(
    values: Sequence[Number | None], current: Number | None, *, height: int = 32, step: int = 8
) -> list[Column]:
    """Upright bars, oldest first, the current value last; a true zero is a line of one pixel."""
    every = [*values, current]
    tallest = max((value for value in every if value is not None), default=0)
    result = []
    for place, value in enumerate(every):
        tall = max(1, per_mille(value, tallest) * height // 1000)
        kind = "now" if place == len(values) else "past"
        if value is None:
            kind, tall = "missing", height - 1
        result.append(Column(place * step, height - tall, step - 2, tall, kind))
    return result
