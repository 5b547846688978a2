"""``cmis simulate``: a synthetic district, or a simulated reader for books that went out."""

import argparse
import sys
from pathlib import Path

from cmis.kernel.period import BillingMonth
from cmis.kernel.text import group_thousands

DEFAULT_MONTH = "2026-6-1"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "simulate",
        help="đơn vị mô phỏng / a synthetic district",
        description=(
            "Ghi sổ xuất, sổ ghi về, sự thật và danh bạ của một đơn vị mô phỏng; với --read thì đọc"
            " các sổ đã xuất như một người ghi chỉ số."
            " / Write outbound and returned books, truth and contacts of a synthetic unit; with"
            " --read, walk outbound books as a reader would."
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--customers", type=_count, help="số khách hàng / how many customers")
    what.add_argument(
        "--read", type=Path, nargs="+", metavar="FILE", help="sổ đã xuất / outbound books to walk"
    )
    parser.add_argument(
        "--seed", type=int, required=True, help="số mầm / seed: same seed, same bytes"
    )
    parser.add_argument("--out", type=Path, required=True, help="thư mục ghi ra / folder to write")
    parser.add_argument(
        "--month",
        type=_month,
        default=BillingMonth.parse(DEFAULT_MONTH),
        help=f"kỳ đầu tiên / first month ({DEFAULT_MONTH})",
    )
    parser.add_argument("--months", type=_count, default=1, help="số kỳ / how many months (1)")
    parser.add_argument("--unit", default="PX0200", help="mã đơn vị / code of the unit (PX0200)")
    parser.add_argument(
        "--truth",
        type=Path,
        help="truth.jsonl của kỳ trước (cho --read) / truth of the month before (for --read)",
    )
    parser.set_defaults(func=simulate, needs_database=False)


def simulate(arguments: argparse.Namespace) -> int:
    from cmis.engine.simulation.population import District
    from cmis.journeys.simulate_a_district import read_books, simulate_a_district

    progress = _show_progress if sys.stderr.isatty() else None
    if arguments.read:
        counts = read_books(
            arguments.read,
            arguments.out,
            seed=arguments.seed,
            earlier_truth=arguments.truth,
            progress=progress,
        )
    else:
        counts = simulate_a_district(
            District(arguments.customers, arguments.seed, arguments.month, arguments.unit),
            arguments.out,
            months=arguments.months,
            progress=progress,
        )
    if progress:
        print(file=sys.stderr)
    for name in ("books", "customers", "rows", "faulty_rows"):
        print(f"{name}: {getattr(counts, name)}")
    for name, count in sorted(counts.faults.items()):
        print(f"fault_{name}: {count}")
    for name, count in sorted(counts.situations.items()):
        print(f"situation_{name}: {count}")
    return 0


def _show_progress(counts: object) -> None:
    rows = group_thousands(getattr(counts, "rows", 0))
    print(
        f"\r{getattr(counts, 'books', 0)} sổ / books · {rows} dòng / rows", end="", file=sys.stderr
    )


def _month(text: str) -> BillingMonth:
    try:
        return BillingMonth.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: số nguyên dương / a positive whole number")
    return int(text)
