"""May this person do this here? Refused acts are written into the audit trail."""

from datetime import datetime

from cmis.engine.clock import local_date
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.organisation.models import Unit
from cmis.modules.organisation.roles import PERMISSIONS
from cmis.modules.organisation.tree import UnitTree
from cmis.modules.organisation.types import Actor
from cmis.modules.translog import operations as translog

#: Audit action of a refusal.
DENIED = "denied"


class UnableToAct(UnableTo):
    code = "ORG-011"
    what = Bilingual(
        "{username} không có quyền {action} tại đơn vị {unit}.",
        "{username} has no right to {action} in unit {unit}.",
    )
    next_step = Bilingual(
        "Đề nghị quản trị đơn vị cấp vai trò phù hợp.",
        "Ask the unit's administrator for a role that allows it.",
    )


class UnableToDecideOwnWork(UnableTo):
    code = "ORG-012"
    what = Bilingual(
        "{username} không được ký duyệt việc do chính mình làm.",
        "{username} may not sign work of their own.",
    )
    next_step = Bilingual(
        "Chuyển cho người khác có cùng thẩm quyền ký.",
        "Let somebody else with the same authority sign.",
    )


def is_allowed(actor: Actor, action: str, unit_id: int, *, at: datetime) -> bool:
    """Whether one of the actor's roles allows an action in a unit.

    Raises:
        KeyError: there is no such action; a misspelt action must never pass.
    """
    allowed = PERMISSIONS[action]
    roots = {grant.unit_id for grant in actor.grants if grant.role in allowed}
    if not roots:
        return False
    on = local_date(at)
    tree = UnitTree()
    above = set(tree.upwards(unit_id, on))
    return any(tree.acting(root, on) in above for root in roots)


def is_allowed_somewhere(actor: Actor, action: str) -> bool:
    """Whether the actor may do it in any unit: what menus and pages without a unit ask."""
    return not PERMISSIONS[action].isdisjoint(actor.roles)


def require(actor: Actor, action: str, unit_id: int, *, at: datetime) -> None:
    """Let the act go on, or refuse it and write the refusal into the audit trail.

    Call it before the transaction of the act begins: inside, the audit entry would be rolled back
    together with the act.

    Raises:
        UnableToAct: no role of the actor allows it there.
        KeyError: there is no such action.
    """
    if is_allowed(actor, action, unit_id, at=at):
        return
    code = Unit.objects.filter(pk=unit_id).values_list("code", flat=True).first() or ""
    _refuse(actor, action, code, at)


def require_somewhere(actor: Actor, action: str, *, at: datetime) -> None:
    """As :func:`require`, for pages that belong to no single unit.

    Raises:
        UnableToAct: no role of the actor allows it anywhere.
    """
    if not is_allowed_somewhere(actor, action):
        _refuse(actor, action, actor.unit_code, at)


def refuse_own_work(actor: Actor, author_username: str) -> None:
    """Nobody signs what they read or decided themselves (ORG-06, READ-24).

    Raises:
        UnableToDecideOwnWork: the author is the actor.
    """
    if actor.username == author_username:
        raise UnableToDecideOwnWork(username=actor.username)


def _refuse(actor: Actor, action: str, unit_code: str, at: datetime) -> None:
    translog.record(
        actor=actor.username,
        unit_code=unit_code,
        action=DENIED,
        object_kind="action",
        object_code=action,
        at=at,
        detail={"roles": sorted(actor.roles), "home_unit": actor.unit_code},
    )
    raise UnableToAct(username=actor.username, action=action, unit=unit_code)
