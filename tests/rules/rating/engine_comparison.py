"""Compare a rated bill of the kernel with the explained one, field by field."""

from collections.abc import Sequence
from fractions import Fraction

from cmis.rules.rating import (
    NEEDS_SCALAR,
    BillCase,
    ExplainedBill,
    RatedColumns,
    Refused,
    explain,
)
from cmis.rules.rating.plan import REGISTER_ORDER
from cmis.rules.tariffs import Law

Line = tuple[int, int, str, str, int, str, Fraction, int, int]
Result = tuple[int, int, int, int, int, int, int, int, tuple[Line, ...]]


def explained_result(answer: ExplainedBill | Refused) -> Result:
    if isinstance(answer, Refused):
        return (int(answer.code), 0, 0, 0, 0, 0, 0, 0, ())
    lines = tuple(
        (
            line.line_no,
            line.part,
            line.decision.code if line.decision else "",
            line.item.code if line.item else "",
            line.tier or 0,
            line.register.value if line.register else "",
            Fraction(line.kwh),
            line.price_vnd_per_kwh,
            line.amount_vnd,
        )
        for line in answer.lines
    )
    charge = answer.reactive
    return (
        0,
        answer.net_vnd,
        answer.vat_rate_bp,
        answer.vat_vnd,
        answer.total_vnd,
        charge.amount_vnd if charge else 0,
        charge.cos_phi_hundredths if charge else 0,
        charge.k_hundredths if charge else 0,
        lines,
    )


def rated_results(rated: RatedColumns) -> list[Result]:
    bills, lines = rated.bills, rated.lines
    columns = [
        values.tolist()
        for values in (
            lines.line_no,
            lines.part,
            lines.decision,
            lines.item,
            lines.tier,
            lines.register,
            lines.kwh,
            lines.kwh_den,
            lines.price_vnd_per_kwh,
            lines.amount_vnd,
        )
    ]
    rows: list[Line] = [
        (
            no,
            part,
            rated.decision_codes[decision] if decision >= 0 else "",
            rated.item_codes[item] if item >= 0 else "",
            tier,
            REGISTER_ORDER[register].value if register >= 0 else "",
            Fraction(kwh, den),
            price,
            amount,
        )
        for no, part, decision, item, tier, register, kwh, den, price, amount in zip(
            *columns, strict=True
        )
    ]
    starts = rated.line_starts().tolist()
    heads = zip(
        bills.refused.tolist(),
        bills.net_vnd.tolist(),
        bills.vat_rate_bp.tolist(),
        bills.vat_vnd.tolist(),
        bills.total_vnd.tolist(),
        bills.reactive_vnd.tolist(),
        bills.cos_phi_hundredths.tolist(),
        bills.k_hundredths.tolist(),
        strict=True,
    )
    return [
        (*head, tuple(rows[starts[index] : starts[index + 1]])) for index, head in enumerate(heads)
    ]


def assert_engines_agree(cases: Sequence[BillCase], rated: RatedColumns, law: Law) -> list[int]:
    """Every bill that the kernel did equals its explanation; returns the kernel's codes."""
    results = rated_results(rated)
    for case, result in zip(cases, results, strict=True):
        if result[0] == NEEDS_SCALAR:
            assert result[1:] == (0, 0, 0, 0, 0, 0, 0, ()), case
            continue
        expected = explained_result(explain(case, law))
        assert result == expected, case.to_json()
    return [result[0] for result in results]
