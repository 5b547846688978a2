"""Returned books become signed invoices with exactly these đồng (decision 1279, VAT 8 %)."""

from datetime import date

import pytest

from cmis.kernel.period import Period
from cmis.modules.customers.models import Contract
from tests.stories.nights import (
    HOUSEHOLD,
    JULY,
    PRODUCTION_BY_HOURS,
    House,
    expect_balance,
    expect_bill,
    expect_invoices,
    expect_waiting,
    invoice_of,
    outbound_row,
)
from tests.stories.reading_books import read_as

pytestmark = pytest.mark.django_db


def test_a_household_of_275_kwh(house: House) -> None:
    result = house.bill_all((outbound_row(1, old=4100, before_kwh=270), 4375))
    expect_bill(
        1,
        [
            ("1", "SH", 50, 1984, 99_200),
            ("2", "SH", 50, 2050, 102_500),
            ("3", "SH", 100, 2380, 238_000),
            ("4", "SH", 75, 2998, 224_850),
        ],
        net_vnd=664_550,
        vat_vnd=53_164,
        total_vnd=717_714,
    )
    expect_invoices((1, 1, 717_714))
    expect_balance(result)
    content = invoice_of(1)
    assert (content.net_vnd, content.vat_vnd, content.total_vnd) == (664_550, 53_164, 717_714)
    assert content.period == Period(date(2026, 6, 14), date(2026, 7, 14))
    assert [(line.quantity, line.unit_price_vnd, line.amount_vnd) for line in content.lines] == [
        (50, 1984, 99_200),
        (50, 2050, 102_500),
        (100, 2380, 238_000),
        (75, 2998, 224_850),
    ]
    assert content.buyer.name == "Khách Hàng Mẫu 1"
    assert result.summary["invoices"] == {
        "count": 1, "net_vnd": 664_550, "vat_vnd": 53_164, "total_vnd": 717_714
    }  # fmt: skip


def test_two_households_share_one_meter_with_twice_the_tiers(house: House) -> None:
    row = outbound_row(2, old=4100, before_kwh=270, SO_HO="2")
    expect_balance(house.bill_all((row, 4375)))
    expect_bill(
        2,
        [
            ("1", "SH", 100, 1984, 198_400),
            ("2", "SH", 100, 2050, 205_000),
            ("3", "SH", 75, 2380, 178_500),
        ],
        net_vnd=581_900,
        vat_vnd=46_552,
        total_vnd=628_452,
    )
    assert invoice_of(2).households == 2


def test_three_registers_with_multiplier_40_and_a_reactive_charge(house: House) -> None:
    def register(kind: str, old: int, before_kwh: int) -> dict[str, str]:
        return outbound_row(
            3, old=old, before_kwh=before_kwh, kind=kind, price=PRODUCTION_BY_HOURS,
            multiplier=40, SO_HO="0", KIMUA_CSPK="1",
        )  # fmt: skip

    result = house.bill_all(
        (register("BT", 2310, 7200), 2500),  # 190 × 40 = 7,600
        (register("CD", 874, 2480), 934),  # 60 × 40 = 2,400
        (register("TD", 1466, 4360), 1566),  # 100 × 40 = 4,000
        (register("SG", 4651, 14040), 5001),  # 350 × 40 = 14,000
        (register("VC", 502, 10000), 732),  # 230 × 40 = 9,200 kVArh
    )
    expect_balance(result)
    # cos φ = 14,000 / √(14,000² + 9,200²) = 0.84: k = 7.14 % of 29,037,200
    expect_bill(
        3,
        [
            ("BT", "SX_LT6", 7_600, 1987, 15_101_200),
            ("TD", "SX_LT6", 4_000, 1300, 5_200_000),
            ("CD", "SX_LT6", 2_400, 3640, 8_736_000),
            ("VC", "CSPK", 0, 0, 2_073_256),
        ],
        kwh=14_000,
        net_vnd=31_110_456,
        vat_vnd=2_488_836,
        total_vnd=33_599_292,
    )
    content = invoice_of(3)
    charge = content.lines[-1]
    assert (charge.quantity, charge.unit_price_vnd, charge.amount_vnd) == (None, None, 2_073_256)
    assert charge.name == "Tiền mua công suất phản kháng (Reactive power charge)"
    readings = content.readings
    assert [(one.register, one.previous, one.current, one.energy_kwh) for one in readings] == [
        ("BT", 2310, 2500, 7_600),
        ("CD", 874, 934, 2_400),
        ("TD", 1466, 1566, 4_000),
        ("SG", 4651, 5001, 14_000),
        ("VC", 502, 732, 9_200),
    ]
    assert {one.multiplier for one in readings} == {40}


def test_a_replaced_meter_is_billed_with_the_energy_of_the_removed_one(house: House) -> None:
    row = outbound_row(4, old=1, before_kwh=120, SL_THAO="64", NGAY_CU="2026-06-28T00:00:00")
    other = outbound_row(5, old=100, before_kwh=90)
    expect_balance(house.bill_all((other, 200), (row, 59)))
    # 64 of the removed meter + 58 of the new one, whole norms: the customer's month is whole
    expect_bill(
        4,
        [
            ("1", "SH", 50, 1984, 99_200),
            ("2", "SH", 50, 2050, 102_500),
            ("3", "SH", 22, 2380, 52_360),
        ],
        net_vnd=254_060,
        vat_vnd=20_325,
        total_vnd=274_385,
    )
    content = invoice_of(4)
    assert content.period == Period(date(2026, 6, 14), date(2026, 7, 14))
    (reading,) = content.readings
    assert (reading.previous, reading.current, reading.energy_kwh) == (1, 59, 58)
    assert reading.mark == "thay công tơ, công tơ tháo 64 kWh"


def test_a_dial_that_passes_its_end_and_a_true_index_of_zero(house: House) -> None:
    rollover = outbound_row(6, old=99920, before_kwh=155)
    zero = outbound_row(7, old=0, before_kwh=0)
    house.adopt(rollover, zero)
    house.bring_back(
        read_as(rollover, 67, TTR_MOI="Q", SL_MOI="147", TT_KHAC="0"), read_as(zero, 0)
    )
    expect_balance(house.night(JULY[1]))
    expect_bill(
        6,
        [
            ("1", "SH", 50, 1984, 99_200),
            ("2", "SH", 50, 2050, 102_500),
            ("3", "SH", 47, 2380, 111_860),
        ],
        net_vnd=313_560,
        vat_vnd=25_085,
        total_vnd=338_645,
    )
    expect_bill(7, [], net_vnd=0, vat_vnd=0, total_vnd=0)
    expect_invoices((1, 6, 338_645), (2, 7, 0))
    assert [(one.current, one.mark) for one in invoice_of(6).readings] == [(67, "qua vòng")]
    assert [(one.previous, one.current) for one in invoice_of(7).readings] == [(0, 0)]


def test_mixed_purposes_of_one_meter_are_billed_by_their_shares(house: House) -> None:
    mixed = " KT: 60%*2320-KDDV + 40%*SHBT-A"
    row = outbound_row(8, old=500, before_kwh=410, price=mixed)
    expect_balance(house.bill_all((row, 915)))
    # 415 kWh: 249 business and 166 household
    expect_bill(
        8,
        [
            ("KT", "KD_LT6", 249, 3152, 784_848),
            ("1", "SH", 50, 1984, 99_200),
            ("2", "SH", 50, 2050, 102_500),
            ("3", "SH", 66, 2380, 157_080),
        ],
        net_vnd=1_143_628,
        vat_vnd=91_490,
        total_vnd=1_235_118,
    )
    assert invoice_of(8).purpose == "60% Kinh doanh, 40% Sinh hoạt"


def test_a_contract_that_began_inside_the_period_gets_its_part_of_the_tiers(house: House) -> None:
    old = outbound_row(9, old=1000, before_kwh=90)
    new = outbound_row(10, old=0, before_kwh=0, NGAY_CU="2026-07-01T00:00:00")
    house.adopt(old, new)
    Contract.objects.filter(code=new["MA_KHANG"]).update(starts_on=date(2026, 7, 1))
    house.bring_back(read_as(old, 1100), read_as(new, 100))
    expect_balance(house.night(JULY[1]))
    expect_waiting()
    # 13 days of 30 (June): 50·13/30 → 22, 22, 43, 43 kWh
    expect_bill(
        10,
        [
            ("1", "SH", 22, 1984, 43_648),
            ("2", "SH", 22, 2050, 45_100),
            ("3", "SH", 43, 2380, 102_340),
            ("4", "SH", 13, 2998, 38_974),
        ],
        net_vnd=230_062,
        vat_vnd=18_405,
        total_vnd=248_467,
    )
    expect_bill(
        9,
        [("1", "SH", 50, 1984, 99_200), ("2", "SH", 50, 2050, 102_500)],
        net_vnd=201_700,
        vat_vnd=16_136,
        total_vnd=217_836,
    )
    assert invoice_of(10).period == Period(date(2026, 7, 1), date(2026, 7, 14))


def test_an_electronic_meter_with_a_normal_register_pays_the_single_price(house: House) -> None:
    row = outbound_row(11, old=10, before_kwh=49, kind="BT", price=HOUSEHOLD)
    expect_balance(house.bill_all((row, 60)))
    expect_bill(
        11,
        [("1", "SH", 50, 1984, 99_200)],
        net_vnd=99_200,
        vat_vnd=7_936,
        total_vnd=107_136,
    )
