"""Several meters of one contract: rated each by itself, one invoice with an annex for each meter
(EVN VI.4.2, VI.6.1c)."""

from collections.abc import Sequence
from dataclasses import dataclass

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.rounding import half_up
from cmis.rules.rating.explained import ExplainedBill


class UnableToJoinBills(UnableTo):
    code = "RATE-050"
    what = Bilingual(
        "Không gộp được các bảng kê vào một hóa đơn: {problem}.",
        "The meters cannot stand on one invoice: {problem}.",
    )
    next_step = Bilingual(
        "Lập hóa đơn riêng cho từng điểm đo.", "Issue an invoice for each metering point."
    )


@dataclass(frozen=True, slots=True)
class VatSum:
    """Money of one VAT rate on the invoice."""

    vat_rate_bp: int
    net_vnd: int
    vat_vnd: int


@dataclass(frozen=True, slots=True)
class JoinedInvoice:
    """One invoice over the meters of a contract.

    ``annexes`` are the bills of the meters, in the order given. VAT is computed on the sums of the
    invoice, so it may differ by some đồng from the sum of the meters' own VAT;
    ``vat_difference_vnd`` says by how much.
    """

    annexes: tuple[ExplainedBill, ...]
    vat_sums: tuple[VatSum, ...]
    net_vnd: int
    vat_vnd: int
    total_vnd: int
    vat_difference_vnd: int


def join_bills(bills: Sequence[ExplainedBill]) -> JoinedInvoice:
    """Join the bills of one contract.

    Raises:
        UnableToJoinBills: no bill, one meter twice, or bills made under different laws or switches.
    """
    if not bills:
        raise UnableToJoinBills(problem="no meter")
    if len({bill.case_id for bill in bills}) != len(bills):
        raise UnableToJoinBills(problem="one meter twice")
    if len({bill.law_digest for bill in bills}) > 1:
        raise UnableToJoinBills(problem="different versions of the law")
    if len({bill.case.switches for bill in bills}) > 1:
        raise UnableToJoinBills(problem="different switches")
    sums: dict[int, list[ExplainedBill]] = {}
    for bill in bills:
        sums.setdefault(bill.vat_rate_bp, []).append(bill)
    vat_sums = tuple(_vat_sum(rate_bp, some) for rate_bp, some in sorted(sums.items()))
    net_vnd = sum(bill.net_vnd for bill in bills)
    vat_vnd = sum(one.vat_vnd for one in vat_sums)
    return JoinedInvoice(
        annexes=tuple(bills),
        vat_sums=vat_sums,
        net_vnd=net_vnd,
        vat_vnd=vat_vnd,
        total_vnd=net_vnd + vat_vnd,
        vat_difference_vnd=vat_vnd - sum(bill.vat_vnd for bill in bills),
    )


def _vat_sum(rate_bp: int, bills: Sequence[ExplainedBill]) -> VatSum:
    """VAT half-up on the sum; on the active and the reactive sum apart in mode two_invoices."""
    net_vnd = sum(bill.net_vnd for bill in bills)
    if bills[0].case.switches.reactive_invoice_mode != "two_invoices":
        return VatSum(rate_bp, net_vnd, half_up(net_vnd * rate_bp, 10_000))
    active_vnd = sum(bill.active_vnd for bill in bills)
    return VatSum(
        rate_bp,
        net_vnd,
        half_up(active_vnd * rate_bp, 10_000) + half_up((net_vnd - active_vnd) * rate_bp, 10_000),
    )
