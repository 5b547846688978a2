"""Our own icons: stroke paths in a 24 × 24 box, drawn inline so that they take the text colour."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_PATHS = {
    "arrow-left": "M19 12H5m6-7-7 7 7 7",
    "arrow-right": "M5 12h14m-6-7 7 7-7 7",
    "bill": "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6m-6 4h6",
    "bolt": "M13 2 5 14h6l-1 8 8-12h-6z",
    "book": "M5 4h12a2 2 0 0 1 2 2v15H7a2 2 0 0 1-2-2zm0 14a2 2 0 0 1 2-2h12M9 8h6",
    "calendar": "M4 6h16v15H4zm0 5h16M8 3v5m8-5v5",
    "check": "m5 13 5 5L20 6",
    "circle": "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4v6l4 2",
    "contract": "M7 3h8l4 4v14H5V3zM9 11h6m-6 4h6",
    "cross": "m6 6 12 12M18 6 6 18",
    "download": "M12 3v12m-5-5 5 5 5-5M4 20h16",
    "edit": "M4 20h4L20 8l-4-4L4 16zm9-13 4 4",
    "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-5 5-5 13 0 18m0-18c5 5 5 13 0 18",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8v6m0-10v.5",
    "keyboard": "M3 6h18v12H3zm4 4h.5m4 0h.5m4 0h.5M7 14h10",
    "lock": "M6 11h12v10H6zm2 0V8a4 4 0 0 1 8 0v3",
    "message": "M4 5h16v11H10l-5 4v-4H4z",
    "meter": "M12 4a9 9 0 0 0-8 13h16a9 9 0 0 0-8-13zm0 9 4-4",
    "pause": "M9 5v14m6-14v14",
    "payment": "M3 6h18v12H3zm0 4h18M7 15h3",
    "phone": "M7 3h10v18H7zm4 15h2",
    "photo": "M4 7h4l2-3h4l2 3h4v13H4zm8 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
    "play": "M7 4v16l13-8z",
    "print": "M7 9V3h10v6M5 18H3V9h18v9h-2M7 15h10v6H7z",
    "reading": "M4 6h16v12H4zm4 4v4m4-4v4m4-4v4",
    "request": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 2.5 3v1.5m0 3v.5",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
    "send": "M4 12 21 4l-6 17-3-7z",
    "theme": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 0v18m3-16v14m3-11v8",
    "undo": "M9 5 4 10l5 5m-5-5h10a5 5 0 0 1 0 10h-3",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-9 16-9 16 0",
    "warning": "M12 3 2 20h20zm0 6v6m0 2.5v.5",
}

NAMES = tuple(_PATHS)


def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG; decorative unless a ``label`` gives it a name of its own.

    Raises:
        KeyError: no icon of that name.
    """
    path = mark_safe(f'<path d="{_PATHS[name]}"/>')  # noqa: S308 - a constant of this file
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            path,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', path
    )
