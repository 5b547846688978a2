"""A customer's past as one line of time, his identity, and the tables that leave the house."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmis.engine.clock import VIETNAM
from cmis.interfaces.console import words
from cmis.interfaces.console.tables import Column
from cmis.interfaces.ui import formatting
from cmis.journeys.show_a_customer import CustomerPage

#: Kinds of events, as the filter of the line of time names them.
KINDS: Mapping[str, words.Word] = {
    "contract": gettext_lazy("Hợp đồng và giá"),
    "meter": gettext_lazy("Công tơ"),
    "reading": gettext_lazy("Chỉ số"),
    "bill": gettext_lazy("Tiền điện"),
    "invoice": gettext_lazy("Hóa đơn"),
    "message": gettext_lazy("Tin nhắn"),
    "audit": gettext_lazy("Nhật ký"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the timeline component takes it."""

    kind: str
    at: datetime | date
    title: str
    text: str = ""
    icon: str = "circle"
    tone: str = "neutral"
    url: str = ""
    who: str = ""
    tag: str = ""


def identity_facts(page: CustomerPage) -> list[tuple[str, str]]:
    card = page.card
    serials = sorted(one.serial for one in page.installations if one.removed_on is None)
    facts = [
        (_("Địa chỉ"), card.address),
        (_("Điện thoại"), card.phone),
        (_("Thư điện tử"), card.email),
        (_("Mã số thuế"), card.tax_code),
        (_("Đơn vị"), card.unit_code),
        (_("Điểm đo"), ", ".join(point.code for point in page.points)),
        (_("Công tơ"), ", ".join(serials)),
    ]
    return [(label, text) for label, text in facts if text]


def events_of(page: CustomerPage, kind: str = "") -> list[Event]:
    """Everything, or one kind of it, newest first."""
    found = [event for make in _MAKERS for event in make(page)]
    chosen = [event for event in found if kind in ("", event.kind)]
    return sorted(chosen, key=lambda event: _moment(event.at))[::-1]


def _moment(at: datetime | date) -> datetime:
    """A day counts from its beginning in Vietnam."""
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, time(0), tzinfo=VIETNAM).astimezone(UTC)


def _contracts(page: CustomerPage) -> Iterator[Event]:
    for one in page.contracts:
        title = _("Hợp đồng %(code)s") % {"code": one.code}
        if one.starts_on:
            yield Event("contract", one.starts_on, title, _("Bắt đầu"), "contract", "success")
        if one.ends_on:
            yield Event("contract", one.ends_on, title, _("Chấm dứt"), "contract", "danger")


def _prices(page: CustomerPage) -> Iterator[Event]:
    for one in page.prices:
        text = _("%(price)s · %(households)s hộ") % {
            "price": one.text,
            "households": formatting.number(one.household_count),
        }
        title = _("Áp giá điểm đo %(point)s") % {"point": one.point_code}
        yield Event("contract", one.valid_from, title, text, "contract", who=one.recorded_by)


def _versions(page: CustomerPage) -> Iterator[Event]:
    """Changes of the customer's own data; the first version is when he became known."""
    for place, one in enumerate(page.versions):
        title = _("Sửa thông tin khách hàng") if place else _("Ghi nhận khách hàng")
        yield Event("contract", one.recorded_at, title, one.name, "user", who=one.recorded_by)


def _meters(page: CustomerPage) -> Iterator[Event]:
    for one in page.installations:
        text = _("Hệ số nhân %(multiplier)s") % {"multiplier": formatting.number(one.multiplier)}
        hung = _("Treo công tơ %(serial)s") % {"serial": one.serial}
        yield Event("meter", one.installed_on, hung, text, "meter", "info")
        if one.removed_on:
            removed = _("Tháo công tơ %(serial)s") % {"serial": one.serial}
            yield Event("meter", one.removed_on, removed, "", "meter", "warning")


def _readings(page: CustomerPage) -> Iterator[Event]:
    for one in page.readings:
        if one.current_index is None or one.last_day is None:
            continue
        state, tone = words.tag(words.ROW_STATES, one.row_state)
        title = _("Chỉ số %(register)s: %(index)s") % {
            "register": one.register_kind,
            "index": formatting.number(one.current_index),
        }
        text = " · ".join(
            filter(
                None, [formatting.kwh(one.consumption_kwh), words.word(words.SOURCES, one.source)]
            )
        )
        url = reverse("console:period", kwargs={"code": one.period_code})
        at = one.read_at or one.last_day
        yield Event("reading", at, title, text, "reading", tone, url, tag=state)


def _bills(page: CustomerPage) -> Iterator[Event]:
    for one in page.bills:
        state, tone = words.tag(words.BILL_STATES, one.state)
        title = _("Tiền điện %(month)s/%(year)s: %(total)s") % {
            "month": one.month,
            "year": one.year,
            "total": formatting.vnd(one.total_vnd),
        }
        url = reverse("console:bill", kwargs={"bill_id": one.id})
        text = formatting.kwh(one.energy_kwh)
        yield Event("bill", one.rated_at, title, text, "bill", tone, url, tag=state)


def _invoices(page: CustomerPage) -> Iterator[Event]:
    for one in page.invoices:
        title = _("Hóa đơn %(number)s") % {"number": one.full_number}
        text = _("%(total)s, hạn thanh toán %(due)s") % {
            "total": formatting.vnd(one.total_vnd),
            "due": formatting.vn_date(one.due_date),
        }
        address = {"code": page.card.code, "invoice_id": one.id}
        url = reverse("console:invoice_pdf", kwargs=address)
        yield Event("invoice", one.signed_at, title, text, "bill", "success", url)


def _messages(page: CustomerPage) -> Iterator[Event]:
    for one in page.messages:
        state, tone = words.tag(words.MESSAGE_STATES, one.state)
        channel = words.word(words.CHANNELS, one.channel)
        purpose = words.word(words.PURPOSES, one.purpose)
        at = one.finished_at or one.created_at
        yield Event("message", at, f"{channel}: {purpose}", "", "message", tone, tag=state)


def _acts(page: CustomerPage) -> Iterator[Event]:
    for one in page.acts:
        title = words.word(words.CUSTOMER_ACTS, one.action)
        yield Event("audit", one.at, title, one.reason, "lock", who=one.actor)


_MAKERS = (
    _contracts,
    _prices,
    _versions,
    _meters,
    _readings,
    _bills,
    _invoices,
    _messages,
    _acts,
)


def bill_columns() -> list[Column]:
    return [
        Column(_("Mã hóa đơn"), "text", lambda bill: bill.code),
        Column(_("Điểm đo"), "text", lambda bill: bill.point_code),
        Column(_("Kỳ"), "text", lambda bill: f"{bill.month}/{bill.year} – {bill.cycle}"),
        Column(_("Từ ngày"), "date", lambda bill: bill.first_day),
        Column(_("Đến ngày"), "date", lambda bill: bill.last_day),
        Column(_("Sản lượng"), "kwh", lambda bill: bill.energy_kwh),
        Column(_("Tiền điện"), "vnd", lambda bill: bill.net_vnd),
        Column(_("Thuế GTGT"), "vnd", lambda bill: bill.vat_vnd),
        Column(_("Tổng cộng"), "vnd", lambda bill: bill.total_vnd),
        Column(_("Tình trạng"), "text", lambda bill: words.tag(words.BILL_STATES, bill.state)[0]),
    ]


def reading_columns() -> list[Column]:
    def source(line: Any) -> str:
        return words.word(words.SOURCES, line.source)

    return [
        Column(_("Kỳ"), "text", lambda line: line.period_code),
        Column(_("Điểm đo"), "text", lambda line: line.point_code),
        Column(_("Bộ chỉ số"), "text", lambda line: line.register_kind),
        Column(_("Từ ngày"), "date", lambda line: line.first_day),
        Column(_("Đến ngày"), "date", lambda line: line.last_day),
        Column(_("Chỉ số cũ"), "number", lambda line: line.previous_index),
        Column(_("Chỉ số mới"), "number", lambda line: line.current_index),
        Column(_("Hệ số nhân"), "number", lambda line: line.multiplier),
        Column(_("Sản lượng"), "kwh", lambda line: line.consumption_kwh),
        Column(_("Nguồn"), "text", source),
        Column(
            _("Tình trạng"), "text", lambda line: words.tag(words.ROW_STATES, line.row_state)[0]
        ),
    ]
