"""Floor 1: rating. ``explain`` one bill, or ``rate`` columns of them; both give the same đồng."""

from cmis.rules.rating.case import BillCase, PriceSegment, Purpose, RegisterEnergy
from cmis.rules.rating.column_building import columns_from_cases, columns_from_rows
from cmis.rules.rating.columns import NEEDS_SCALAR, RatedColumns, RatingColumns
from cmis.rules.rating.explain import explain
from cmis.rules.rating.explained import ExplainedBill, ExplainedLine
from cmis.rules.rating.kernel import rate
from cmis.rules.rating.price_tables import price_tables
from cmis.rules.rating.refusals import RefusalCode, Refused
from cmis.rules.rating.switches import Switches

__all__ = [
    "NEEDS_SCALAR",
    "BillCase",
    "ExplainedBill",
    "ExplainedLine",
    "PriceSegment",
    "Purpose",
    "RatedColumns",
    "RatingColumns",
    "RefusalCode",
    "Refused",
    "RegisterEnergy",
    "Switches",
    "columns_from_cases",
    "columns_from_rows",
    "explain",
    "price_tables",
    "rate",
]
