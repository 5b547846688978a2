"""Rate the confirmed readings of one book period and pass the bills through gate 2."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from cmis.journeys.bill_cases import case_of_point, reading_lines
from cmis.kernel.findings import HOLDING, Finding
from cmis.kernel.tally import NOTHING, Tally
from cmis.modules.billing import operations as billing
from cmis.modules.billing import queries as bills
from cmis.modules.billing.types import BillToStore
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import ConfirmedRow, PeriodFacts
from cmis.rules.rating.case import BillCase
from cmis.rules.rating.column_building import columns_from_cases
from cmis.rules.rating.columns import RatedColumns
from cmis.rules.rating.explain import ExplainedBill, explain
from cmis.rules.rating.kernel import rate
from cmis.rules.rating.plan import REGISTER_ORDER
from cmis.rules.rating.refusals import Refused
from cmis.rules.rating.switches import DEFAULTS, Switches
from cmis.rules.tariffs.errors import UnableToMapPriceGroup
from cmis.rules.tariffs.loader import load_law
from cmis.rules.tariffs.schema import Law
from cmis.rules.vee.bill_rules import BillToCheck, check_bill
from cmis.rules.vee.limits import PriceClass, bill_limits_for

#: How the line of the reactive charge is stored.
REACTIVE_ITEM = "CSPK"
REACTIVE_LABEL = "VC"
#: Price item prefix → class of the limits at gate 2.
PRICE_CLASSES = (
    ("SX", PriceClass.PRODUCTION),
    ("KD", PriceClass.BUSINESS),
    ("HC", PriceClass.ADMINISTRATIVE),
)


def rate_period(
    period_id: int, *, on: date, at: datetime, actor: str, night_id: int | None
) -> Tally:
    """Rate every point of a period whose registers are all confirmed, in one transaction.

    Returns:
        points: done = bills cleared, held = bills that wait at gate 2, failed = refused by the
        law's data (each with a finding on its row).
    """
    del on
    law = load_law()
    switches = operator_switches()
    with transaction.atomic():
        period = reading.lock_period(period_id)
        rows = books.confirmed_rows(period_id)
        points = _by_point(rows)
        if not points:
            return NOTHING
        cases, refused = _cases(points, period, law=law, switches=switches)
        rated = rate(columns_from_cases(list(cases.values()), law), law)
        stored, refusals = _bills(points, period, cases, rated, law=law)
        refused.update(refusals)
        billing.store_bills(stored, law_digest=law.digest, at=at)
        failed_points = set(refused)
        for point_id, (code, values) in refused.items():
            reading.hold_for_law(points[point_id][0].row_id, rule=code, values=values, at=at)
        reading.mark_billed(
            [row.row_id for row in rows if row.point_id not in failed_points], at=at
        )
        held_count = sum(bill.is_held for bill in stored)
        tally = Tally(
            input=len(points),
            done=len(stored) - held_count,
            held=held_count,
            failed=len(failed_points),
        )
        for step in ("rated", "cleared"):
            reading.advance(
                period_id,
                step,
                at=at,
                actor=actor,
                tally=tally,
                night_id=night_id,
                result={"total_vnd": sum(bill.total_vnd for bill in stored)},
            )
        return tally


@lru_cache(maxsize=1)
def operator_switches() -> Switches:
    """The named parameters of this installation."""
    chosen = Switches(allow_unverified_prices=settings.CMIS_ALLOW_UNVERIFIED_PRICES)
    return DEFAULTS if chosen == DEFAULTS else chosen  # the one object that is known to be usual


def _by_point(rows: Sequence[ConfirmedRow]) -> dict[int, list[ConfirmedRow]]:
    points: dict[int, list[ConfirmedRow]] = defaultdict(list)
    for row in rows:
        points[row.point_id].append(row)
    return points


Refusals = dict[int, tuple[str, dict[str, str | int]]]


def _cases(
    points: dict[int, list[ConfirmedRow]], period: PeriodFacts, *, law: Law, switches: Switches
) -> tuple[dict[int, BillCase], Refusals]:
    cases: dict[int, BillCase] = {}
    refused: Refusals = {}
    for point_id, rows in points.items():
        try:
            cases[point_id] = case_of_point(rows, period, law=law, switches=switches)
        except UnableToMapPriceGroup as error:
            refused[point_id] = (
                error.code,
                {name: str(value) for name, value in error.values.items()},
            )
    return cases, refused


def _bills(
    points: dict[int, list[ConfirmedRow]],
    period: PeriodFacts,
    cases: dict[int, BillCase],
    rated: RatedColumns,
    *,
    law: Law,
) -> tuple[list[BillToStore], Refusals]:
    """Bills of the rated cases in walk order, and what the law's data refused.

    The columnar kernel rates; a case it leaves to the scalar engine, or refuses, goes through
    ``explain``, which knows the numbers of the sentence.
    """
    starts = rated.line_starts()
    previous = bills.previous_totals(list(cases), before=period.first_day)
    stored: list[BillToStore] = []
    refused: Refusals = {}
    for index, (point_id, case) in enumerate(cases.items()):
        if int(rated.bills.refused[index]):
            answer = explain(case, law)
            if isinstance(answer, Refused):
                refused[point_id] = (answer.code.code, dict(answer.values))
                continue
            money, lines = _explained(answer)
        else:
            money = _Money(
                net_vnd=int(rated.bills.net_vnd[index]),
                vat_rate_bp=int(rated.bills.vat_rate_bp[index]),
                vat_vnd=int(rated.bills.vat_vnd[index]),
            )
            lines = _lines(rated, int(starts[index]), int(starts[index + 1]))
        rows = points[point_id]
        stored.append(_bill(rows, period, case, money, lines, previous.get(point_id)))
    return stored, refused


@dataclass(frozen=True, slots=True)
class _Money:
    net_vnd: int
    vat_rate_bp: int
    vat_vnd: int


Line = tuple[str, str, str, Decimal, int, int]
REGISTER_LABELS = tuple(kind.value for kind in REGISTER_ORDER)


def _lines(rated: RatedColumns, first: int, end: int) -> tuple[Line, ...]:
    """Lines of one bill as they are stored: label, item, decision, kWh, price, amount."""
    lines = rated.lines
    return tuple(
        (
            str(int(lines.tier[at])) if lines.tier[at] else _label(int(lines.register[at])),
            rated.item_codes[lines.item[at]] if lines.item[at] >= 0 else REACTIVE_ITEM,
            rated.decision_codes[lines.decision[at]] if lines.decision[at] >= 0 else "",
            Decimal(int(lines.kwh[at])) / int(lines.kwh_den[at]),
            int(lines.price_vnd_per_kwh[at]),
            int(lines.amount_vnd[at]),
        )
        for at in range(first, end)
    )


def _label(register: int) -> str:
    return REGISTER_LABELS[register] if register >= 0 else REACTIVE_LABEL


def _explained(answer: ExplainedBill) -> tuple[_Money, tuple[Line, ...]]:
    lines = tuple(
        (
            str(line.tier) if line.tier else (line.register or REACTIVE_LABEL),
            line.item.code if line.item else REACTIVE_ITEM,
            line.decision.code if line.decision else "",
            Decimal(line.kwh),
            line.price_vnd_per_kwh,
            line.amount_vnd,
        )
        for line in answer.lines
    )
    return _Money(answer.net_vnd, answer.vat_rate_bp, answer.vat_vnd), lines


def _bill(
    rows: Sequence[ConfirmedRow],
    period: PeriodFacts,
    case: BillCase,
    money: _Money,
    lines: tuple[Line, ...],
    previous_vnd: int | None,
) -> BillToStore:
    row = rows[0]
    assert case.period is not None  # cases of the night always have dates
    total_vnd = money.net_vnd + money.vat_vnd
    energy_kwh = int(sum(register.kwh for register in case.registers))
    findings = check_bill(
        BillToCheck(
            amount_vnd=total_vnd,
            energy_kwh=energy_kwh,
            billed_days=case.period.days,
            previous_amounts_vnd=() if previous_vnd is None else (previous_vnd,),
        ),
        bill_limits_for(_price_class(case), on=case.period.last_day),
    )
    return BillToStore(
        code=case.case_id,
        unit_id=row.unit_id,
        period_id=row.period_id,
        customer_id=row.customer_id,
        contract_id=row.contract_id,
        point_id=row.point_id,
        walk_code=row.walk_code,
        position=row.position,
        year=period.month.year,
        month=period.month.month,
        cycle=period.month.cycle,
        first_day=case.period.start,
        last_day=case.period.last_day,
        energy_kwh=energy_kwh,
        net_vnd=money.net_vnd,
        vat_percent=_percent(money.vat_rate_bp),
        vat_vnd=money.vat_vnd,
        total_vnd=total_vnd,
        is_estimated=any(one.is_estimated for one in rows),
        case=case.to_json(),
        readings_json=billing.readings_text(reading_lines(rows)),
        findings_json=findings_text(findings),
        is_held=any(finding.severity in HOLDING for finding in findings),
        lines=lines,
    )


@lru_cache(maxsize=16)
def _percent(rate_bp: int) -> str:
    """``800`` → ``8``, ``825`` → ``8.25``."""
    return format((Decimal(rate_bp) / 100).normalize(), "f")


def _price_class(case: BillCase) -> PriceClass:
    """The dearest-limits class among the purposes: household unless something else is priced."""
    prefixes = {
        purpose.item_code[:2] for register in case.registers for purpose in register.purposes
    }
    for prefix, price_class in PRICE_CLASSES:
        if prefix in prefixes:
            return price_class
    return PriceClass.HOUSEHOLD


def findings_text(findings: Sequence[Finding]) -> str:
    return json.dumps(
        [
            {"rule": one.rule, "severity": one.severity.value, "values": dict(one.values)}
            for one in findings
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
