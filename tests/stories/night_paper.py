"""Everything a night leaves behind, without what no clock fixes: row ids and attempts to send."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cmis.modules.billing.models import Bill, BillLine
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.models import Invoice, InvoiceSymbol
from cmis.modules.notifications.models import Message
from cmis.modules.reading.models import (
    BookPeriod,
    BookRow,
    ImportedFile,
    ImportVerdict,
    ReadingEvent,
    RowFinding,
)
from cmis.modules.translog.models import AuditEntry, Night, StepRecord

#: Where the readings stand among the columns of a bill below.
READINGS = 12


def everything_on_paper(drop: Path) -> dict[str, list[str]]:
    """Section → lines, each section in an order of its own data."""
    return _reading_side(drop) | _money_side() | _ledger_side()


def _reading_side(drop: Path) -> dict[str, list[str]]:
    return {
        "files": [
            f"{path.relative_to(drop)} {sha256(path.read_bytes()).hexdigest()}"
            for path in sorted(drop.rglob("*"))
            if path.is_file()
        ],
        "imports": _lines(
            ImportedFile.objects.order_by("sha256").values_list(
                "sha256", "name", "byte_count", "row_count", "accepted_count", "held_count",
                "refused_count", "imported_at", "imported_by",
            )
        ),
        "verdicts": _lines(
            ImportVerdict.objects.order_by("file__sha256", "row_number", "key").values_list(
                "file__sha256", "row_number", "key", "code", "further"
            )
        ),
        "periods": _lines(
            BookPeriod.objects.order_by("code").values_list(
                "code", "state", "holder", "received_at", "row_count"
            )
        ),
        "rows": _lines(
            BookRow.objects.order_by("key").values_list(
                "key", "state", "current_index", "state_code", "consumption_kwh", "last_day",
                "is_estimated", "reading__event_uuid",
            )
        ),
        "readings": _lines(
            ReadingEvent.objects.order_by("event_uuid").values_list(
                "event_uuid", "row__key", "source", "index", "state_code", "consumption_kwh",
                "last_day", "read_at", "person", "note", "detail", "recorded_by", "recorded_at",
                "supersedes__event_uuid",
            )
        ),
        "doubts": _lines(
            RowFinding.objects.order_by("row__key", "rule").values_list(
                "row__key", "rule", "severity", "values", "state", "found_at"
            )
        ),
    }  # fmt: skip


def _money_side() -> dict[str, list[str]]:
    bill_codes = dict(Bill.objects.values_list("pk", "code"))
    lines = BillLine.objects.order_by("bill_id", "line_no").values_list()
    return {
        "bills": _bills(
            Bill.objects.order_by("code").values_list(
                "code", "position", "first_day", "last_day", "energy_kwh", "net_vnd",
                "vat_percent", "vat_vnd", "total_vnd", "is_estimated", "state", "case", "readings",
                "law_digest", "findings", "rated_at",
            )
        ),
        "lines": sorted(f"{bill_codes[line[1]]} {line[2:]!r}" for line in lines),
        "ranges": _lines(
            InvoiceSymbol.objects.order_by("seller__code", "symbol").values_list(
                "seller__code", "site__code", "symbol", "next_number", "last_invoice_date"
            )
        ),
        "invoices": [
            f"{row!r} {sha256(invoices.document(pk)).hexdigest()}"
            for pk, *row in Invoice.objects.order_by(
                "symbol__seller__code", "symbol__symbol", "number"
            ).values_list(
                "pk", "symbol__symbol", "number", "bill__code", "customer__code", "invoice_date",
                "due_date", "net_vnd", "vat_vnd", "total_vnd", "lookup_code", "signed_at",
            )
        ],
        "messages": _lines(
            Message.objects.order_by("key").values_list(
                "key", "customer__code", "purpose", "template", "channel", "language", "values",
                "state",
            )
        ),
    }  # fmt: skip


def _ledger_side() -> dict[str, list[str]]:
    return {
        "steps": sorted(
            _lines(
                StepRecord.objects.exclude(step__in=("sent", "locked")).values_list(
                    "subject_code", "step", "actor", "at", "input_count", "done_count",
                    "held_count", "failed_count", "result",
                )
            )
        ),
        "trail": sorted(
            _lines(
                AuditEntry.objects.values_list(
                    "actor", "action", "object_kind", "object_code", "at", "detail"
                )
            )
        ),
        "nights": _lines(Night.objects.values_list("date", "unit_code", "state")),
    }  # fmt: skip


def _bills(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """A bill names its readings by row id, which a sequence may skip; here by lasting names."""
    names = dict(ReadingEvent.objects.values_list("pk", "event_uuid"))
    lines = []
    for row in rows:
        readings = [
            one | {"reading_id": str(names[int(one["reading_id"])])}
            if one.get("reading_id")
            else one
            for one in row[READINGS]  # type: ignore[attr-defined]
        ]
        lines.append(repr((*row[:READINGS], readings, *row[READINGS + 1 :])))
    return lines


def _lines(rows: Iterable[tuple[object, ...]]) -> list[str]:
    return [repr(row) for row in rows]
