"""Parquet in, the kernel, Parquet out: the same đồng as one bill at a time, the same bytes in
whatever process."""

from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cmis.engine import partitions
from cmis.engine.partition_tables import BILLS_OUT, LIMIT_BILLS, LINES_OUT
from cmis.engine.partitions import (
    UnableToRatePartition,
    partitions_of,
    rate_folder,
    rate_partition,
    write_partition,
)
from cmis.rules.rating import BillCase, ExplainedBill, Refused, Switches, explain
from cmis.rules.rating.plan import REGISTER_ORDER
from cmis.rules.tariffs import load_law
from tests.rules.rating.case_factory import CaseFactory

LAW = load_law()


def cases(seed: int, count: int) -> list[BillCase]:
    """Cases that rows can say: dated, whole kWh, nothing measured at a change."""
    return [
        case
        for case in CaseFactory(seed, Switches()).cases(count)
        if case.period
        and not case.segments
        and case.billed_days is case.norm_reference_days is case.vat_rate_bp is None
        and all(isinstance(r.kwh, int) and not r.measured_kwh for r in case.registers)
        and all(abs(r.kwh) < 10**12 and r.kind in REGISTER_ORDER for r in case.registers)
        and all(r.purposes for r in case.registers)
        and len({r.kind for r in case.registers}) == len(case.registers)
        and abs(case.reactive_kvarh or 0) < 10**12
    ]


def tables(some: list[BillCase]) -> tuple[pa.Table, pa.Table]:
    terms = [
        (index, REGISTER_ORDER.index(register.kind), purpose, register.kwh)
        for index, case in enumerate(some)
        for register in sorted(case.registers, key=lambda r: REGISTER_ORDER.index(r.kind))
        for purpose in register.purposes
    ]
    bills = pa.table(
        {
            "bill_id": pa.array(range(1000, 1000 + len(some)), pa.int64()),
            "period_start": pa.array([c.period.start for c in some if c.period], pa.date32()),
            "period_end": pa.array([c.period.end for c in some if c.period], pa.date32()),
            "households_num": pa.array([c.households.numerator for c in some], pa.int32()),
            "households_den": pa.array([c.households.denominator for c in some], pa.int32()),
            "time_of_use": pa.array([c.time_of_use for c in some], pa.bool_()),
            "prorate": pa.array([c.prorates for c in some], pa.bool_()),
            "renters_undeclared": pa.array([c.renters_undeclared for c in some], pa.bool_()),
            "reactive_kvarh": pa.array([c.reactive_kvarh for c in some], pa.int64()),
        }
    )
    items = pa.array([t[2].item_code for t in terms], pa.string()).dictionary_encode()
    return bills, pa.table(
        {
            "bill_index": pa.array([t[0] for t in terms], pa.int32()),
            "register": pa.array([t[1] for t in terms], pa.int8()),
            "item": items.cast(pa.dictionary(pa.int16(), pa.string())),
            "share_percent": pa.array([t[2].share_percent for t in terms], pa.int16()),
            "kwh": pa.array([t[3] for t in terms], pa.int64()),
        }
    )


def stored(folder: Path, some: list[BillCase], partition: str) -> None:
    folder.mkdir(exist_ok=True)
    write_partition(folder, partition, *tables(some))


def test_partitions_hold_the_same_dong_as_single_bills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "CHUNK_BILLS", 97)  # many chunks, the last one short
    some = cases(5, 1500)
    stored(tmp_path, some, "PX0101-1")
    (tmp_path / "out").mkdir()
    result = rate_partition("PX0101-1", source=tmp_path, target=tmp_path / "out")
    bills = pq.read_table(tmp_path / "out" / "PX0101-1.bills.parquet")
    lines = pq.read_table(tmp_path / "out" / "PX0101-1.lines.parquet")
    assert bills.schema.equals(BILLS_OUT)
    assert lines.schema.equals(LINES_OUT)
    rows = bills.to_pylist()
    by_bill = {
        index: list(group)
        for index, group in groupby(lines.to_pylist(), lambda line: line["bill_index"])
    }
    refused = 0
    for index, (case, row) in enumerate(zip(some, rows, strict=True)):
        answer = explain(case, LAW)
        assert row["bill_id"] == 1000 + index
        if isinstance(answer, Refused):
            refused += 1
            assert (row["refused"], row["total_vnd"]) == (int(answer.code), 0)
            continue
        assert isinstance(answer, ExplainedBill)
        assert (row["refused"], row["net_vnd"], row["vat_vnd"], row["total_vnd"]) == (
            0,
            answer.net_vnd,
            answer.vat_vnd,
            answer.total_vnd,
        )
        found = [
            (line["line_no"], line["item"], line["tier"], line["price_vnd_per_kwh"],
             line["amount_vnd"], line["decision"])
            for line in by_bill.get(index, [])
        ]  # fmt: skip
        assert found == [
            (line.line_no, line.item and line.item.code, line.tier or 0, line.price_vnd_per_kwh,
             line.amount_vnd, line.decision and line.decision.code)
            for line in answer.lines
        ]  # fmt: skip
    assert refused > 50
    assert (result.bills, result.refused) == (len(some), refused)
    assert result.rated + result.refused == result.bills
    assert result.lines == lines.num_rows
    assert result.total_vnd == sum(row["total_vnd"] for row in rows)


@pytest.mark.slow
def test_two_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    source = tmp_path / "in"
    for number in range(4):
        stored(source, cases(20 + number, 300), f"PX010{number}-1")
    alone = rate_folder(source, tmp_path / "alone")
    pooled = rate_folder(source, tmp_path / "pooled", workers=2)
    assert alone == pooled
    assert [result.partition for result in alone] == partitions_of(source)
    names = sorted(path.name for path in (tmp_path / "alone").iterdir())
    assert len(names) == 9  # bills and lines of four partitions, and the manifest
    assert names == sorted(path.name for path in (tmp_path / "pooled").iterdir())
    for name in names:
        assert (tmp_path / "alone" / name).read_bytes() == (tmp_path / "pooled" / name).read_bytes()


def test_a_partition_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(tmp_path, cases(8, 200), "a")
    target = tmp_path / "out"
    target.mkdir()

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(partitions.PartitionWriter, "_write", full_disk)
        with pytest.raises(OSError, match="no space"):
            rate_partition("a", source=tmp_path, target=target)
    assert list(target.iterdir()) == []
    rate_partition("a", source=tmp_path, target=target)
    assert sorted(path.name for path in target.iterdir()) == ["a.bills.parquet", "a.lines.parquet"]


def test_wrong_partitions_are_refused(tmp_path: Path) -> None:
    bills, terms = tables(cases(9, 50))
    with pytest.raises(UnableToRatePartition, match=r"columns of \.terms"):
        write_partition(tmp_path, "a", bills, terms.drop_columns(["kwh"]))
    with pytest.raises(UnableToRatePartition, match=r"missing\.bills"):
        rate_partition("missing", source=tmp_path, target=tmp_path)
    write_partition(tmp_path, "b", bills, terms.take(np.arange(terms.num_rows)[::-1]))
    with pytest.raises(UnableToRatePartition, match="in the order of their bills"):
        rate_partition("b", source=tmp_path, target=tmp_path)
    too_many = pa.concat_tables([bills] * (LIMIT_BILLS // bills.num_rows + 1))
    with pytest.raises(UnableToRatePartition, match="> 250000 bills"):
        write_partition(tmp_path, "c", too_many, terms)
    exact = Switches(line_rounding="none", total_rounding="half_up_once")
    write_partition(tmp_path, "d", bills, terms)
    with pytest.raises(UnableToRatePartition, match="scalar engine"):
        rate_partition("d", source=tmp_path, target=tmp_path, switches=exact)


def test_an_empty_partition_gives_an_empty_one(tmp_path: Path) -> None:
    stored(tmp_path, [], "empty")
    (tmp_path / "out").mkdir()
    result = rate_partition("empty", source=tmp_path, target=tmp_path / "out")
    assert (result.bills, result.lines, result.total_vnd) == (0, 0, 0)
    assert pq.read_table(tmp_path / "out" / "empty.lines.parquet").num_rows == 0
