"""The tables of a book period as they are exported."""

from django.utils.translation import gettext as _

from cmis.interfaces.console import words
from cmis.interfaces.console.tables import Column


def row_columns() -> list[Column]:
    return [
        Column(_("Điểm đo"), "text", lambda row: row.point_code),
        Column(_("Mã khách hàng"), "text", lambda row: row.customer_code),
        Column(_("Số công tơ"), "text", lambda row: row.meter_serial),
        Column(_("Bộ chỉ số"), "text", lambda row: row.register_kind),
        Column(_("Lộ trình"), "text", lambda row: row.walk_code),
        Column(_("Chỉ số cũ"), "number", lambda row: row.previous_index),
        Column(_("Chỉ số mới"), "number", lambda row: row.current_index),
        Column(_("Hệ số nhân"), "number", lambda row: row.multiplier),
        Column(_("Sản lượng kỳ trước"), "kwh", lambda row: row.previous_kwh),
        Column(_("Sản lượng"), "kwh", lambda row: row.consumption_kwh),
        Column(_("Sản lượng công tơ tháo"), "kwh", lambda row: row.removed_kwh),
        Column(_("Sản lượng trực tiếp"), "kwh", lambda row: row.direct_kwh),
        Column(_("Ngày ghi"), "date", lambda row: row.last_day),
        Column(_("Trạng thái ghi"), "text", lambda row: row.state_code),
        Column(_("Nguồn"), "text", lambda row: words.word(words.SOURCES, row.source)),
        Column(_("Tình trạng"), "text", lambda row: words.tag(words.ROW_STATES, row.state)[0]),
        Column(_("Bất thường"), "number", lambda row: row.doubt_count),
    ]


def bill_columns() -> list[Column]:
    return [
        Column(_("Mã hóa đơn"), "text", lambda bill: bill.code),
        Column(_("Mã khách hàng"), "text", lambda bill: bill.customer_code),
        Column(_("Điểm đo"), "text", lambda bill: bill.point_code),
        Column(_("Từ ngày"), "date", lambda bill: bill.first_day),
        Column(_("Đến ngày"), "date", lambda bill: bill.last_day),
        Column(_("Sản lượng"), "kwh", lambda bill: bill.energy_kwh),
        Column(_("Tiền điện"), "vnd", lambda bill: bill.net_vnd),
        Column(_("Thuế GTGT"), "vnd", lambda bill: bill.vat_vnd),
        Column(_("Tổng cộng"), "vnd", lambda bill: bill.total_vnd),
        Column(_("Tình trạng"), "text", lambda bill: words.tag(words.BILL_STATES, bill.state)[0]),
    ]
