"""``cmis invoices``: list, take out, show and verify signed invoices."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from cmis.modules.organisation.types import UnitScope


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("invoices", help="hóa đơn điện tử / signed invoices")
    actions = parser.add_subparsers(dest="action", required=True)

    verify = actions.add_parser("verify", help="kiểm tra tệp XML / verify an XML file")
    verify.add_argument("files", nargs="+", metavar="FILE")
    verify.add_argument("--trust", type=Path, help="PEM chứng thư gốc / trusted roots (PEM)")
    verify.set_defaults(func=verify_files, needs_database=False)

    for name, function, words in (
        ("list", list_invoices, "liệt kê / list"),
        ("export", export_invoices, "xuất XML (và PDF) / write XML (and PDF) files"),
        ("ranges", list_ranges, "dải số / number ranges and gaps"),
    ):
        one = actions.add_parser(name, help=words)
        one.add_argument("--unit", default="*", help="mã đơn vị / unit code")
        one.set_defaults(func=function)
        if name != "ranges":
            one.add_argument("--date", type=date.fromisoformat, help="ngày hóa đơn / invoice date")
            one.add_argument("--book", default="", help="mã sổ / book code")
        if name == "export":
            one.add_argument("--out", type=Path, required=True)
            one.add_argument("--pdf", action="store_true", help="kèm PDF / PDF views too")
            one.add_argument(
                "--slip", type=int, choices=(58, 80), help="kèm giấy báo khổ mm / slips of mm too"
            )


def verify_files(arguments: argparse.Namespace) -> int:
    """Exit 0 when every file passes, else 1; trust is told apart. ``-`` reads standard input."""
    from cmis.formats.einvoice.verdict import sentence
    from cmis.formats.einvoice.verify import verify_document

    roots = _roots(arguments.trust) if arguments.trust else None
    passed = True
    for name in arguments.files:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        report = verify_document(data, trusted_roots=roots)
        passed &= report.ok
        print(f"{'OK ' if report.ok else 'BAD'} {name}")
        for one in report.signatures:
            signed = "" if one.signed_at is None else f"{one.signed_at:%d/%m/%Y %H:%M:%S}"
            print(
                f"    {'✓' if one.is_valid else '✗'} {one.place} {one.document_id} {signed}"
                f" MST {one.tax_code} [trust: {one.trust.value}]"
            )
        for finding in report.findings:
            print(f"    {finding.severity.value}: {sentence(finding, arguments.language)}")
    return 0 if passed else 1


def _roots(path: Path) -> "list[Certificate]":
    from cryptography.x509 import load_pem_x509_certificates

    return list(load_pem_x509_certificates(path.read_bytes()))


def list_invoices(arguments: argparse.Namespace) -> int:
    """Tab-separated: number, date, bill, total, hash."""
    from cmis.modules.invoicing import queries

    print("invoice\tdate\tbill\ttotal_vnd\tsha256")
    for one in queries.invoices(_scope(arguments), on=arguments.date, book_code=arguments.book):
        print(
            f"{one.full_number}\t{one.invoice_date}\t{one.bill_code}\t{one.total_vnd}\t{one.sha256}"
        )
    return 0


def export_invoices(arguments: argparse.Namespace) -> int:
    """Write the exact signed bytes, one file an invoice."""
    from cmis.modules.invoicing import queries

    arguments.out.mkdir(parents=True, exist_ok=True)
    found = queries.invoices(_scope(arguments), on=arguments.date, book_code=arguments.book)
    for one in found:
        data = queries.document(one.id)
        stem = f"{one.form}{one.symbol}-{one.number:08d}"
        (arguments.out / f"{stem}.xml").write_bytes(data)
        if arguments.pdf:
            from cmis.formats.einvoice.pdf import invoice_pdf

            (arguments.out / f"{stem}.pdf").write_bytes(
                invoice_pdf(data, lookup_code=one.lookup_code)
            )
        if arguments.slip:
            from cmis.formats.einvoice.parse import parse_invoice
            from cmis.formats.einvoice.slip_pdf import slip_pdf
            from cmis.formats.notices.notice import notice_of

            notice = notice_of(parse_invoice(data).content, lookup_code=one.lookup_code)
            (arguments.out / f"{stem}.slip{arguments.slip}.pdf").write_bytes(
                slip_pdf(notice, paper_mm=arguments.slip)
            )
    print(f"{len(found)} → {arguments.out}")
    return 0


def list_ranges(arguments: argparse.Namespace) -> int:
    """Exit 1 when a range has a gap."""
    from cmis.modules.invoicing import queries

    states = queries.number_ranges(_scope(arguments))
    print("symbol\tnext\tcount\tfirst\tlast\tgap")
    for one in states:
        print(
            f"{one.symbol}\t{one.next_number}\t{one.invoice_count}\t{one.first_number}"
            f"\t{one.last_number}\t{'GAP' if one.has_gap else '-'}"
        )
    return 1 if any(one.has_gap for one in states) else 0


def _scope(arguments: argparse.Namespace) -> "UnitScope":
    from django.conf import settings

    from cmis.engine.clock import clock_of, local_date
    from cmis.modules.organisation import queries as organisation

    if arguments.unit == "*":
        return organisation.everything()
    return organisation.scope_of(arguments.unit, local_date(clock_of(settings.CMIS_CLOCK)()))
