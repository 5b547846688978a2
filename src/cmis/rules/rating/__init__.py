"""Floor 1: rating. ``explain`` one bill, or ``rate`` columns of them; both give the same đồng."""

from cmis.rules.rating.case import BillCase, PriceSegment, Purpose, RegisterEnergy
from cmis.rules.rating.explain import ExplainedBill, ExplainedLine, explain
from cmis.rules.rating.refusals import RefusalCode, Refused
from cmis.rules.rating.switches import Switches

__all__ = [
    "BillCase",
    "ExplainedBill",
    "ExplainedLine",
    "PriceSegment",
    "Purpose",
    "RefusalCode",
    "Refused",
    "RegisterEnergy",
    "Switches",
    "explain",
]
