"""State and indices cannot be true together (readings §8)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.registers import ZERO_STATES, ReadingState
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck, figure

CODE = "STATE_INDEX_CONFLICT"
EXPLANATION = Bilingual(
    "Trạng thái {state} mâu thuẫn với chỉ số cũ {previous_index} và chỉ số mới {current_index}.",
    "State {state} contradicts the old index {previous_index} and the new index {current_index}.",
)
USUAL = Bilingual(
    "Trạng thái U, V, M, L, X, D cần chỉ số mới bằng chỉ số cũ; Q (qua vòng) cần chỉ số mới nhỏ"
    " hơn.",
    "States U, V, M, L, X, D need the old index again; Q (rolled over) needs a lower one.",
)

_KNOWN = frozenset(ReadingState)


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    state = row.state
    current = row.current_index
    if not state or current is None or not row.captured:
        return None
    if state in ZERO_STATES:
        conflict = current != row.previous_index
    else:
        conflict = state not in _KNOWN or (state == "Q" and current >= row.previous_index)
    if not conflict:
        return None
    return Finding(
        CODE,
        Severity.BLOCK,
        {
            "state": state,
            "previous_index": figure(row.previous_index),
            "current_index": figure(current),
        },
    )
