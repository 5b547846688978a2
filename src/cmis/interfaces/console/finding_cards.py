"""One doubt as a card: the sentence, the numbers, the past, and what may be decided about it."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import words
from cmis.interfaces.console.desk import Desk, language
from cmis.interfaces.ui import formatting
from cmis.kernel.errors import UnableTo
from cmis.kernel.findings import Severity
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import FindingCard
from cmis.rules.vee.estimation import METHOD_NAMES

UNSETTLED = frozenset({"open", "received", "held"})


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card shows."""

    found: FindingCard
    title: str
    sentence: str
    severity: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    history: tuple[Decimal, ...]
    energy_kwh: Decimal | None
    customer_url: str
    period_url: str
    may_decide: bool
    may_accept: bool
    may_estimate: bool


def card_of(desk: Desk, found: FindingCard) -> Card:
    severity, tone = words.tag(words.SEVERITIES, found.severity)
    is_open = found.state == "open" and found.row_state in UNSETTLED
    may_decide = is_open and desk.may_in("decide_finding", found.unit_id)
    may_see = desk.may_in("see_customer", found.unit_id)
    return Card(
        found=found,
        title=words.rule_name(found.rule),
        sentence=words.sentence(found.rule, found.severity, found.values),
        severity=severity,
        tone=tone,
        facts=_facts(found),
        history=tuple(reversed(found.history_kwh)),
        energy_kwh=_energy_kwh(found),
        customer_url=reverse("console:customer", kwargs={"code": found.customer_code})
        if may_see
        else "",
        period_url=reverse("console:period", kwargs={"code": found.period_code}),
        may_decide=may_decide,
        may_accept=may_decide
        and found.severity in (Severity.CONFIRM, Severity.NOTE)
        and found.current_index is not None,
        may_estimate=may_decide,
    )


def estimates_of(desk: Desk, found: FindingCard) -> list[tuple[str, str]]:
    """Methods that can estimate this register, best first, each with its energy."""
    try:
        possible = reading.estimates_for(desk.scope(), found.id)
    except UnableTo:
        return []  # the button says why when it is pressed
    return [
        (
            made.method.value,
            f"{METHOD_NAMES[made.method].render(language())}: {formatting.kwh(made.energy_kwh)}",
        )
        for made in possible
    ]


def filters_of(scope: UnitScope, chosen: dict[str, str]) -> dict[str, list[tuple[str, str, bool]]]:
    """Choices of the filter row: value, label, whether it is chosen."""
    by_rule = books.held_by_rule(scope)
    severities = [
        (severity.value, words.tag(words.SEVERITIES, severity)[0])
        for severity in (Severity.BLOCK, Severity.SIGN, Severity.CONFIRM)
    ]
    rules = [(rule, f"{words.rule_name(rule)} ({count})") for rule, count in by_rule.items()]
    return {
        "severity": _choices(_("Mọi mức"), severities, chosen["severity"]),
        "rule": _choices(_("Mọi quy tắc"), rules, chosen["rule"]),
    }


def _choices(every: str, known: list[tuple[str, str]], chosen: str) -> list[tuple[str, str, bool]]:
    return [(value, label, value == chosen) for value, label in [("", every), *known]]


def _energy_kwh(found: FindingCard) -> Decimal | None:
    if found.consumption_kwh is None:
        return None
    return found.consumption_kwh + found.removed_kwh + found.direct_kwh


def _facts(found: FindingCard) -> tuple[tuple[str, str], ...]:
    energy_kwh = _energy_kwh(found)
    shown = [
        (_("Chỉ số cũ"), formatting.number(found.previous_index)),
        (_("Chỉ số mới"), formatting.number(found.current_index)),
        (_("Hệ số nhân"), formatting.number(found.multiplier)),
        (_("Sản lượng"), formatting.kwh(energy_kwh)),
        (_("Kỳ trước"), formatting.kwh(found.previous_kwh)),
        (_("Chênh lệch"), _difference(energy_kwh, found.previous_kwh)),
        (_("Số công tơ"), f"{found.meter_serial} · {found.register_kind}"),
        (_("Lộ trình"), found.walk_code),
        (_("Trạng thái ghi"), found.state_code),
        (_("Nguồn"), words.word(words.SOURCES, found.source) if found.source else ""),
        (_("Người ghi"), found.read_by),
        (_("Ghi lúc"), formatting.vn_datetime(found.read_at) if found.read_at else ""),
        (_("Ghi chú của người ghi"), found.note),
        (_("Tọa độ"), _place(found)),
    ]
    return tuple((label, text) for label, text in shown if text)


def _difference(energy_kwh: Decimal | None, previous_kwh: Decimal) -> str:
    if energy_kwh is None:
        return ""
    change_kwh = energy_kwh - previous_kwh
    return ("+" if change_kwh > 0 else "") + formatting.kwh(change_kwh)


def _place(found: FindingCard) -> str:
    if found.latitude is None or found.longitude is None:
        return ""
    return f"{found.latitude:.6f}; {found.longitude:.6f}"
