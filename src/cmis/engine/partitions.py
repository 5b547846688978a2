"""Rate Parquet partitions: read, the columnar kernel, write; in this process or in several.

The same function does one partition wherever it runs (here, in a worker process, in a task of a
cluster), so the law has one definition and the bytes that come out are the same. Memory is bounded
by one chunk of one partition for each worker, whatever the number of bills.
"""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cmis.engine.partition_tables import (
    BILLS_IN,
    BILLS_OUT,
    LIMIT_BILLS,
    LINES_OUT,
    TERMS_IN,
    bills_table,
    lines_table,
    rating_columns,
)
from cmis.engine.pool import ordered, worker_pool
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.rules.rating.kernel import rate
from cmis.rules.rating.switches import DEFAULTS, Switches
from cmis.rules.tariffs.loader import DATA, load_law
from cmis.rules.tariffs.schema import Law

BILLS = ".bills.parquet"
TERMS = ".terms.parquet"
LINES = ".lines.parquet"
MANIFEST = "manifest.json"

#: Bills that go through the kernel at once: its arrays then stay in the processor's cache.
CHUNK_BILLS = 32_768
#: Fast to write and read; the rows of one row group are one chunk.
_COMPRESSION = "snappy"
#: Columns whose values repeat; the others are written plain, which is faster.
_BILLS_DICTIONARY = ["vat_rate_bp", "refused"]
_LINES_DICTIONARY = [
    "line_no",
    "part",
    "decision",
    "item",
    "tier",
    "register",
    "kwh_den",
    "price_vnd_per_kwh",
]


class UnableToRatePartition(UnableTo):
    """A partition is not what the schemas say; nothing of it was written."""

    code = "PART-001"
    what = Bilingual(
        "Không tính được phân vùng {partition}: {problem}.",
        "The partition {partition} cannot be rated: {problem}.",
    )
    next_step = Bilingual(
        "Xuất lại phân vùng rồi chạy lại; các phân vùng khác không bị ảnh hưởng.",
        "Export the partition again and run it again; the others are not affected.",
    )


@dataclass(frozen=True, slots=True)
class PartitionResult:
    """What one partition came to; ``rated + refused = bills``."""

    partition: str
    bills: int
    rated: int
    refused: int
    lines: int
    net_vnd: int
    vat_vnd: int
    total_vnd: int


def partitions_of(folder: Path) -> list[str]:
    """Names of the partitions of a folder, in order."""
    return sorted(path.name.removesuffix(BILLS) for path in folder.glob(f"*{BILLS}"))


def write_partition(folder: Path, partition: str, bills: pa.Table, terms: pa.Table) -> None:
    """Store the input of one partition.

    Raises:
        UnableToRatePartition: other columns than :data:`BILLS_IN` and :data:`TERMS_IN`, or too
            many bills.
    """
    if bills.num_rows > LIMIT_BILLS:
        raise UnableToRatePartition(
            partition=partition, problem=f"{bills.num_rows} > {LIMIT_BILLS} bills"
        )
    for table, schema, suffix in ((bills, BILLS_IN, BILLS), (terms, TERMS_IN, TERMS)):
        if table.schema.names != schema.names:
            raise UnableToRatePartition(partition=partition, problem=f"columns of {suffix}")
        pq.write_table(
            table.cast(schema), folder / f"{partition}{suffix}", compression=_COMPRESSION
        )


def rate_partition(
    partition: str,
    *,
    source: Path,
    target: Path,
    switches: Switches = DEFAULTS,
    law_directory: Path = DATA,
) -> PartitionResult:
    """Rate one partition into ``target``; the files appear whole or not at all, so that a task that
    was killed is simply run again.

    Raises:
        UnableToRatePartition: files or columns are missing, or the bills do not count from 0 up.
    """
    law = load_law(law_directory)
    bills, terms = read_partition(source, partition)
    written = [target / f"{partition}{suffix}" for suffix in (BILLS, LINES)]
    unfinished = [path.with_suffix(f".{os.getpid()}.part") for path in written]
    try:
        result = _rate_into(partition, bills, terms, unfinished, law=law, switches=switches)
        for path, whole in zip(unfinished, written, strict=True):
            path.replace(whole)
    finally:
        for path in unfinished:
            path.unlink(missing_ok=True)
    return result


def read_partition(source: Path, partition: str) -> tuple[pa.Table, pa.Table]:
    """Bills and terms of a partition, checked.

    Raises:
        UnableToRatePartition: see :func:`rate_partition`.
    """
    try:
        bills = pq.read_table(source / f"{partition}{BILLS}", schema=BILLS_IN)
        terms = pq.read_table(source / f"{partition}{TERMS}", schema=TERMS_IN)
    except (OSError, pa.ArrowException) as problem:
        raise UnableToRatePartition(partition=partition, problem=str(problem)) from problem
    index = terms["bill_index"].to_numpy()
    if bills.num_rows > LIMIT_BILLS:
        raise UnableToRatePartition(
            partition=partition, problem=f"{bills.num_rows} > {LIMIT_BILLS} bills"
        )
    if len(index) and (
        index[0] < 0 or index[-1] >= bills.num_rows or bool((np.diff(index) < 0).any())
    ):
        raise UnableToRatePartition(
            partition=partition, problem="terms must stand in the order of their bills"
        )
    return bills, terms


def _rate_into(
    partition: str,
    bills: pa.Table,
    terms: pa.Table,
    paths: Sequence[Path],
    *,
    law: Law,
    switches: Switches,
) -> PartitionResult:
    rated_count = line_count = net_vnd = vat_vnd = 0
    with PartitionWriter(*paths) as writer:
        for first, some_bills, some_terms in _chunks(bills, terms):
            columns = rating_columns(some_bills, some_terms, law, switches, first_bill=first)
            rated = rate(columns, law)
            if bool((rated.bills.refused < 0).any()):
                raise UnableToRatePartition(
                    partition=partition, problem="these switches need the scalar engine"
                )
            writer.write(
                bills_table(some_bills, rated),
                lines_table(rated, first_bill=first),
            )
            rated_count += int((rated.bills.refused == 0).sum())
            line_count += len(rated.lines.bill_index)
            net_vnd += int(rated.bills.net_vnd.sum())
            vat_vnd += int(rated.bills.vat_vnd.sum())
    return PartitionResult(
        partition=partition,
        bills=bills.num_rows,
        rated=rated_count,
        refused=bills.num_rows - rated_count,
        lines=line_count,
        net_vnd=net_vnd,
        vat_vnd=vat_vnd,
        total_vnd=net_vnd + vat_vnd,
    )


def _chunks(bills: pa.Table, terms: pa.Table) -> Iterator[tuple[int, pa.Table, pa.Table]]:
    """(position of the first bill, bills, their terms) for every chunk."""
    index = terms["bill_index"].to_numpy()
    for first in range(0, bills.num_rows, CHUNK_BILLS):
        start, end = np.searchsorted(index, [first, first + CHUNK_BILLS])
        yield first, bills.slice(first, CHUNK_BILLS), terms.slice(int(start), int(end - start))


class PartitionWriter:
    """The two output files of a partition, one row group a chunk.

    A thread writes one chunk while the caller computes the next (encoding Parquet takes as long as
    the rating and holds no lock of the interpreter); never more than one chunk waits.
    """

    def __init__(self, bills_path: Path, lines_path: Path) -> None:
        self._bills = pq.ParquetWriter(
            bills_path, BILLS_OUT, compression=_COMPRESSION, use_dictionary=_BILLS_DICTIONARY
        )
        self._lines = pq.ParquetWriter(
            lines_path, LINES_OUT, compression=_COMPRESSION, use_dictionary=_LINES_DICTIONARY
        )
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[None] | None = None

    def __enter__(self) -> "PartitionWriter":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._wait()
        finally:
            self._thread.shutdown()
            self._bills.close()
            self._lines.close()

    def write(self, bills: pa.Table, lines: pa.Table) -> None:
        self._wait()
        self._under_way = self._thread.submit(self._write, bills, lines)

    def _write(self, bills: pa.Table, lines: pa.Table) -> None:
        self._bills.write_table(bills)
        self._lines.write_table(lines)

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None


def rate_partitions(
    partitions: Sequence[str],
    *,
    source: Path,
    target: Path,
    workers: int = 1,
    switches: Switches = DEFAULTS,
    law_directory: Path = DATA,
) -> Iterator[PartitionResult]:
    """Rate partitions, in this process or in a pool; results in the order given."""
    target.mkdir(parents=True, exist_ok=True)
    work = partial(
        rate_partition,
        source=source,
        target=target,
        switches=switches,
        law_directory=law_directory,
    )
    with worker_pool(workers) as pool:
        yield from ordered(pool, work, partitions, ahead=2 * workers)


def rate_folder(
    source: Path,
    target: Path,
    *,
    workers: int = 1,
    switches: Switches = DEFAULTS,
    law_directory: Path = DATA,
) -> list[PartitionResult]:
    """Rate every partition of a folder and write ``manifest.json`` beside the results."""
    results = list(
        rate_partitions(
            partitions_of(source),
            source=source,
            target=target,
            workers=workers,
            switches=switches,
            law_directory=law_directory,
        )
    )
    manifest = {
        "law_digest": load_law(law_directory).digest,
        "switches": switches.as_dict(),
        "partitions": [asdict(result) for result in results],
    }
    (target / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return results
