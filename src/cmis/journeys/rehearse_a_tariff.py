"""Rate the bills of a month again under another decision; nothing is written to the database."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.billing.case_queries import cases_of_month
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.types import UnitScope
from cmis.rules.rating.case import BillCase
from cmis.rules.rating.rehearsal import CaseToRehearse, Rehearsal, rehearse
from cmis.rules.tariffs.drafts import rehearsal_law
from cmis.rules.tariffs.loader import load_law


class UnableToRehearse(UnableTo):
    code = "LAW-010"
    what = Bilingual(
        "Không có hóa đơn nào của kỳ {month} để tính thử.",
        "There is no bill of the month {month} to rehearse with.",
    )
    next_step = Bilingual(
        "Chọn kỳ đã tính tiền, ví dụ --period 2026-6.", "Choose a rated month, as --period 2026-6."
    )


def rehearse_a_tariff(
    law_path: Path, *, year: int, month: int, scope: UnitScope | None = None, threshold_percent: int
) -> Rehearsal:
    """Compare every bill of a month with what a decision file, or a directory of law data, gives.

    Raises:
        UnableToLoadLaw: the decision breaks the schema.
        UnableToRehearse: the month has no bills.
    """
    rehearsed = rehearsal_law(law_path)
    result = rehearse(
        _cases(scope or organisation.everything(), year, month),
        in_force=load_law(),
        rehearsed=rehearsed,
        threshold_percent=threshold_percent,
    )
    if result.bills == 0:
        raise UnableToRehearse(month=f"{date(year, month, 1):%m/%Y}")
    return result


def _cases(scope: UnitScope, year: int, month: int) -> Iterator[CaseToRehearse]:
    for stored in cases_of_month(scope, year, month):
        yield CaseToRehearse(
            stored.bill_code,
            stored.customer_code,
            BillCase.from_json(stored.case),
            stored.total_vnd,
        )
