"""What stories about nights share: small books by hand, a clock, and checkers that show everything.

A checker compares with all that is there, so that a failure tells what was expected and what the
night really left behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from cmis.engine.clock import fixed_clock
from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.einvoice.verify import verify_document
from cmis.formats.hhu.writer import write_outbound, write_returned
from cmis.journeys.adopt_books import adopt_file
from cmis.journeys.run_the_night import NightOrder, NightResult, run_the_night
from cmis.modules.billing.models import Bill, BillLine
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.models import Invoice, InvoiceDocument, InvoiceSymbol
from cmis.modules.notifications.models import Message
from cmis.modules.organisation import queries as units
from cmis.modules.reading.models import BookPeriod, BookRow, ReadingEvent, RowFinding
from tests.stories.reading_books import WALK, fields_of, read_as, sample

HOUSEHOLD = " KT: 100%*SHBT-A"
PRODUCTION_BY_HOURS = " BT: 100%*1518-SXBT-A; CD: 100%*2735-SXBT-A; TD: 100%*983-SXBT-A"
JULY = (date(2026, 6, 14), date(2026, 7, 13))
AUGUST = (date(2026, 7, 14), date(2026, 8, 13))
APRIL_2025 = (date(2025, 3, 14), date(2025, 4, 13))

Row = dict[str, str]
#: Label, item, kWh, price in đồng, amount in đồng.
Line = tuple[str, str, int, int, int]


def outbound_row(
    number: int,
    *,
    old: int,
    before_kwh: int,
    book: str = "PX0100701",
    kind: str = "KT",
    price: str = HOUSEHOLD,
    period: tuple[date, date] = JULY,
    multiplier: int = 1,
    **columns: str,
) -> Row:
    """One register of the customer ``number`` of a book, as it goes out."""
    first_day, last_day = period
    kinds = ("KT", "BT", "CD", "TD", "SG", "VC")
    key = 50_000_000 + (last_day.year % 100 * 12 + last_day.month) * 10_000
    return fields_of(sample(WALK))[0] | {
        "MA_KHANG": f"PX0100{number:07d}",
        "MA_DDO": point(number),
        "MA_DVIQLY": book[:6],
        "MA_GC": f"{number:04d}",
        "MA_QUYEN": book,
        "BOCSO_ID": str(key + int(book[6:]) * 1_000_000 + number * 10 + kinds.index(kind)),
        "LOAI_BCS": kind,
        "TEN_KHANG": f"Khách Hàng Mẫu {number}",
        "MA_CTO": f"999202126{number:06d}",
        "SERY_CTO": f"26{number:06d}",
        "HSN": str(multiplier),
        "CS_CU": str(old),
        "SL_CU": str(before_kwh),
        "SLUONG_1": str(before_kwh),
        "SLUONG_2": str(before_kwh),
        "SLUONG_3": str(before_kwh + 1),
        "CHUOI_GIA": price,
        "NGAY_CU": f"{first_day}T00:00:00",
        "NGAY_MOI": f"{last_day}T00:00:00",
        "THANG": str(last_day.month),
        "NAM": str(last_day.year),
    } | columns  # fmt: skip


def point(number: int) -> str:
    return f"PX0100{number:07d}001"


@dataclass
class House:
    """A utility in a folder: books go out, come back into the drop folder, nights run."""

    drop: Path
    results: list[NightResult] = field(default_factory=list)

    def adopt(self, *rows: Row) -> None:
        month = (rows[0]["NAM"], rows[0]["THANG"])
        adopt_file(
            write_outbound(rows),
            name=f"{rows[0]['MA_QUYEN']}-{'-'.join(month)}-1.xml",
            at=_first_morning(rows[0]),
            actor="clerk",
        )

    def bring_back(self, *rows: Row, name: str = "back.xml") -> None:
        self.drop.mkdir(parents=True, exist_ok=True)
        (self.drop / name).write_bytes(write_returned(rows))

    def night(self, on: date, *, deliver: bool = False, unit: str = "*") -> NightResult:
        """Run the night of a day at one o'clock the morning after."""
        order = NightOrder(date=on, drop=self.drop, unit_code=unit, deliver=deliver)
        result = run_the_night(order, clock=fixed_clock(f"{on}T23:30:00"))
        self.results.append(result)
        return result

    def bill_all(self, *reads: tuple[Row, int], on: date = JULY[1]) -> NightResult:
        """Adopt rows, read them with these indices, run the night of the reading day."""
        self.adopt(*(row for row, _ in reads))
        self.bring_back(*(read_as(row, index) for row, index in reads))
        return self.night(on)


def _first_morning(row: Row) -> datetime:
    return fixed_clock(row["NGAY_CU"][:10] + "T08:00:00")()


def bill_of(number: int, *, month: int = 7) -> dict[str, object]:
    """Everything money of a bill: what a checker compares."""
    bill = Bill.objects.exclude(state="withdrawn").get(point__code=point(number), month=month)
    lines: list[Line] = [
        (one.label, one.item_code, _whole(one.energy_kwh), one.price_vnd_per_kwh, one.amount_vnd)
        for one in BillLine.objects.filter(bill_id=bill.pk).order_by("line_no")
    ]
    return {
        "lines": lines,
        "kwh": bill.energy_kwh,
        "net_vnd": bill.net_vnd,
        "vat": (bill.vat_percent, bill.vat_vnd),
        "total_vnd": bill.total_vnd,
        "state": bill.state,
    }


def _whole(value: Decimal) -> int:
    assert value == int(value), f"{value} is not whole"
    return int(value)


def expect_bill(
    number: int,
    lines: Sequence[Line],
    *,
    net_vnd: int,
    vat_vnd: int,
    total_vnd: int,
    kwh: int | None = None,
    state: str = "issued",
    month: int = 7,
    vat_percent: str = "8",
) -> None:
    """The bill has exactly these lines and sums; the message shows every bill there is."""
    expected = {
        "lines": list(lines),
        "kwh": sum(line[2] for line in lines) if kwh is None else kwh,
        "net_vnd": net_vnd,
        "vat": (vat_percent, vat_vnd),
        "total_vnd": total_vnd,
        "state": state,
    }
    assert sum(line[4] for line in lines) == net_vnd
    assert net_vnd + vat_vnd == total_vnd
    found = Bill.objects.filter(point__code=point(number), month=month).exclude(state="withdrawn")
    actual = bill_of(number, month=month) if found.count() == 1 else None
    assert actual == expected, f"expected {expected}\nfound {actual}\n{everything()}"


def expect_invoices(*expected: tuple[int, int, int]) -> None:
    """All invoices there are, as ``(number of the invoice, customer, total in đồng)``."""
    rows = Invoice.objects.order_by("symbol__symbol", "number", "bill__code")
    actual = [
        (number, int(code[6:13]), total)
        for number, code, total in rows.values_list("number", "bill__point__code", "total_vnd")
    ]
    assert actual == list(expected), f"expected {list(expected)}\nfound {actual}\n{everything()}"


def expect_waiting(*expected: tuple[int, str]) -> None:
    """All rows that a doubt holds, as ``(customer, rule)``."""
    waiting = RowFinding.objects.filter(state="open").exclude(severity="note")
    actual = sorted(
        (int(code[6:13]), rule) for code, rule in waiting.values_list("row__point__code", "rule")
    )
    assert actual == sorted(expected), f"expected {expected}\nfound {actual}\n{everything()}"


def everything() -> str:
    """What there is: rows, doubts, bills, invoices. For the message of a failed expectation."""
    parts = []
    for name, rows in (
        ("rows", BookRow.objects.values_list(
            "point__code", "register_kind", "state", "consumption_kwh")),
        ("doubts", RowFinding.objects.values_list(
            "row__point__code", "rule", "severity", "state", "values")),
        ("bills", Bill.objects.values_list(
            "code", "state", "energy_kwh", "net_vnd", "vat_vnd", "total_vnd", "findings")),
        ("invoices", Invoice.objects.values_list("symbol__symbol", "number", "bill__code")),
    ):  # fmt: skip
        parts.append(f"{name}:")
        parts += [f"  {row}" for row in rows.order_by("pk")]
    return "\n".join(parts)


def invoice_of(number: int, *, month: int = 7):
    """The invoice of a customer, read back from its signed bytes."""
    bill = Bill.objects.get(point__code=point(number), month=month, state="issued")
    facts = invoices.invoice_of_customer(bill.customer_id, bill.code)
    assert facts is not None, everything()
    return parse_invoice(invoices.document(facts.id)).content


def paper() -> dict[str, list[tuple[object, ...]]]:
    """The bytes of every document and everything that stands behind it."""
    return {
        "readings": list(ReadingEvent.objects.order_by("pk").values_list()),
        "rows": list(BookRow.objects.order_by("pk").values_list()),
        "doubts": list(RowFinding.objects.order_by("pk").values_list()),
        "periods": list(BookPeriod.objects.order_by("pk").values_list()),
        "bills": list(Bill.objects.order_by("pk").values_list()),
        "lines": list(BillLine.objects.order_by("pk").values_list()),
        "symbols": list(InvoiceSymbol.objects.order_by("pk").values_list()),
        "invoices": list(Invoice.objects.order_by("pk").values_list()),
        "documents": [
            (one.pk, one.dictionary_version, bytes(one.compressed))
            for one in InvoiceDocument.objects.order_by("pk")
        ],
        "messages": list(Message.objects.order_by("pk").values_list()),
    }


def expect_balance(result: NightResult) -> None:
    """Nothing lost: tallies add up, invoices and bills agree to the đồng, numbers have no gap, and
    every document verifies from its bytes alone."""
    assert result.billed.input == result.billed.done + result.billed.held + result.billed.failed
    assert result.summary["balanced"] is True, result.summary
    for file in result.files:
        assert file.row_count == file.accepted_count + file.held_count + file.refused_count
    scope = units.everything()
    ranges = invoices.number_ranges(scope)
    assert all(not one.has_gap for one in ranges), ranges
    for invoice in Invoice.objects.all():
        report = verify_document(invoices.document(invoice.pk))
        assert report.ok, report.findings
    for bill in Bill.objects.exclude(state="withdrawn"):
        lines = BillLine.objects.filter(bill_id=bill.pk)
        assert sum(line.amount_vnd for line in lines) == bill.net_vnd, everything()
        assert bill.net_vnd + bill.vat_vnd == bill.total_vnd, everything()
