"""The frame around every room: name of the unit, search box, rooms the person may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.modules.billing import queries as bills
from cmis.modules.organisation import queries as organisation
from cmis.modules.reading import queries as books

if TYPE_CHECKING:
    from cmis.interfaces.console.desk import Desk


def frame_of(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    """Context of ``console/base.html``."""
    return {
        "actor": desk.actor,
        "unit": organisation.unit_by_id(desk.actor.unit_id, desk.on),
        "may_search": desk.may("search"),
        "nav_items": rooms(request.path, desk),
    }


def rooms(path: str, desk: Desk) -> list[dict[str, Any]]:
    """Links to the rooms, with what waits in each."""
    items = [_room(path, _("Bàn làm việc"), "console:home", "g h", exact=True)]
    if desk.may("see_board"):
        items.append(_room(path, _("Ghi chỉ số"), "console:board", "g b"))
    if desk.may("see_findings"):
        count = books.findings_count(desk.scope("see_findings"))
        items.append(_room(path, _("Bất thường"), "console:findings", "g f", count=count))
    if desk.may("see_approvals"):
        items.append(
            _room(path, _("Chờ ký"), "console:approvals", "g a", count=waiting_signatures(desk))
        )
    if desk.may("see_runs"):
        items.append(_room(path, _("Phiên đêm"), "console:runs", "g r"))
    return items


def waiting_signatures(desk: Desk) -> int:
    """Readings at gate 1 and bills at gate 2 that wait for a signature."""
    scope = desk.scope("see_approvals")
    return books.findings_count(scope, severity="sign") + bills.held_count(scope)


def _room(
    path: str,
    label: str,
    name: str,
    shortcut: str,
    *,
    count: int | None = None,
    exact: bool = False,
) -> dict[str, Any]:
    url = reverse(name)
    is_here = path == url if exact else path.startswith(url)
    return {"label": label, "url": url, "current": is_here, "count": count, "shortcut": shortcut}
