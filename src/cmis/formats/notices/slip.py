"""The slip a field printer gives out: 32 columns (58 mm) or 48 columns (80 mm).

Plain text lines. With diacritics they are meant to be printed as an image; without, they are pure
ASCII for the printer's own letters.
"""

from collections.abc import Iterator

from cmis.formats.einvoice.content import MeterReading, Quantity
from cmis.formats.notices.columns import HARD_BLANK, centered, pair, rule, wrapped
from cmis.formats.notices.figures import shown_date, shown_number
from cmis.formats.notices.notice import NOT_A_PAYMENT_DOCUMENT, BillNotice, NoticeLine
from cmis.kernel.text import without_diacritics

NARROW, WIDE = 32, 48


def slip_lines(
    notice: BillNotice,
    *,
    columns: int = NARROW,
    with_diacritics: bool = True,
    thousands_mark: str = ".",
) -> list[str]:
    """The slip line by line, none wider than ``columns``.

    Args:
        columns: 32 or 48.
        with_diacritics: false gives ASCII only.
        thousands_mark: a dot, a blank or a comma, by the unit's setting.

    Raises:
        ValueError: when ``columns`` is neither.
    """
    if columns not in (NARROW, WIDE):
        raise ValueError(f"a slip has {NARROW} or {WIDE} columns, not {columns}")
    paper = _Paper(columns, thousands_mark, with_diacritics=with_diacritics)
    return [line.replace(HARD_BLANK, " ") for line in _slip(notice, paper)]


def slip_text(
    notice: BillNotice,
    *,
    columns: int = NARROW,
    with_diacritics: bool = True,
    thousands_mark: str = ".",
) -> str:
    """:func:`slip_lines` as one text that ends with a line feed."""
    lines = slip_lines(
        notice,
        columns=columns,
        with_diacritics=with_diacritics,
        thousands_mark=thousands_mark,
    )
    return "\n".join(lines) + "\n"


class _Paper:
    """Columns, letters and figures of one printer."""

    def __init__(self, columns: int, mark: str, *, with_diacritics: bool) -> None:
        self.columns = columns
        self.mark = HARD_BLANK if mark == " " else mark
        self.with_diacritics = with_diacritics

    def letters(self, text: str) -> str:
        if self.with_diacritics:
            return text
        folded = without_diacritics(text.replace("×", "x"))
        parts = folded.split(HARD_BLANK)
        return HARD_BLANK.join(part.encode("ascii", "replace").decode("ascii") for part in parts)

    def number(self, value: Quantity) -> str:
        return shown_number(value, self.mark)

    def center(self, text: str) -> list[str]:
        return centered(self.letters(text), self.columns)

    def text(self, text: str) -> list[str]:
        return wrapped(self.letters(text), self.columns)

    def pair(self, label: str, value: str) -> list[str]:
        return pair(self.letters(label), self.letters(value), self.columns)

    def fact(self, label: str, value: str) -> list[str]:
        """``label: value`` on one paragraph, left out without a value."""
        return self.text(f"{label}: {value}") if value else []

    def rule(self) -> str:
        return rule(self.columns)


def _slip(notice: BillNotice, paper: _Paper) -> Iterator[str]:
    yield from _head(notice, paper)
    yield paper.rule()
    yield from _customer(notice, paper)
    yield paper.rule()
    for reading in notice.readings:
        yield from _reading(reading, paper)
    yield paper.rule()
    for line in notice.lines:
        yield from _line(line, paper)
    yield paper.rule()
    yield from _totals(notice, paper)
    yield from _foot(notice, paper)


def _head(notice: BillNotice, paper: _Paper) -> Iterator[str]:
    yield from paper.center(notice.company_name)
    yield from paper.center(notice.unit_name)
    yield from paper.center(f"MST: {notice.tax_code}" if notice.tax_code else "")
    yield from paper.center(f"Điện thoại: {notice.unit_phone}" if notice.unit_phone else "")
    yield ""
    yield from paper.center(notice.title.vi)
    yield from paper.center(notice.period_label)
    if notice.period is not None:
        first, last = notice.period.start, notice.period.last_day
        yield from paper.center(f"Từ {shown_date(first)} đến {shown_date(last)}")


def _customer(notice: BillNotice, paper: _Paper) -> Iterator[str]:
    yield from paper.fact("Khách hàng", notice.customer_name)
    yield from paper.fact("Địa chỉ", notice.customer_address)
    yield from paper.fact("Mã KH", notice.customer_code)
    yield from paper.fact("Sổ", notice.book_code)
    yield from paper.fact("Mục đích", notice.purpose)
    if notice.households is not None:
        yield from paper.fact("Số hộ", paper.number(notice.households))
    if notice.invoice_number is not None:
        yield from paper.fact("Hóa đơn", f"{notice.invoice_symbol} số {notice.invoice_number}")


def _reading(reading: MeterReading, paper: _Paper) -> Iterator[str]:
    yield from paper.text(f"Công tơ {reading.meter_serial} ({reading.register})")
    yield from paper.pair("Chỉ số mới", paper.number(reading.current))
    yield from paper.pair("Chỉ số cũ", paper.number(reading.previous))
    if reading.multiplier != 1:
        yield from paper.pair("Hệ số nhân", paper.number(reading.multiplier))
    yield from paper.pair("Tiêu thụ (kWh)", paper.number(reading.energy_kwh))
    if reading.mark:
        yield from paper.text(f"* {reading.mark}")


def _line(line: NoticeLine, paper: _Paper) -> Iterator[str]:
    yield from paper.text(line.label.render("vi"))
    amount = paper.number(line.amount_vnd) if line.amount_vnd is not None else ""
    parts = [
        f"{paper.number(line.quantity)} {line.unit}" if line.quantity is not None else "",
        paper.number(line.unit_price_vnd) if line.unit_price_vnd is not None else "",
    ]
    yield from paper.pair(" × ".join(part for part in parts if part), amount)


def _totals(notice: BillNotice, paper: _Paper) -> Iterator[str]:
    yield from paper.pair("Tổng điện năng (kWh)", paper.number(notice.energy_kwh))
    yield from paper.pair("Tiền điện chưa thuế", paper.number(notice.net_vnd))
    yield from paper.pair(f"Thuế GTGT {notice.vat_label}", paper.number(notice.vat_vnd))
    label = "TỔNG CỘNG (đồng)" if notice.is_final else "TẠM TÍNH (đồng)"
    yield from paper.pair(label, paper.number(notice.total_vnd))
    yield from paper.text(f"Bằng chữ: {notice.total_words}.")


def _foot(notice: BillNotice, paper: _Paper) -> Iterator[str]:
    yield ""
    if notice.is_final and notice.total_vnd > 0:
        yield from paper.fact("Thanh toán trước ngày", shown_date(notice.due_date))
    yield from paper.fact("Mã tra cứu", notice.lookup_code)
    yield from paper.fact("Ngày lập", shown_date(notice.issued_on))
    yield from paper.fact("Nhân viên ghi chỉ số", notice.reader_name)
    yield ""
    yield from paper.center(NOT_A_PAYMENT_DOCUMENT.vi)
