"""``cmis night``: run everything that is due, from the drop folder to delivered notices."""

import argparse
import sys
from datetime import date
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("night", help="chạy đêm tính hóa đơn / run the billing night")
    parser.add_argument(
        "--date", type=_day, required=True, help="ngày hóa đơn / invoice date, YYYY-MM-DD"
    )
    parser.add_argument("--unit", default="*", help="mã đơn vị / unit code; * = tất cả / all")
    parser.add_argument("--drop", type=Path, help="thư mục nhận sổ / drop folder")
    parser.add_argument("--workers", type=int, help="số tiến trình / processes")
    parser.add_argument("--no-deliver", action="store_true", help="chưa gửi tin / do not deliver")
    parser.add_argument("--quiet", action="store_true", help="không hiện tiến độ / no progress bar")
    parser.set_defaults(func=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: ngày dạng 2026-07-13 / a date such as 2026-07-13"
        ) from None


def run(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from cmis.engine.clock import clock_of
    from cmis.journeys.night_report import summary_text
    from cmis.journeys.run_the_night import NightOrder, run_the_night

    language = getattr(arguments, "language", "vi") or "vi"
    order = NightOrder(
        date=arguments.date,
        drop=arguments.drop or settings.CMIS_DROP,
        unit_code=arguments.unit,
        workers=arguments.workers or settings.CMIS_WORKERS,
        deliver=not arguments.no_deliver,
    )
    clock = clock_of(settings.CMIS_CLOCK)
    if arguments.quiet or not sys.stderr.isatty():
        result = run_the_night(order, clock=clock, language=language)
    else:
        with TerminalProgress() as progress:
            result = run_the_night(order, clock=clock, progress=progress, language=language)
    text = summary_text(result.summary, language)
    folder = settings.CMIS_HOME / "nights"
    folder.mkdir(exist_ok=True)
    scope_name = "all" if order.unit_code == "*" else order.unit_code
    (folder / f"{order.date}-{scope_name}.txt").write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if result.failures else 0


class TerminalProgress:
    """A progress bar on standard error, one line a phase."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        self._bar = Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = None

    def __enter__(self) -> "TerminalProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def phase(self, name: str, total: int) -> None:
        self._task = self._bar.add_task(name, total=total)

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._bar.advance(self._task, count)
