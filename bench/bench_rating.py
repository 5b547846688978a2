"""How fast the rating is: 100,000 household bills through the columns, and single explanations.

Prints plain ``name: value`` lines. Run: ``PYTHONPATH=src python bench/bench_rating.py [BILLS]``.
"""

import sys
from datetime import date
from time import perf_counter

import numpy as np

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import (
    BillCase,
    Purpose,
    RegisterEnergy,
    columns_from_cases,
    columns_from_rows,
    explain,
    price_tables,
    rate,
)
from cmis.rules.tariffs import load_law


def main(count: int) -> None:
    law = load_law()
    tables = price_tables(law)
    rng = np.random.default_rng(7)
    kwh = rng.gamma(2.0, 110.0, count).astype(np.int64)
    start = np.full(count, "2026-06-14", "datetime64[D]")
    began = perf_counter()
    columns = columns_from_rows(
        law,
        period_start=start,
        period_end=start + 30,
        term_bill=np.arange(count),
        term_register=np.zeros(count, np.int64),
        term_item=np.full(count, tables.item_id("SH")),
        term_kwh=kwh,
    )
    built = perf_counter()
    rated = rate(columns, law)
    ended = perf_counter()
    print(f"rating_columns_build_s: {built - began:.4f}")
    print(f"rating_rate_s: {ended - built:.4f}")
    print(f"rating_bills_per_s: {count / (ended - built):.0f}")
    print(f"rating_bills: {count}")
    print(f"rating_lines: {len(rated.lines.bill_index)}")
    period = Period(date(2026, 6, 14), date(2026, 7, 14))
    sample = [
        BillCase(
            str(index), period, (RegisterEnergy(RegisterKind.SINGLE, value, (Purpose("SH"),)),)
        )
        for index, value in enumerate(kwh[:20_000].tolist())
    ]
    began = perf_counter()
    explained = [explain(case, law) for case in sample]
    ended = perf_counter()
    print(f"explain_bills_per_s: {len(explained) / (ended - began):.0f}")
    began = perf_counter()
    columns_from_cases(sample, law)
    ended = perf_counter()
    print(f"columns_from_cases_per_s: {len(sample) / (ended - began):.0f}")
    began = perf_counter()
    texts = [case.to_json() for case in sample]
    ended = perf_counter()
    print(f"case_to_json_per_s: {len(texts) / (ended - began):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
