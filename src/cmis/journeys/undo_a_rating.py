"""Take a book period back from its rating while no invoice of it went out."""

from datetime import datetime

from django.db import transaction

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.billing import operations as billing
from cmis.modules.billing import queries as bills
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books


class UnableToUndoRating(UnableTo):
    code = "BIL-014"
    what = Bilingual(
        "Kỳ {period} đã phát hành {count} hóa đơn nên không hủy tính tiền được.",
        "Period {period} has {count} issued invoices, so its rating cannot be undone.",
    )
    next_step = Bilingual(
        "Dùng hóa đơn điều chỉnh hoặc thay thế cho hóa đơn sai.",
        "Correct the wrong invoices by adjustment or replacement.",
    )


@transaction.atomic
def undo_rating(
    scope: UnitScope, period_code: str, *, actor: str, at: datetime, reason: str
) -> int:
    """Withdraw the bills of a period and make its readings confirmed again.

    Returns:
        how many bills were withdrawn.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToUndoRating: an invoice of it was issued already.
        UnableToUndoStep: rating is not the last step that ran.
    """
    period = books.period(scope, period_code)
    reading.lock_period(period.id)
    issued = len(bills.issued_codes(period.id))
    if issued:
        raise UnableToUndoRating(period=period_code, count=issued)
    withdrawn = billing.withdraw_period(period.id, actor=actor, at=at, reason=reason)
    reading.mark_unbilled(books.billed_row_ids(period.id))
    reading.retreat(period.id, period.state, back_to="confirmed", at=at, actor=actor, reason=reason)
    return withdrawn
