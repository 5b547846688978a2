"""Start a night from the desk: may the person, note who it was, and let it run on its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from cmis.engine.clock import local_date
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.authorisation import require
from cmis.modules.organisation.queries import UnableToFindUnit
from cmis.modules.organisation.types import Actor, UnitFacts
from cmis.modules.translog import operations as translog
from cmis.modules.translog.types import ALL_UNITS

ACTION = "run_night"
#: A night of the day before yesterday may still be finished; one far away is a slip of the pen.
MOST_DAYS_AWAY = 62


class UnableToStartNightFor(UnableTo):
    code = "LOG-003"
    what = Bilingual(
        "Không chạy được phiên đêm ngày {day}: cách hôm nay quá {days} ngày.",
        "The night of {day} cannot be started: it is more than {days} days away.",
    )
    next_step = Bilingual("Kiểm tra lại ngày hóa đơn.", "Check the invoice date.")


@dataclass(frozen=True, slots=True)
class NightChoices:
    """The nights a person may start: of single units, and of all units there are."""

    units: tuple[UnitFacts, ...]
    all_units: bool


def nights_to_choose(actor: Actor, *, at: datetime) -> NightChoices:
    on = local_date(at)
    scope = organisation.scope_of(actor, on, action=ACTION)
    return NightChoices(organisation.units(scope, on), scope.covers_all)


def start_a_night(
    day: date, unit_code: str, *, actor: Actor, at: datetime, launch: Callable[[date, str], None]
) -> None:
    """Have the night of a unit (``*``: of all units) run in a process of its own.

    Raises:
        UnableToFindUnit: no such unit that day, or not one where the actor may run nights.
        UnableToAct: the actor may not run it there; audited.
        UnableToStartNightFor: the day is out of reach.
    """
    on = local_date(at)
    scope = organisation.scope_of(actor, on)
    if unit_code == ALL_UNITS:
        if not organisation.scope_of(actor, on, action=ACTION).covers_all:
            raise UnableToFindUnit(unit=unit_code, on=on.isoformat())
        require(actor, ACTION, actor.unit_id, at=at)
    else:
        unit = organisation.unit(unit_code, on)
        if unit.id not in scope:
            raise UnableToFindUnit(unit=unit_code, on=on.isoformat())
        require(actor, ACTION, unit.id, at=at)
    if abs((day - on).days) > MOST_DAYS_AWAY:
        raise UnableToStartNightFor(day=day.strftime("%d/%m/%Y"), days=MOST_DAYS_AWAY)
    translog.record(
        actor=actor.username,
        unit_code=actor.unit_code if unit_code == ALL_UNITS else unit_code,
        action=ACTION,
        object_kind="night",
        object_code=f"{day.isoformat()} {unit_code}",
        at=at,
    )
    launch(day, unit_code)
