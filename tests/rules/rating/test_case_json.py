"""The stored JSON of a case brings the same case back, and is one text for one case."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, PriceSegment, Purpose, RegisterEnergy, Switches
from tests.rules.rating.case_factory import CaseFactory

PERIOD = Period(date(2026, 6, 14), date(2026, 7, 14))
FULL = BillCase(
    "PX0100000001-1",
    PERIOD,
    (
        RegisterEnergy(
            RegisterKind.SINGLE, Decimal("12.50"), (Purpose("SH", 40), Purpose("KD_22", 60)), (2, 3)
        ),
    ),
    households=Fraction(3, 4),
    time_of_use=True,
    prorate=True,
    prorate_reason="new_customer",
    billed_days=12,
    norm_reference_days=30,
    renters_undeclared=True,
    reactive_kvarh=7,
    segments=(PriceSegment("1279/QĐ-BCT", 30),),
    vat_rate_bp=800,
    reading_date=date(2026, 7, 13),
    invoice_date=date(2026, 7, 14),
    switches=Switches(norm_rounding="ceiling", allow_unverified_prices=("2699/QĐ-BCT SH_PREPAID",)),
)


def test_a_plain_household_is_a_short_text() -> None:
    case = BillCase("7", PERIOD, (RegisterEnergy(RegisterKind.SINGLE, 275, (Purpose("SH"),)),))
    assert case.to_json() == (
        '{"case_id":"7","period":["2026-06-14","2026-07-14"],'
        '"registers":[{"kind":"KT","kwh":275,"purposes":[["SH",100]]}]}'
    )


def test_every_field_comes_back() -> None:
    assert BillCase.from_json(FULL.to_json()) == FULL
    assert set(json.loads(FULL.to_json())) == set(BillCase.__dataclass_fields__)


def test_random_cases_come_back_and_keep_their_text() -> None:
    for case in CaseFactory(5, Switches(energy_rounding="none")).cases(500):
        text = case.to_json()
        again = BillCase.from_json(text)
        assert again == case
        assert again.to_json() == text


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"case_id":"1","registers":[],"period":["2026-06-14","2026-07-14"],"color":1}',
        '{"case_id":"1","period":["2026-06-14","2026-07-14"],"registers":[{"kind":"KT","kwh":1.5,"purposes":[["SH",100]]}]}',
        '{"case_id":"1","period":["2026-06-14","2026-07-14"],"registers":[{"kind":"KT","kwh":1,"purposes":[["SH","100"]]}]}',
        '{"case_id":"1","period":["2026-06-14","2026-07-14"],"registers":[],"switches":{"norm_rounding":"floor"}}',
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        BillCase.from_json(text)


def test_switches_tell_only_what_was_changed() -> None:
    assert Switches().changed() == {}
    assert Switches(norm_rounding="ceiling").changed() == {"norm_rounding": "ceiling"}
    assert Switches.of({"norm_rounding": "ceiling"}) == Switches(norm_rounding="ceiling")
    assert len(Switches().as_dict()) == 27
    with pytest.raises(ValueError, match="unknown switch speed"):
        Switches.of({"speed": 1})
