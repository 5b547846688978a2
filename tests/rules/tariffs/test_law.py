"""The law on a day: decisions, VAT, hours, fees, price groups."""

from datetime import date, datetime

import pytest

from cmis.kernel.period import Period
from cmis.rules.tariffs import item_for_group, load_law
from cmis.rules.tariffs.errors import (
    UnableToFindPriceDecision,
    UnableToFindVatRate,
    UnableToMapPriceGroup,
)
from cmis.rules.tariffs.fees import (
    disconnect_fee_vnd,
    household_disconnect_fee_vnd,
    poor_household_support_vnd,
)
from cmis.rules.tariffs.price_listing import price_differences, price_rows
from cmis.rules.tariffs.review import review
from cmis.rules.tariffs.schema import Confidence, LadderPrice

LAW = load_law()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2015, 3, 16), "2256/QĐ-BCT"),
        (date(2017, 11, 30), "2256/QĐ-BCT"),
        (date(2017, 12, 1), "4495/QĐ-BCT"),
        (date(2019, 3, 20), "648/QĐ-BCT"),
        (date(2023, 5, 4), "1062/QĐ-BCT"),
        (date(2023, 11, 9), "2941/QĐ-BCT"),
        (date(2024, 10, 11), "2699/QĐ-BCT"),
        (date(2025, 5, 9), "2699/QĐ-BCT"),
        (date(2025, 5, 10), "1279/QĐ-BCT"),
        (date(2026, 9, 1), "1279/QĐ-BCT"),
    ],
)
def test_price_decision_of_a_day(day: date, code: str) -> None:
    assert LAW.price_decision_on(day).code == code


def test_before_the_first_decision_there_is_none() -> None:
    with pytest.raises(UnableToFindPriceDecision, match="2015-03-15"):
        LAW.price_decision_on(date(2015, 3, 15))
    with pytest.raises(UnableToFindPriceDecision, match="9999"):
        LAW.decision("9999")


def test_a_period_is_cut_at_every_change() -> None:
    parts = LAW.priced_days(Period(date(2023, 5, 1), date(2023, 11, 12)))
    assert [(part.decision.code[:4], part.period.days) for part in parts] == [
        ("648/", 3),
        ("1062", 189),
        ("2941", 3),
    ]
    first = Period(date(2025, 5, 10), date(2025, 6, 10))
    assert [part.period for part in LAW.priced_days(first)] == [first]


HOUSEHOLD_PRICES = {
    "2256": (1484, 1533, 1786, 2242, 2503, 2587, 2141),
    "4495": (1549, 1600, 1858, 2340, 2615, 2701, 2271),
    "648": (1678, 1734, 2014, 2536, 2834, 2927, 2461),
    "1062": (1728, 1786, 2074, 2612, 2919, 3015, 2535),
    "2941": (1806, 1866, 2167, 2729, 3050, 3151, 2649),
    "2699": (1893, 1956, 2271, 2860, 3197, 3302, 2776),
    "1279": (1984, 2050, 2380, 2998, 3350, 3460, 2909),
}


@pytest.mark.parametrize("code", HOUSEHOLD_PRICES)
def test_household_ladder_and_prepaid_price(code: str) -> None:
    items = LAW.decision(code).items
    prices = [
        row.price_vnd_per_kwh
        for row in price_rows(LAW.decision(code))
        if row.item.code in ("SH", "SH_PREPAID")
    ]
    assert tuple(prices) == HOUSEHOLD_PRICES[code]
    ladder = items["SH"].form
    assert isinstance(ladder, LadderPrice)
    assert ladder.norms_kwh == (50, 50, 100, 100, 100, None)


def test_how_sure_the_prices_are() -> None:
    verified = {
        decision.code.partition("/")[0]: sum(
            item.confidence is Confidence.VERIFIED for item in decision.items.values()
        )
        for decision in LAW.decisions
    }
    assert verified == {
        "2256": 21,
        "4495": 4,
        "648": 13,
        "1062": 1,
        "2941": 1,
        "2699": 1,
        "1279": 29,
    }


@pytest.mark.parametrize(
    ("day", "rate_bp"),
    [
        (date(2022, 1, 31), 1000),
        (date(2022, 2, 1), 800),
        (date(2023, 1, 1), 1000),
        (date(2023, 7, 1), 800),
        (date(2026, 12, 31), 800),
        (date(2027, 1, 1), 1000),
    ],
)
def test_vat_of_a_day(day: date, rate_bp: int) -> None:
    assert LAW.vat_on(day).rate_bp == rate_bp


def test_vat_names_its_decree() -> None:
    assert LAW.vat_on(date(2024, 7, 1)).legal_reference == "NĐ 72/2024/NĐ-CP"
    assert UnableToFindVatRate(day="x").message("en").startswith("LAW-003: There is no VAT rate")


@pytest.mark.parametrize(
    ("calendar", "moment", "register"),
    [
        ("tou_2014", datetime(2026, 7, 13, 9, 29), "BT"),
        ("tou_2014", datetime(2026, 7, 13, 9, 30), "CD"),
        ("tou_2014", datetime(2026, 7, 13, 19, 59), "CD"),
        ("tou_2014", datetime(2026, 7, 13, 22, 0), "TD"),
        ("tou_2014", datetime(2026, 7, 12, 18, 0), "BT"),  # Sunday has no peak
        ("tou_963_2026", datetime(2026, 7, 13, 17, 30), "CD"),
        ("tou_963_2026", datetime(2026, 7, 13, 22, 30), "BT"),
        ("tou_963_2026", datetime(2026, 7, 12, 18, 0), "BT"),
    ],
)
def test_hours_of_the_registers(calendar: str, moment: datetime, register: str) -> None:
    assert LAW.time_of_use.calendars[calendar].register_at(moment) == register


def test_who_pays_by_time_of_use() -> None:
    rule = LAW.time_of_use
    assert rule.default_calendar == "tou_2014"
    assert rule.is_due(transformer_kva=25, mean_kwh_per_month=0)
    assert rule.is_due(transformer_kva=0, mean_kwh_per_month=2000)
    assert not rule.is_due(transformer_kva=24, mean_kwh_per_month=1999)


def test_fees_and_support() -> None:
    fees = LAW.fees.disconnect
    assert household_disconnect_fee_vnd(fees, "<=0.38 kV") == 98_000
    assert disconnect_fee_vnd(base_vnd=98_000, k_hundredths=114, n_hundredths=115) == 128_478
    assert poor_household_support_vnd(LAW, LAW.decision("1279")) == 59_520
    assert LAW.fees.disconnection_debt_vnd_min == 10_000


def test_five_tiers_are_ready_but_not_in_force() -> None:
    five = LAW.ladders["five_tier"]
    assert (five.in_force, five.norms_kwh) == (False, (100, 100, 200, 300, None))
    assert five.percents_of_average == (90, 108, 136, 162, 180)


@pytest.mark.parametrize(
    ("group", "voltage", "item"),
    [
        ("SHBT", None, "SH"),
        ("SXBT", None, "SX_LT6"),
        ("SXBT", "22_110kV", "SX_22_110"),
        ("KDDV", None, "KD_LT6"),
        ("KDDV", "ge_110kV", "KD_22"),
        ("CQHC", None, "HC2_LT6"),
        ("CQHC", "6_22kV", "HC2_GE6"),
    ],
)
def test_exchange_groups_lead_to_items_that_have_prices(
    group: str, voltage: str | None, item: str
) -> None:
    day = date(2026, 7, 1)
    for sub_code in ("", "A", "N"):
        assert item_for_group(LAW, group=group, sub_code=sub_code, on=day, voltage=voltage) == item
    assert item in LAW.price_decision_on(day).items


def test_the_snapshot_prices_of_the_sample_books_are_those_of_the_mapping_in_2256() -> None:
    """1518-SXBT, 2735, 983, 2320-KDDV and 1671-CQHC stand in the books beside the groups."""
    prices = {
        (row.item.code, row.label): row.price_vnd_per_kwh
        for row in price_rows(LAW.decision("2256"))
    }
    assert [prices["SX_LT6", register] for register in ("BT", "CD", "TD")] == [1518, 2735, 983]
    assert prices["KD_LT6", "BT"] == 2320
    assert prices["HC2_LT6", ""] == 1671


def test_schools_and_hospitals_are_a_switch() -> None:
    day = date(2026, 7, 1)
    assert item_for_group(LAW, group="CQHC", on=day, administrative_item="HC1") == "HC1_LT6"
    with pytest.raises(UnableToMapPriceGroup) as failure:
        item_for_group(LAW, group="XXXX", sub_code="A", on=day)
    assert failure.value.message("vi").startswith("LAW-004: Chưa ánh xạ nhóm giá XXXX-A")


def test_review_finds_the_doubtful_cells() -> None:
    findings = review(LAW)
    assert sum(finding.rule == "LAW-PRICE-NOT-VERIFIED" for finding in findings) == 108
    doubtful = [f.values["item"] for f in findings if f.rule == "LAW-PRICE-DOUBTFUL"]
    assert doubtful == ["KCN_110_GT100", "BB_NT_SH", "BB_TP_BAN"]
    implausible = [f.values["decision"] for f in findings if f.rule == "LAW-PRICE-IMPLAUSIBLE"]
    assert implausible == ["2256/QĐ-BCT"] * 6  # the percentages do not hold for 2256


def test_difference_of_two_decisions() -> None:
    differences = price_differences(LAW.decision("2699"), LAW.decision("1279"))
    assert ("SH", "1", 1893, 1984) in differences
    assert len(differences) == len(list(price_rows(LAW.decision("1279"))))
    against_1062 = price_differences(LAW.decision("1062"), LAW.decision("1279"))
    assert ("CHO", "", None, 2818) in against_1062
