"""``cmis books``: reading books taken over, sent out and taken in."""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cmis.kernel.period import BillingMonth

if TYPE_CHECKING:
    from cmis.journeys.adopt_books import AdoptionReport
    from cmis.modules.organisation.types import UnitScope
    from cmis.modules.reading.types import ImportOutcome

Subparsers = "argparse._SubParsersAction[argparse.ArgumentParser]"


def register(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("books", help="sổ ghi chỉ số / reading books")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _register_adopt(actions)
    _register_export(actions)
    _register_import(actions)
    _register_steps(actions)


def _register_adopt(actions: Subparsers) -> None:
    adopt = actions.add_parser(
        "adopt", help="tiếp nhận sổ xuất từ CMIS hiện có / take over outbound books"
    )
    adopt.add_argument("files", nargs="+", type=Path, metavar="FILE")
    adopt.add_argument(
        "--meter-types",
        type=Path,
        metavar="FILE.csv",
        help="danh mục loại công tơ / meter types: code,dial_digits,phase_count,name",
    )
    _add_actor(adopt)
    adopt.set_defaults(func=adopt_files)


def _register_export(actions: Subparsers) -> None:
    export = actions.add_parser("export", help="xuất sổ cho người ghi / send a book out")
    _add_book(export)
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục / folder")
    export.add_argument(
        "--holder", help="người hoặc thiết bị giữ sổ / who or which device holds the book"
    )
    _add_last_day(export)
    _add_actor(export)
    export.set_defaults(func=export_book)
    prepare = actions.add_parser("prepare", help="lập kỳ mới / prepare the next period")
    _add_book(prepare)
    _add_last_day(prepare)
    _add_actor(prepare)
    prepare.set_defaults(func=prepare_book)


def _register_import(actions: Subparsers) -> None:
    take = actions.add_parser("import", help="nhận sổ trả về / take returned books in")
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument(
        "--report", type=Path, metavar="REPORT.tsv", help="kết quả từng dòng / a verdict per row"
    )
    take.add_argument(
        "--accept",
        choices=("good", "all-or-nothing"),
        default="good",
        help="nhận dòng đúng, hoặc tất cả hay không / keep good rows, or all or nothing (good)",
    )
    _add_actor(take)
    take.set_defaults(func=import_files)


def _register_steps(actions: Subparsers) -> None:
    for name, text, func in (
        ("take-back", "thu hồi sổ đã xuất / cancel an export", take_back_book),
        ("cancel-receive", "hủy nhận sổ / cancel a receipt", cancel_receipt_of_book),
        ("undo-check", "hủy xác nhận / undo checks and confirmation", undo_check_of_book),
    ):
        step = actions.add_parser(name, help=text)
        _add_book(step)
        step.add_argument("--reason", default="", help="lý do / reason")
        _add_actor(step)
        step.set_defaults(func=func)
    listed = actions.add_parser("list", help="danh sách sổ / list of books")
    listed.set_defaults(func=list_books)


def _add_book(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--book", required=True, metavar="CODE", help="mã quyển / book code")
    parser.add_argument(
        "--period",
        required=True,
        type=_month,
        metavar="YEAR-MONTH-CYCLE",
        help="năm-tháng-kỳ / such as 2026-7-1",
    )


def _add_actor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--actor", default=_account(), help="người thực hiện / who acts (%(default)s)"
    )


def _add_last_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--last-day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="ngày ghi dự kiến của kỳ mới / planned reading day of a new period",
    )


def _month(text: str) -> BillingMonth:
    try:
        return BillingMonth.parse(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such account, as in a bare container
        return "cmis"


def _now() -> datetime:
    from django.conf import settings

    from cmis.engine.clock import clock_of

    return clock_of(settings.CMIS_CLOCK)()


def _scope() -> "UnitScope":
    from cmis.modules.organisation import queries as organisation

    return organisation.everything()


@dataclass(frozen=True, slots=True)
class _Voice:
    """Sentences in the language asked for."""

    language: str

    def say(self, vi: str, en: str) -> None:
        print(en if self.language == "en" else vi)

    def warn(self, text: str) -> None:
        print(text, file=sys.stderr)


def adopt_files(arguments: argparse.Namespace) -> int:
    from cmis.journeys.adopt_books import adopt_file
    from cmis.kernel.errors import UnableTo
    from cmis.modules.metering.operations import load_meter_types, parse_meter_types

    voice = _Voice(arguments.language)
    if arguments.meter_types:
        text = arguments.meter_types.read_text(encoding="utf-8-sig")
        count = load_meter_types(parse_meter_types(text))
        voice.say(f"Loại công tơ mới hoặc sửa: {count}", f"Meter types new or changed: {count}")
    failed = False
    for path in arguments.files:
        try:
            report = adopt_file(path.read_bytes(), name=path.name, at=_now(), actor=arguments.actor)
        except UnableTo as failure:
            voice.warn(f"{path}: {failure.message(arguments.language)}")
            failed = True
            continue
        _tell_adoption(report, voice)
    return int(failed)


def _tell_adoption(report: "AdoptionReport", voice: _Voice) -> None:
    for book in report.books:
        if book.is_new:
            voice.say(
                f"{report.name}: tiếp nhận {book.period_code}, {book.row_count} bộ chỉ số",
                f"{report.name}: adopted {book.period_code}, {book.row_count} registers",
            )
        elif book.differing_row_count:
            voice.say(
                f"{report.name}: {book.period_code} đã có, giữ nguyên;"
                f" {book.differing_row_count} dòng của tệp khác với sổ đã có",
                f"{report.name}: {book.period_code} is there and stays;"
                f" {book.differing_row_count} rows of the file differ from it",
            )
        else:
            voice.say(
                f"{report.name}: {book.period_code} đã tiếp nhận trước đây, không đổi gì",
                f"{report.name}: {book.period_code} was adopted before, nothing changed",
            )
    if report.is_new:
        counts = report.counts
        voice.say(
            f"  khách hàng {report.customer_count}, điểm đo mới {counts.points},"
            f" công tơ mới {counts.meters}, treo tháo {counts.installations}",
            f"  customers {report.customer_count}, new points {counts.points},"
            f" new meters {counts.meters}, installations {counts.installations}",
        )
    _tell_findings(report.findings, voice)


def _tell_findings(findings: Sequence[object], voice: _Voice) -> None:
    for finding in findings:
        values = ", ".join(f"{name}={value}" for name, value in finding.values.items())  # type: ignore[attr-defined]
        voice.say(f"  lưu ý {finding.rule}: {values}", f"  note {finding.rule}: {values}")  # type: ignore[attr-defined]


def export_book(arguments: argparse.Namespace) -> int:
    from cmis.journeys.export_a_book import export_a_book
    from cmis.modules.reading.operations import known_period

    voice = _Voice(arguments.language)
    code = f"{arguments.book}-{arguments.period}"
    at = _now()
    if known_period(code) is None:
        _prepare(arguments, voice, at)
    book = export_a_book(
        _scope(), code, holder=arguments.holder or arguments.actor, actor=arguments.actor, at=at
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / book.file_name
    _write(path, book.data)
    voice.say(
        f"{path}: {book.period.row_count} bộ chỉ số, người giữ {book.period.holder}",
        f"{path}: {book.period.row_count} registers, held by {book.period.holder}",
    )
    return 0


def prepare_book(arguments: argparse.Namespace) -> int:
    _prepare(arguments, _Voice(arguments.language), _now())
    return 0


def _prepare(arguments: argparse.Namespace, voice: _Voice, at: datetime) -> None:
    from cmis.journeys.prepare_a_period import prepare_period

    prepared = prepare_period(
        _scope(),
        arguments.book,
        arguments.period,
        actor=arguments.actor,
        at=at,
        planned_last_day=arguments.last_day,
    )
    tally = prepared.tally
    voice.say(
        f"{prepared.period_code}: lập {tally.input} bộ chỉ số, {tally.held} chuyển từ kỳ trước",
        f"{prepared.period_code}: {tally.input} registers prepared, {tally.held} carried over",
    )


def _write(path: Path, data: bytes) -> None:
    """The whole file or none of it: a device never sees half a book."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def import_files(arguments: argparse.Namespace) -> int:
    from cmis.journeys.import_a_book import import_book_file
    from cmis.kernel.errors import UnableTo

    voice = _Voice(arguments.language)
    failed = False
    outcomes: list[tuple[str, ImportOutcome]] = []
    for path in arguments.files:
        try:
            outcome = import_book_file(
                path.read_bytes(),
                name=path.name,
                actor=arguments.actor,
                at=_now(),
                scope=_scope(),
                accept=arguments.accept,
            )
        except UnableTo as failure:
            voice.warn(f"{path}: {failure.message(arguments.language)}")
            failed = True
            continue
        outcomes.append((path.name, outcome))
        failed = failed or not outcome.is_taken
        _tell_import(path.name, outcome, voice)
    if arguments.report:
        _write(arguments.report, _report(outcomes).encode("utf-8"))
    return int(failed)


def _tell_import(name: str, outcome: "ImportOutcome", voice: _Voice) -> None:
    from cmis.formats.hhu.verdict_codes import Verdict

    counts_vi = (
        f"{outcome.row_count} dòng = {outcome.accepted_count} nhận"
        f" + {outcome.held_count} chờ xử lý + {outcome.refused_count} từ chối"
    )
    counts_en = (
        f"{outcome.row_count} rows = {outcome.accepted_count} accepted"
        f" + {outcome.held_count} held + {outcome.refused_count} refused"
    )
    if outcome.already_imported:
        same = Verdict.SAME_FILE_ALREADY_IMPORTED.value
        voice.say(
            f"{name}: {same}, không đổi gì; lần đầu: {counts_vi}",
            f"{name}: {same}, nothing changed; the first time: {counts_en}",
        )
    elif not outcome.is_taken:
        voice.say(f"{name}: không nhận gì; {counts_vi}", f"{name}: nothing taken; {counts_en}")
    else:
        books = ", ".join(outcome.period_codes)
        voice.say(f"{name}: {books}; {counts_vi}", f"{name}: {books}; {counts_en}")
    doubts: dict[str, int] = {}
    for verdict in outcome.verdicts:
        if verdict.code != Verdict.GOOD.value:
            doubts[verdict.code] = doubts.get(verdict.code, 0) + 1
    for code, count in sorted(doubts.items()):
        what = Verdict(code).explanation.what.render(voice.language)
        print(f"  {code}: {count}  {what}")
    _tell_findings(outcome.findings, voice)


def _report(outcomes: Sequence[tuple[str, "ImportOutcome"]]) -> str:
    """Every row of every file; with several files a last column names the file."""
    from cmis.formats.hhu.verdicts import REPORT_HEADER

    several = len(outcomes) > 1
    lines = ["\t".join((*REPORT_HEADER, "file") if several else REPORT_HEADER)]
    for name, outcome in outcomes:
        for verdict in outcome.verdicts:
            number = "-" if verdict.row_number is None else str(verdict.row_number)
            row = (number, verdict.key, verdict.code)
            lines.append("\t".join((*row, name) if several else row))
    return "\n".join(lines) + "\n"


def take_back_book(arguments: argparse.Namespace) -> int:
    from cmis.modules.reading.operations import take_back

    return _step(arguments, take_back, ("đã thu hồi", "taken back"))


def cancel_receipt_of_book(arguments: argparse.Namespace) -> int:
    from cmis.modules.reading.operations import cancel_receipt

    return _step(arguments, cancel_receipt, ("đã hủy nhận", "receipt cancelled"))


def undo_check_of_book(arguments: argparse.Namespace) -> int:
    from cmis.modules.reading.operations import undo_check

    return _step(arguments, undo_check, ("đã hủy xác nhận", "confirmation undone"))


def _step(arguments: argparse.Namespace, operation: object, done: tuple[str, str]) -> int:
    code = f"{arguments.book}-{arguments.period}"
    operation(  # type: ignore[operator]
        _scope(), code, actor=arguments.actor, at=_now(), reason=arguments.reason
    )
    _Voice(arguments.language).say(f"{code}: {done[0]}", f"{code}: {done[1]}")
    return 0


def list_books(arguments: argparse.Namespace) -> int:
    from cmis.modules.reading import queries as reading

    del arguments
    for book in reading.books(_scope()):
        print(
            "\t".join(
                (book.code, book.unit_code, book.newest_period_code, book.newest_state, book.holder)
            )
        )
    return 0
