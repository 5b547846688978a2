"""One book period from received readings to cleared bills: check, confirm, rate, gate 2.

Runs in a worker process of the night. Two transactions: the readings are checked and confirmed in
the first, rated in the second; each looks first whether there is still something to do.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cmis.journeys.rate_a_period import rate_period
from cmis.kernel.tally import Tally
from cmis.modules.reading import operations as reading

ACTOR = "night"


@dataclass(frozen=True, slots=True)
class PeriodJob:
    """One book period to take as far as it can go."""

    period_id: int
    on: date
    at: datetime
    night_id: int | None


def process_period(job: PeriodJob) -> Tally:
    """Check and rate one period.

    Returns:
        points rated: input = points with a reading or a hold, done = rated and cleared,
        held = waiting for a person, failed = refused by the law's data.
    """
    reading.check_period(job.period_id, at=job.at, actor=ACTOR, night_id=job.night_id)
    return rate_period(job.period_id, on=job.on, at=job.at, actor=ACTOR, night_id=job.night_id)
