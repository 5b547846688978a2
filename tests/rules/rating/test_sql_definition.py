"""A third definition of the common bills in SQL: households by blocks, flat prices, time of use.

Written from the price decision (prices typed here, not read from the product's data) and from
tariffs §4, §5, §8; it shares no code with the engines.
"""

from datetime import date
from fractions import Fraction

import duckdb
import numpy as np

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import (
    BillCase,
    ExplainedBill,
    Purpose,
    RegisterEnergy,
    columns_from_rows,
    explain,
    price_tables,
    rate,
)
from cmis.rules.tariffs import load_law

LAW = load_law()
Term = tuple[int, str, int, bool, int, int]
ITEMS = ("SH", "HC2_LT6", "CHO", "SX_LT6", "KD_22")
#: register 0 KT, 1 BT, 2 TD, 3 CD, as the columns of the kernel.
KINDS = [RegisterKind(code) for code in ("KT", "BT", "TD", "CD")]

DEFINITION = """
with blocks(tier, low, width, price) as (values
    (1, 0, 50, 1984), (2, 50, 50, 2050), (3, 100, 100, 2380),
    (4, 200, 100, 2998), (5, 300, 100, 3350), (6, 400, 1000000000, 3460)),
prices(item, register, by_time, price) as (values
    ('HC2_LT6', 0, false, 2226), ('CHO', 0, false, 2818),
    ('SX_LT6', 0, false, 1987), ('SX_LT6', 1, true, 1987),
    ('SX_LT6', 2, true, 1300), ('SX_LT6', 3, true, 3640),
    ('SX_LT6', 1, false, 1987), ('SX_LT6', 2, false, 1987), ('SX_LT6', 3, false, 1987),
    ('SX_LT6', 0, true, 1987),
    ('KD_22', 0, false, 2887), ('KD_22', 0, true, 2887), ('KD_22', 1, true, 2887),
    ('KD_22', 2, true, 1609), ('KD_22', 3, true, 5025),
    ('KD_22', 1, false, 2887), ('KD_22', 2, false, 2887), ('KD_22', 3, false, 2887)),
lines as (
    select bill, greatest(0, least(kwh - low * households, width * households)) * price as amount
    from terms join blocks on terms.item = 'SH'
    union all
    select bill, kwh * price from terms join prices using (item, register)
    where prices.by_time = terms.by_time or terms.item in ('HC2_LT6', 'CHO'))
select bill, cast(sum(amount) as bigint) as net,
    cast((sum(amount) * 8 * 2 + 100) // 200 as bigint) as vat
from lines group by bill order by bill
"""


def make_terms(count: int) -> list[Term]:
    """(bill, item, register, by time of use, households, kWh), bill by bill."""
    rng = np.random.default_rng(20260713)
    terms = []
    for bill in range(count):
        item = ITEMS[int(rng.choice(5, p=[0.6, 0.1, 0.1, 0.1, 0.1]))]
        by_time = item in ("SX_LT6", "KD_22") and bool(rng.integers(2))
        registers = (1, 2, 3) if item in ("SX_LT6", "KD_22") and rng.integers(2) else (0,)
        households = int(rng.integers(1, 5)) if item == "SH" else 1
        for register in registers:
            kwh = int(rng.gamma(1.5, 160 if item == "SH" else 900))
            terms.append((bill, item, register, by_time, households, kwh))
    return terms


def test_sql_kernel_and_explanation_agree_to_the_dong() -> None:
    terms = make_terms(20_000)
    heads = {term[0]: term for term in terms}
    terms_by_bill: dict[int, list[Term]] = {bill: [] for bill in heads}
    for term in terms:
        terms_by_bill[term[0]].append(term)
    columns = list(zip(*terms, strict=True))
    tables = price_tables(LAW)
    start = np.full(len(heads), "2026-06-14", "datetime64[D]")
    rated = rate(
        columns_from_rows(
            LAW,
            period_start=start,
            period_end=start + 30,
            term_bill=columns[0],
            term_register=columns[2],
            term_item=[tables.item_id(item) for item in columns[1]],
            term_kwh=columns[5],
            households_num=[head[4] for head in heads.values()],
            time_of_use=[head[3] for head in heads.values()],
        ),
        LAW,
    )
    assert not rated.bills.refused.any()
    found = run_definition(columns)
    assert found["bill"].tolist() == list(range(20_000))
    assert np.array_equal(found["net"], rated.bills.net_vnd)
    assert np.array_equal(found["vat"], rated.bills.vat_vnd)
    for bill, (_, _, _, by_time, households, _) in list(heads.items())[:1000]:
        explained = explain(case_of(terms_by_bill[bill], by_time, households), LAW)
        assert isinstance(explained, ExplainedBill)
        assert (explained.net_vnd, explained.vat_vnd) == (found["net"][bill], found["vat"][bill])


def run_definition(columns: list[tuple[object, ...]]) -> dict[str, np.ndarray]:
    names = ("bill", "item", "register", "by_time", "households", "kwh")
    arrays = {name: np.array(column) for name, column in zip(names, columns, strict=True)}
    connection = duckdb.connect()
    connection.execute(
        "create table terms(bill bigint, item varchar, register bigint, by_time boolean,"
        " households bigint, kwh bigint)"
    )
    connection.register("given", arrays)
    connection.execute(f"insert into terms select {', '.join(names)} from given")
    return connection.execute(DEFINITION).fetchnumpy()


def case_of(terms: list[Term], by_time: bool, households: int) -> BillCase:
    registers = tuple(
        RegisterEnergy(KINDS[register], kwh, (Purpose(item),))
        for _, item, register, _, _, kwh in terms
    )
    period = Period(date(2026, 6, 14), date(2026, 7, 14))
    return BillCase("X", period, registers, Fraction(households), by_time)
