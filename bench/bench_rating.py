"""How fast the rating is: Parquet to Parquet beside a floor that only reads and writes, and single
explanations. Prints plain ``name: value`` lines.

    PYTHONPATH=src:. python bench/bench_rating.py [--bills 1000000 10000000] [--plot]

The floor reads the same input and writes the same output columns in the same run, partition by
partition in turn with the rating; ``rating_io_ratio`` is rating / floor. Every size runs in a fresh
process, so that its peak memory is its own. ``--plot`` draws seconds over bills (build/bench).
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cmis.engine.partition_tables import BILLS_OUT, LIMIT_BILLS, LINES_OUT
from cmis.engine.partitions import (
    BILLS,
    CHUNK_BILLS,
    LINES,
    PartitionWriter,
    rate_partition,
    read_partition,
    write_partition,
)
from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, Purpose, RegisterEnergy, columns_from_cases, explain
from cmis.rules.tariffs import load_law

OUT = Path(__file__).parents[1] / "build" / "bench"
ITEMS = ("SH", "KD_LT6", "HC2_LT6", "SX_LT6")
#: Percent of bills: households, business, offices (one register each), production by time of use.
MIX = (0.88, 0.06, 0.03, 0.03)
EXPLAINED = 20_000


def partition_tables(seed: int, count: int) -> tuple[pa.Table, pa.Table]:
    """A unit's bills of June 2026: mostly households, with new customers, shared meters, renters
    and time-of-use customers who pay for reactive power."""
    rng = np.random.default_rng(seed)
    item = rng.choice(4, count, p=MIX).astype(np.int16)
    by_time = item == 3
    registers = np.where(by_time, 3, 1)
    index = np.repeat(np.arange(count, dtype=np.int32), registers)
    first = np.cumsum(registers) - registers
    register = (np.arange(len(index)) - first[index] + by_time[index]).astype(np.int8)
    kwh = rng.gamma(2.0, 110.0, len(index)).astype(np.int64) * np.where(by_time[index], 40, 1)
    start = np.full(count, "2026-05-14", "datetime64[D]") + rng.integers(0, 4, count)
    households = rng.choice([1, 2, 4], count, p=[0.96, 0.03, 0.01]).astype(np.int32)
    bills = pa.table(
        {
            "bill_id": np.arange(count) + seed * LIMIT_BILLS,
            "period_start": start,
            "period_end": np.full(count, "2026-06-14", "datetime64[D]"),
            "households_num": households,
            "households_den": np.where(rng.random(count) < 0.01, 4, 1).astype(np.int32),
            "time_of_use": by_time,
            "prorate": rng.random(count) < 0.02,
            "renters_undeclared": rng.random(count) < 0.005,
            "reactive_kvarh": pa.array(rng.integers(0, 9000, count), mask=~by_time),
        }
    )
    codes = pa.DictionaryArray.from_arrays(item[index], list(ITEMS))
    share = np.full(len(index), 100, np.int16)
    columns = [index, register, codes, share, kwh]
    names = ["bill_index", "register", "item", "share_percent", "kwh"]
    return bills, pa.table(columns, names=names)


def measure(bills: int) -> dict[str, float]:
    """Rate a generated country of that size, one partition after the other, beside its floor."""
    load_law()
    rated = floor = 0.0
    lines = refused = 0
    with TemporaryDirectory(dir=scratch()) as name:
        source, target = Path(name) / "in", Path(name) / "out"
        source.mkdir()
        target.mkdir()
        for number, first in enumerate(range(0, bills, LIMIT_BILLS)):
            partition = f"PX{number:04d}"
            write_partition(
                source, partition, *partition_tables(number, min(LIMIT_BILLS, bills - first))
            )
            with clock() as seconds:
                result = rate_partition(partition, source=source, target=target)
            rated += seconds[0]
            lines += result.lines
            refused += result.refused
            floor += floor_seconds(source, target, partition)
            for path in (*source.iterdir(), *target.iterdir()):
                path.unlink()
    return {
        "bills": bills,
        "lines": lines,
        "refused": refused,
        "seconds": rated,
        "floor_seconds": floor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def scratch() -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    return OUT


@contextmanager
def clock() -> Iterator[list[float]]:
    taken = [0.0]
    began = perf_counter()
    yield taken
    taken[0] = perf_counter() - began


def floor_seconds(source: Path, target: Path, partition: str) -> float:
    """Seconds that reading the input and writing the same output takes without any rating."""
    bills = pq.read_table(target / f"{partition}{BILLS}", schema=BILLS_OUT)
    lines = pq.read_table(target / f"{partition}{LINES}", schema=LINES_OUT)
    index = lines["bill_index"].to_numpy()
    starts = range(0, bills.num_rows, CHUNK_BILLS)
    chunks = []
    for first in starts:
        low, high = np.searchsorted(index, [first, first + CHUNK_BILLS])
        chunks.append((bills.slice(first, CHUNK_BILLS), lines.slice(int(low), int(high - low))))
    with clock() as seconds:
        read_partition(source, partition)
        with PartitionWriter(target / "floor.bills", target / "floor.lines") as writer:
            for some_bills, some_lines in chunks:
                writer.write(some_bills, some_lines)
    return seconds[0]


def explanations() -> None:
    """Single bills; time of this process's processor, so that the number is for one core."""
    law = load_law()
    period = Period(date(2026, 6, 14), date(2026, 7, 14))
    kwh = np.random.default_rng(7).gamma(2.0, 110.0, EXPLAINED).astype(np.int64)
    sample = [
        BillCase(str(at), period, (RegisterEnergy(RegisterKind.SINGLE, value, (Purpose("SH"),)),))
        for at, value in enumerate(kwh.tolist())
    ]
    for name, work in (
        ("explain_bills_per_s", lambda: [explain(case, law) for case in sample]),
        ("columns_from_cases_per_s", lambda: columns_from_cases(sample, law)),
        ("case_to_json_per_s", lambda: [case.to_json() for case in sample]),
    ):
        best = 0.0
        for _ in range(3):
            began = process_time()
            work()
            best = max(best, len(sample) / (process_time() - began))
        print(f"{name}: {best:.0f}")


def plot(results: list[dict[str, float]]) -> Path:
    """Seconds of rating and floor over millions of bills, and the line through the origin that the
    smallest size foretells."""
    width, height, left, bottom = 720, 420, 70, 50
    most = max(result["bills"] for result in results)
    slope = results[0]["seconds"] / results[0]["bills"]
    top = max(slope * most, *(result["seconds"] for result in results)) * 1.1

    def point(bills: float, seconds: float) -> str:
        x = left + (width - left - 20) * bills / most
        return f"{x:.1f},{height - bottom - (height - bottom - 20) * seconds / top:.1f}"

    rows = ['<svg xmlns="http://www.w3.org/2000/svg" width="720" height="420" font-size="13">']
    rows.append('<rect width="100%" height="100%" fill="white"/>')
    for name, key, color in (("rating", "seconds", "#1a5aa0"), ("floor", "floor_seconds", "#555")):
        path = " ".join(point(r["bills"], r[key]) for r in results)
        rows.append(f'<polyline points="{point(0, 0)} {path}" fill="none" stroke="{color}"/>')
        for result in results:
            x, y = point(result["bills"], result[key]).split(",")
            text = f"{name} {result['bills'] / 1e6:g} M: {result[key]:.1f} s"
            rows.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>')
            rows.append(
                f'<text x="{float(x) - 8}" y="{float(y) - 8}" text-anchor="end">{text}</text>'
            )
    rows.append(
        f'<line x1="{left}" y1="{height - bottom}" x2="{point(most, slope * most).split(",")[0]}"'
        f' y2="{point(most, slope * most).split(",")[1]}" stroke="#999" stroke-dasharray="4"/>'
    )
    rows.append(
        f'<text x="{left}" y="{height - 15}">million bills, 0 to {most / 1e6:g}</text></svg>'
    )
    path = scratch() / "rating_scale.svg"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bills", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--plot", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one)))
        return
    results = []
    for bills in sorted(arguments.bills):
        text = subprocess.run(
            [sys.executable, __file__, "--one", str(bills)],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        result = json.loads(text)
        results.append(result)
        size = f"{bills / 1e6:g}m"
        print(f"rating_seconds_{size}: {result['seconds']:.2f}")
        print(f"rating_io_floor_seconds_{size}: {result['floor_seconds']:.2f}")
        print(f"rating_io_ratio_{size}: {result['seconds'] / result['floor_seconds']:.2f}")
        print(f"rating_peak_mib_{size}: {result['peak_mib']:.0f}")
        print(f"rating_lines_{size}: {result['lines']:.0f}")
    largest = results[-1]
    print(f"rating_io_ratio: {largest['seconds'] / largest['floor_seconds']:.2f}")
    print(f"rating_bills_per_s: {largest['bills'] / largest['seconds']:.0f}")
    if len(results) > 1:
        each = [result["seconds"] / result["bills"] for result in results]
        print(f"rating_time_per_bill_largest_to_smallest: {each[-1] / each[0]:.2f}")
    explanations()
    if arguments.plot:
        print(f"rating_plot: {plot(results)}")


if __name__ == "__main__":
    main()
