"""Columns of the Parquet partitions that bulk rating reads and writes.

A partition is a slice of one unit, at most :data:`LIMIT_BILLS` bills, in two files that share the
position of the bill: bills and terms in, bills and lines out. ``bill_index`` counts from 0 inside
the partition and does not fall.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from cmis.kernel.rounding import Int64s
from cmis.rules.rating.column_building import columns_from_rows
from cmis.rules.rating.columns import RatedColumns, RatingColumns
from cmis.rules.rating.price_tables import price_tables
from cmis.rules.rating.switches import Switches
from cmis.rules.tariffs.schema import Law

#: Bills of one partition at most; bounds the memory of a task.
LIMIT_BILLS = 250_000

#: One row a bill. ``reactive_kvarh`` is null where no reactive energy may be charged; ``prorate``
#: is true where the norms follow the days (after the switch on last bills).
BILLS_IN = pa.schema(
    [
        pa.field("bill_id", pa.int64(), nullable=False),
        pa.field("period_start", pa.date32(), nullable=False),
        pa.field("period_end", pa.date32(), nullable=False),
        pa.field("households_num", pa.int32(), nullable=False),
        pa.field("households_den", pa.int32(), nullable=False),
        pa.field("time_of_use", pa.bool_(), nullable=False),
        pa.field("prorate", pa.bool_(), nullable=False),
        pa.field("renters_undeclared", pa.bool_(), nullable=False),
        pa.field("reactive_kvarh", pa.int64()),
    ]
)
#: One row a purpose of a register (KT, BT, TD, CD as 0…3), in the order of the bills.
TERMS_IN = pa.schema(
    [
        pa.field("bill_index", pa.int32(), nullable=False),
        pa.field("register", pa.int8(), nullable=False),
        pa.field("item", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("share_percent", pa.int16(), nullable=False),
        pa.field("kwh", pa.int64(), nullable=False),
    ]
)
#: One row a bill, in the order of the input. ``refused`` 0 = rated, else a refusal code.
BILLS_OUT = pa.schema(
    [
        pa.field("bill_id", pa.int64(), nullable=False),
        pa.field("net_vnd", pa.int64(), nullable=False),
        pa.field("vat_rate_bp", pa.int16(), nullable=False),
        pa.field("vat_vnd", pa.int64(), nullable=False),
        pa.field("total_vnd", pa.int64(), nullable=False),
        pa.field("reactive_vnd", pa.int64(), nullable=False),
        pa.field("refused", pa.int16(), nullable=False),
    ]
)
#: One row a line. ``tier`` 0 = priced by register; ``register`` −1 = priced by tier; ``kwh`` counts
#: ``1/kwh_den``. The reactive charge has neither item nor decision.
LINES_OUT = pa.schema(
    [
        pa.field("bill_index", pa.int32(), nullable=False),
        pa.field("line_no", pa.int16(), nullable=False),
        pa.field("part", pa.int16(), nullable=False),
        pa.field("decision", pa.dictionary(pa.int16(), pa.string())),
        pa.field("item", pa.dictionary(pa.int16(), pa.string())),
        pa.field("tier", pa.int8(), nullable=False),
        pa.field("register", pa.int8(), nullable=False),
        pa.field("kwh", pa.int64(), nullable=False),
        pa.field("kwh_den", pa.int16(), nullable=False),
        pa.field("price_vnd_per_kwh", pa.int32(), nullable=False),
        pa.field("amount_vnd", pa.int64(), nullable=False),
    ]
)


def rating_columns(
    bills: pa.Table, terms: pa.Table, law: Law, switches: Switches, *, first_bill: int = 0
) -> RatingColumns:
    """The kernel's input from rows of a partition.

    Args:
        first_bill: position of the first of these bills in the partition.
    """
    kvarh = bills["reactive_kvarh"]
    return columns_from_rows(
        law,
        period_start=_numpy(bills, "period_start"),
        period_end=_numpy(bills, "period_end"),
        term_bill=_numpy(terms, "bill_index").astype(np.int64) - first_bill,
        term_register=_numpy(terms, "register"),
        term_item=_item_ids(terms, law),
        term_kwh=_numpy(terms, "kwh"),
        term_share_percent=_numpy(terms, "share_percent"),
        households_num=_numpy(bills, "households_num"),
        households_den=_numpy(bills, "households_den"),
        time_of_use=_numpy(bills, "time_of_use"),
        prorate=_numpy(bills, "prorate"),
        renters_undeclared=_numpy(bills, "renters_undeclared"),
        reactive_kvarh=kvarh.fill_null(0).to_numpy(),
        reactive_due=np.asarray(kvarh.is_valid().to_numpy(), np.bool_),
        switches=switches,
    )


def _numpy(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def _item_ids(terms: pa.Table, law: Law) -> Int64s:
    """(m) price item of each term in the law's tables, −1 where the law has none."""
    column = terms["item"].combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # no rows at all
        return np.zeros(0, np.int64)
    known = {code: index for index, code in enumerate(price_tables(law).item_codes)}
    ids = np.array([known.get(code, -1) for code in column.dictionary.to_pylist()] or [-1])
    return np.asarray(ids[column.indices.to_numpy()], np.int64)


def bills_table(bills: pa.Table, rated: RatedColumns) -> pa.Table:
    """Rows of :data:`BILLS_OUT`."""
    result = rated.bills
    values = {
        "bill_id": bills["bill_id"].combine_chunks(),
        "net_vnd": result.net_vnd,
        "vat_rate_bp": result.vat_rate_bp.astype(np.int16),
        "vat_vnd": result.vat_vnd,
        "total_vnd": result.total_vnd,
        "reactive_vnd": result.reactive_vnd,
        "refused": result.refused.astype(np.int16),
    }
    return pa.table(values, schema=BILLS_OUT)


def lines_table(rated: RatedColumns, *, first_bill: int = 0) -> pa.Table:
    """Rows of :data:`LINES_OUT`."""
    lines = rated.lines
    return pa.table(
        [
            (lines.bill_index + first_bill).astype(np.int32),
            lines.line_no.astype(np.int16),
            lines.part.astype(np.int16),
            _dictionary(lines.decision, rated.decision_codes),
            _dictionary(lines.item, rated.item_codes),
            lines.tier.astype(np.int8),
            lines.register.astype(np.int8),
            lines.kwh,
            lines.kwh_den.astype(np.int16),
            lines.price_vnd_per_kwh.astype(np.int32),
            lines.amount_vnd,
        ],
        schema=LINES_OUT,
    )


def _dictionary(indices: Int64s, codes: tuple[str, ...]) -> pa.DictionaryArray:
    missing = indices < 0
    return pa.DictionaryArray.from_arrays(
        pa.array(indices.astype(np.int16), mask=missing if missing.any() else None),
        pa.array(codes, pa.string()),
    )
