"""Contrast of the colour tokens (WCAG 2.2: 4.5:1 for text, 3:1 for borders, bars and focus)."""

import re
from pathlib import Path

import pytest

from cmis.interfaces import ui

CSS = (Path(ui.__file__).parent / "static/ui/tokens.css").read_text(encoding="utf-8")
TONES = ("success", "warning", "danger", "info", "neutral")
TEXT = [
    *[
        (text, paper)
        for text in ("ink", "ink-soft", "link", "link-hover")
        for paper in ("paper", "surface")
    ],
    ("ink", "surface-raised"),
    ("link", "surface-raised"),
    ("brand-ink", "brand"),
    ("action-ink", "action"),
    ("action-ink", "action-hover"),
    ("grave-ink", "grave"),
    ("grave-ink", "grave-hover"),
    *[(tone, f"{tone}-paper") for tone in TONES],
    *[("ink", f"{tone}-paper") for tone in TONES],
    ("danger", "paper"),
]
SHAPES = [
    ("line-strong", "paper"),
    ("line-strong", "surface"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("focus", "surface-raised"),
    ("bar", "paper"),
    ("bar", "bar-track"),
    ("bar-now", "paper"),
    ("bar-now", "bar-track"),
    ("brand-line", "brand"),
]


def block(opening: str) -> dict[str, str]:
    """The colour tokens of the block that begins with ``opening``."""
    body = CSS[CSS.index(opening) + len(opening) :].split("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


LIGHT = block("\n:root {")
DARK = block(':root[data-theme="dark"] {')


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_is_legible(theme: dict[str, str], front: str, back: str) -> None:
    assert contrast(theme[front], theme[back]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_borders_bars_and_focus_are_visible(theme: dict[str, str], front: str, back: str) -> None:
    assert contrast(theme[front], theme[back]) >= 3


def test_the_focus_ring_shows_on_the_header() -> None:
    base = (Path(ui.__file__).parent / "static/ui/base.css").read_text(encoding="utf-8")
    ring = re.search(r"\.header \{\s*--focus: (#[0-9a-f]{6})", base)
    assert ring
    for theme in (LIGHT, DARK):
        assert contrast(ring[1], theme["brand"]) >= 3


def test_dark_by_device_and_dark_by_choice_are_the_same() -> None:
    assert block(':root:not([data-theme="light"]) {') == DARK
    assert DARK.keys() == LIGHT.keys()


def test_only_the_tokens_name_colors() -> None:
    folder = Path(ui.__file__).parent / "static/ui"
    named = [
        f"{path.name}: {color}"
        for path in sorted(folder.glob("*.css"))
        if path.name != "tokens.css"
        for color in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    ]
    # The focus ring on the brand colour is the one exception, proven above.
    assert named == ["base.css: #ffd166"]
