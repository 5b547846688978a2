"""Every change reading offers to journeys and interfaces."""

from cmis.modules.reading.billable import hold_for_law, mark_billed, mark_unbilled
from cmis.modules.reading.checking import check_period, settle_points
from cmis.modules.reading.decisions import (
    accept,
    correct,
    estimates_for,
    send_back,
    sign,
    take_estimate,
)
from cmis.modules.reading.following import (
    carry_unsettled,
    exchange_text,
    lock_last_periods,
    one_month_later,
    record_prepared,
    reserve_row_ids,
    rows_to_follow,
)
from cmis.modules.reading.intake import lock_periods, take_file, take_readings
from cmis.modules.reading.period_opening import differing_rows, known_period, open_period
from cmis.modules.reading.period_steps import (
    SUBJECT,
    advance,
    cancel_receipt,
    hand_out,
    lock_period,
    mark_issued_periods,
    retreat,
    take_back,
    undo_check,
)

__all__ = [
    "SUBJECT",
    "accept",
    "advance",
    "cancel_receipt",
    "carry_unsettled",
    "check_period",
    "correct",
    "differing_rows",
    "estimates_for",
    "exchange_text",
    "hand_out",
    "hold_for_law",
    "known_period",
    "lock_last_periods",
    "lock_period",
    "lock_periods",
    "mark_billed",
    "mark_issued_periods",
    "mark_unbilled",
    "one_month_later",
    "open_period",
    "record_prepared",
    "reserve_row_ids",
    "retreat",
    "rows_to_follow",
    "send_back",
    "settle_points",
    "sign",
    "take_back",
    "take_estimate",
    "take_file",
    "take_readings",
    "undo_check",
]
