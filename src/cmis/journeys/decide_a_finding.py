"""A person decides about a doubt: may he, is it not his own work, and then what it leads to.

Rights are asked for before the transaction begins, so that a refusal stays in the audit trail and
has changed nothing else (ORG-06, READ-19, READ-24).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction

from cmis.engine.clock import local_date
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.authorisation import DENIED, UnableToDecideOwnWork, require
from cmis.modules.organisation.types import Actor, UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.decisions import Settled
from cmis.modules.reading.types import Correction, FindingCard
from cmis.modules.translog import operations as translog
from cmis.rules.vee.estimation import EstimationMethod


class Decision(StrEnum):
    ACCEPT = "accept"
    SIGN = "sign"
    ESTIMATE = "estimate"
    SEND_BACK = "send_back"
    CORRECT = "correct"


#: Named action of the permission matrix each decision needs.
PERMISSION: Mapping[Decision, str] = {
    Decision.ACCEPT: "decide_finding",
    Decision.SIGN: "sign_gate_one",
    Decision.ESTIMATE: "decide_finding",
    Decision.SEND_BACK: "decide_finding",
    Decision.CORRECT: "decide_finding",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided: ``correction`` for *correct*, the next two for *estimate*."""

    decision: Decision
    reason: str = ""
    correction: Correction | None = None
    method: EstimationMethod | None = None
    customer_index: Decimal | None = None


def decide_a_finding(finding_id: int, verdict: Verdict, *, actor: Actor, at: datetime) -> Settled:
    """Carry a decision out and settle the point it is about.

    Raises:
        UnableToFindFinding: unknown, or in a unit the actor has nothing to do with.
        UnableToAct: none of the actor's roles allows it there; audited.
        UnableToDecideOwnWork: signing what he read, entered or accepted himself; audited.
        UnableToDecide, UnableToTakeCorrection, UnableToEstimate, UnableToEstimateAgain: the state
            of the row does not allow it.
    """
    scope = organisation.scope_of(actor, local_date(at))
    card = books.finding(scope, finding_id)
    require(actor, PERMISSION[verdict.decision], card.unit_id, at=at)
    if verdict.decision is Decision.SIGN:
        _refuse_own_work(card, actor, at=at)
    with transaction.atomic():
        return _ACTS[verdict.decision](scope, finding_id, verdict, actor.username, at)


def _refuse_own_work(card: FindingCard, actor: Actor, *, at: datetime) -> None:
    """Nobody signs a reading he took, entered, or let pass in another finding of the row."""
    own = {actor.username, actor.full_name}
    authors = {card.read_by, card.recorded_by, *books.deciders_of(card.row_id)}
    if not own.isdisjoint(author for author in authors if author):
        translog.record(
            actor=actor.username,
            unit_code=card.unit_code,
            action=DENIED,
            object_kind="finding",
            object_code=str(card.id),
            at=at,
            detail={"because": "own work"},
        )
        raise UnableToDecideOwnWork(username=actor.username)


def _accept(scope: UnitScope, id_: int, verdict: Verdict, actor: str, at: datetime) -> Settled:
    return reading.accept(scope, id_, actor=actor, at=at, reason=verdict.reason)


def _sign(scope: UnitScope, id_: int, verdict: Verdict, actor: str, at: datetime) -> Settled:
    return reading.sign(scope, id_, actor=actor, at=at, reason=verdict.reason)


def _send_back(scope: UnitScope, id_: int, verdict: Verdict, actor: str, at: datetime) -> Settled:
    return reading.send_back(scope, id_, actor=actor, at=at, reason=verdict.reason)


def _estimate(scope: UnitScope, id_: int, verdict: Verdict, actor: str, at: datetime) -> Settled:
    return reading.take_estimate(
        scope,
        id_,
        actor=actor,
        at=at,
        reason=verdict.reason,
        method=verdict.method,
        customer_index=verdict.customer_index,
    )


def _correct(scope: UnitScope, id_: int, verdict: Verdict, actor: str, at: datetime) -> Settled:
    assert verdict.correction is not None  # the form or command always brings one
    return reading.correct(scope, id_, verdict.correction, actor=actor, at=at)


_ACTS: Mapping[Decision, Callable[[UnitScope, int, Verdict, str, datetime], Settled]] = {
    Decision.ACCEPT: _accept,
    Decision.SIGN: _sign,
    Decision.ESTIMATE: _estimate,
    Decision.SEND_BACK: _send_back,
    Decision.CORRECT: _correct,
}
