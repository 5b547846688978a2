"""Time-of-use hours and the fees beside the energy price (``tou_hours.yaml``, ``fees.yaml``)."""

from collections.abc import Mapping
from types import MappingProxyType

from cmis.kernel.registers import RegisterKind
from cmis.rules.tariffs.rule_files import certainty, hundredths
from cmis.rules.tariffs.schema import DisconnectFees, Fees, TimeOfUseCalendar, TimeOfUseRule
from cmis.rules.tariffs.strict_yaml import Node

_DAY_MINUTES = 24 * 60

Span = tuple[int, int, RegisterKind]


def read_time_of_use(node: Node) -> TimeOfUseRule:
    """Calendars must cover every minute of a day once.

    Raises:
        UnableToLoadLaw: gap, overlap, unknown key.
    """
    calendars: dict[str, TimeOfUseCalendar] = {}
    for row in node.children("calendars"):
        calendar = _calendar(row)
        if calendar.code in calendars:
            raise row.refuse("id", f"the calendar {calendar.code} stands twice")
        calendars[calendar.code] = calendar
    default = node.text("default_calendar")
    if default not in calendars:
        raise node.refuse("default_calendar", f"there is no calendar {default}")
    eligibility = node.child("eligibility")
    transformer, mean = eligibility.children("any_of")
    rule = TimeOfUseRule(
        calendars=MappingProxyType(calendars),
        default_calendar=default,
        legal_reference=eligibility.text("legal_reference"),
        transformer_kva_min=transformer.integer("transformer_kva_min", least=1),
        mean_kwh_per_month_min=mean.integer("mean_kwh_per_month_min", least=1),
        mean_months=mean.integer("months", least=1),
    )
    for condition in (transformer, mean):
        condition.text("text")
        condition.done()
    certainty(eligibility)
    for key in ("applies_to", "always", "otherwise"):
        eligibility.raw(key)
    eligibility.done()
    node.done()
    return rule


def _calendar(row: Node) -> TimeOfUseCalendar:
    calendar = TimeOfUseCalendar(
        code=row.text("id"),
        legal_reference=row.text("legal_reference"),
        certainty=certainty(row),
        assignable=row.boolean("assignable"),
        minutes_mon_sat=_day(row.child("mon_sat")),
        minutes_sunday=_day(row.child("sunday")),
    )
    for key in ("effective_from", "effective_to", "note", "also_seen"):
        row.optional(key)
    row.done()
    return calendar


def _day(node: Node) -> tuple[Span, ...]:
    spans: list[Span] = []
    for register in (RegisterKind.NORMAL, RegisterKind.PEAK, RegisterKind.OFF_PEAK):
        values = node.raw(register.value)
        if not isinstance(values, list):
            raise node.refuse(register.value, "a list of hours such as 04:00-09:30 is expected")
        spans += [(*_minutes(node, str(value)), register) for value in values]
    node.done()
    spans.sort()
    end = 0
    for first, last, _ in spans:
        if first != end or last <= first:
            raise node.refuse(
                f"{first // 60:02d}:{first % 60:02d}", "the hours overlap or leave a gap"
            )
        end = last
    if end != _DAY_MINUTES:
        raise node.refuse("24:00", "the hours leave a gap at the end of the day")
    return tuple(spans)


def _minutes(node: Node, text: str) -> tuple[int, int]:
    try:
        bounds = [tuple(map(int, bound.split(":"))) for bound in text.split("-")]
        (start_hour, start_minute), (end_hour, end_minute) = bounds
    except ValueError:
        raise node.refuse(text, "hours are written 04:00-09:30") from None
    return start_hour * 60 + start_minute, end_hour * 60 + end_minute


def read_fees(node: Node) -> Fees:
    """``fees.yaml``; amounts in whole đồng, factors as decimals in quotes."""
    interest = node.child("late_payment_interest")
    ceiling = interest.child("ceiling")
    guarantee = node.child("payment_guarantee")
    days = guarantee.child("amount")
    support = node.child("poor_household_support")
    debt = node.child("disconnection_for_debt_minimum")
    fees = Fees(
        disconnect=_disconnect(node.child("disconnect_reconnect")),
        interest_reference=interest.text("legal_reference"),
        interest_ceiling_bp_per_year=hundredths(ceiling, "rate_per_year", 10_000),
        guarantee_reference=guarantee.text("legal_reference"),
        guarantee_threshold_kwh_per_month=guarantee.integer("threshold_kwh_per_month", least=1),
        guarantee_days=(days.integer("days_min", least=1), days.integer("days_max", least=1)),
        support_reference=support.text("legal_reference"),
        poor_household_kwh=support.child("poor_household").integer("supported_kwh", least=1),
        social_policy_used_kwh_max=support.child("social_policy_household").integer(
            "used_kwh_max", least=1
        ),
        disconnection_debt_vnd_min=debt.integer("amount_vnd", least=1),
    )
    for part in (interest, guarantee, support, debt):
        certainty(part)
        part.rest()  # sentences beside the numbers
    node.done()
    return fees


def _disconnect(node: Node) -> DisconnectFees:
    certainty(node)
    if node.text("currency") != "VND" or node.boolean("vat_included"):
        raise node.refuse("currency", "amounts in VND before VAT are expected")
    fees = DisconnectFees(
        legal_reference=node.text("legal_reference"),
        base_vnd_by_voltage=_table(node, "M_by_voltage", "voltage", "amount"),
        k_hundredths_by_distance_km=_table(node, "k_by_distance_km", "km", "k"),
        n_hundredths_by_area=_areas(node.child("n_by_area")),
    )
    for key in ("also_seen", "effective_from", "effective_to", "note", "formula", "households"):
        node.raw(key)
    node.optional("boundary_note")
    node.done()
    return fees


def _table(node: Node, key: str, name: str, value: str) -> Mapping[str, int]:
    """Rows of a table; whole đồng as they are, factors in hundredths."""
    rows: dict[str, int] = {}
    for row in node.children(key):
        label = row.text(name)
        if label in rows:
            raise row.refuse(name, f"{label} stands twice")
        rows[label] = (
            row.integer(value, least=1) if value == "amount" else hundredths(row, value, 100)
        )
        row.done()
    return MappingProxyType(rows)


def _areas(node: Node) -> Mapping[str, int]:
    return MappingProxyType({area: hundredths(node, area, 100) for area in node.unread()})
