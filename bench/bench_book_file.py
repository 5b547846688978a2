"""Reading and judging a returned book of 5,000 rows on one core; prints ``name: value`` lines.

Run: ``PYTHONPATH=src python bench/bench_book_file.py [ROWS]``. Every row has its own key, serial
and numbers, so that no cache answers for the work.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import process_time

from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.register_row import read_outbound_row
from cmis.formats.hhu.row_checks import ExportedRow, exported_row
from cmis.formats.hhu.verdicts import judge_returned_rows
from cmis.formats.hhu.writer import write_returned

SAMPLES = Path(__file__).parents[1] / "tests/data/hhu"
REPEATS = 5


def returned_book(row_count: int) -> tuple[dict[int, ExportedRow], bytes]:
    """A good returned book, every row different."""
    outbound = parse_book_file((SAMPLES / "PX0100102-2026-7-1.xml").read_bytes()).rows[0]
    returned = parse_book_file((SAMPLES / "PX0100102-2026-7-1.returned.xml").read_bytes()).rows[0]
    source = exported_row(read_outbound_row(outbound), dial_digits=5)
    exported: dict[int, ExportedRow] = {}
    rows: list[dict[str, str]] = []
    for number in range(row_count):
        key, old, used = source.key + number, 7 * number % 90_000, 50 + number % 400
        serial, point = f"{26_000_000 + number}", f"PX0100{number:07}001"
        own = replace(
            source,
            key=key,
            point_code=point,
            meter_serial=serial,
            meter_code=f"9992021{serial}",
            previous_index=Decimal(old),
            previous_kwh=Decimal(used),
        )
        exported[key] = own
        rows.append(
            {
                **returned.fields,
                "BOCSO_ID": str(key),
                "MA_DDO": point,
                "MA_KHANG": point[:13],
                "SERY_CTO": serial,
                "MA_CTO": own.meter_code,
                "CS_CU": str(old),
                "CS_MOI": str(old + used),
                "SL_MOI": str(used),
                "SL_CU": str(used),
                "X": f"21.{number:06}",
                "Y": f"105.{number:06}",
                "ID_SQLITE": str(number),
                "THOI_GIAN": f"13/07/2026 {number // 3600 % 24:02}:{number // 60 % 60:02}:00",
            }
        )
    return exported, write_returned(rows)


def fastest_s(work: Callable[[], object]) -> float:
    """Least processor seconds of some repeats: the machine is shared, the work is not."""
    times = []
    for _ in range(REPEATS):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def main() -> None:
    row_count = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    exported, data = returned_book(row_count)
    book = parse_book_file(data)
    verdicts = judge_returned_rows(exported, book)
    assert sum(verdict.is_good for verdict in verdicts) == row_count
    parse_s = fastest_s(lambda: parse_book_file(data))
    judge_s = fastest_s(lambda: judge_returned_rows(exported, book))
    write_s = fastest_s(lambda: write_returned(row.fields for row in book.rows))
    print(f"book_file_rows: {row_count}")
    print(f"book_file_bytes: {len(data)}")
    print(f"book_file_parse_us_per_row: {parse_s / row_count * 1e6:.1f}")
    print(f"book_file_judge_us_per_row: {judge_s / row_count * 1e6:.1f}")
    print(f"book_file_write_us_per_row: {write_s / row_count * 1e6:.1f}")
    print(f"book_file_parse_and_judge_s: {parse_s + judge_s:.3f}")


if __name__ == "__main__":
    main()
