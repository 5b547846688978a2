"""One box finds a customer by name, phone, any code, meter serial or address."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cmis.interfaces.console import tables
from cmis.interfaces.console.desk import Desk, room, show
from cmis.kernel.text import nfc
from cmis.modules.customers import queries as customers

LIMIT = 50
LONGEST_TEXT = 200


@room("search")
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    text = nfc(request.GET.get("q", "")).strip()[:LONGEST_TEXT]
    hits = customers.search(desk.scope("search"), text, LIMIT) if text else ()
    if tables.wants_file(request):
        return tables.as_file(request, "khach-hang", _columns(), hits)
    context = {"q": text, "hits": hits, "limit": LIMIT, **tables.links(request)}
    return show(request, desk, "search.html", context)


def _columns() -> list[tables.Column]:
    return [
        tables.Column(_("Mã khách hàng"), "text", lambda hit: hit.code),
        tables.Column(_("Tên"), "text", lambda hit: hit.name),
        tables.Column(_("Địa chỉ"), "text", lambda hit: hit.address),
        tables.Column(_("Đơn vị"), "text", lambda hit: hit.unit_code),
    ]
