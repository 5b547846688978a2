"""Everything between a returned book and a delivered invoice, unattended and restartable.

Phases, in order: *collect* (import the drop folder) → *bill* (check, confirm what may pass, rate,
gate 2; one book period at a time) → *issue* (numbers, signatures, notices; one unit at a time, in a
fixed order) → *deliver* → *report*. Every piece of work is one transaction that first looks whether
it is still to be done, so a killed night is simply started again.
"""

import logging
import os
import socket
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from cmis.engine.clock import Clock
from cmis.engine.pool import ordered, start_django, worker_pool
from cmis.journeys.close_periods import mark_issued, mark_sent_and_locked
from cmis.journeys.collect_the_drop import FileResult, files_to_collect, import_dropped_files
from cmis.journeys.deliver_messages import deliver_due
from cmis.journeys.issue_invoices import issue_for_site
from cmis.journeys.night_progress import LedgerProgress, Progress
from cmis.journeys.night_report import night_summary
from cmis.journeys.process_a_period import PeriodJob, process_period
from cmis.kernel.errors import UnableTo
from cmis.kernel.tally import NOTHING, Tally
from cmis.modules.billing import queries as bills
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import queries as books
from cmis.modules.translog import operations as translog

log = logging.getLogger("cmis.night")

#: The night of every unit there is.
ALL_UNITS = "*"
ACTOR = "night"


@dataclass(frozen=True, slots=True)
class NightOrder:
    """What a night is asked to do."""

    date: date
    drop: Path
    unit_code: str = ALL_UNITS
    workers: int = 1
    deliver: bool = True


@dataclass(slots=True)
class NightResult:
    """What a night did; ``failures`` are anticipated errors that stopped one unit or file."""

    night_id: int
    files: list[FileResult] = field(default_factory=list)
    billed: Tally = NOTHING
    issued: Tally = NOTHING
    delivered: Tally = NOTHING
    failures: list[str] = field(default_factory=list)
    summary: dict[str, object] = field(default_factory=dict)


def run_the_night(
    order: NightOrder, *, clock: Clock, progress: Progress | None = None, language: str = "vi"
) -> NightResult:
    """Run or finish the night of a date.

    Raises:
        UnableToStartNight: another living process runs the same night.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}"
    scope = _scope(order)
    night_id = translog.open_night(
        date=order.date, unit_code=order.unit_code, worker=worker, at=clock(), is_alive=is_alive
    ).id
    log.info("night started", extra={"date": order.date.isoformat(), "unit": order.unit_code})
    ledger = LedgerProgress(night_id=night_id, worker=worker, clock=clock, also=progress)
    result = NightResult(night_id)
    state = "failed"
    try:
        _phases(order, scope, result, clock=clock, ledger=ledger, language=language)
        state = "finished"
    finally:
        result.summary = night_summary(result, order=order, scope=scope)
        translog.close_night(
            night_id, worker=worker, at=clock(), summary=result.summary, state=state
        )
        log.info("night ended", extra={"state": state, "issued": result.issued.done})
    return result


def _phases(
    order: NightOrder,
    scope: UnitScope,
    result: NightResult,
    *,
    clock: Clock,
    ledger: LedgerProgress,
    language: str,
) -> None:
    with worker_pool(order.workers, start_django) as pool:
        # one writer on SQLite: only signing, which needs no database, may use every processor
        writers = pool if books.can_write_in_parallel() else None
        _collect(order, scope, result, clock=clock, ledger=ledger, language=language, pool=writers)
        _bill(order, scope, result, clock=clock, ledger=ledger, pool=writers)
        _issue(order, scope, result, clock=clock, ledger=ledger, language=language, pool=pool)
    mark_issued(scope, at=clock(), night_id=result.night_id)
    if order.deliver:
        result.delivered = deliver_due(clock=clock, progress=ledger)
    mark_sent_and_locked(scope, at=clock(), night_id=result.night_id)
    ledger.phase("report", 1)
    ledger.step()


def _collect(
    order: NightOrder,
    scope: UnitScope,
    result: NightResult,
    *,
    clock: Clock,
    ledger: LedgerProgress,
    language: str,
    pool: ProcessPoolExecutor | None,
) -> None:
    own = None if order.unit_code == ALL_UNITS else books.book_codes(scope)
    groups = files_to_collect(order.drop, books=own)
    ledger.phase("collect", sum(len(group) for group in groups))
    collect = partial(import_dropped_files, drop=order.drop, at=clock(), language=language)
    for outcomes in ordered(pool, collect, groups, ahead=2 * order.workers):
        result.files.extend(outcomes)
        ledger.step(len(outcomes))


def _bill(
    order: NightOrder,
    scope: UnitScope,
    result: NightResult,
    *,
    clock: Clock,
    ledger: LedgerProgress,
    pool: ProcessPoolExecutor | None,
) -> None:
    due = books.periods_due(scope, order.date)
    ledger.phase("bill", len(due))
    jobs = [PeriodJob(period.id, order.date, clock(), result.night_id) for period in due]
    for tally in ordered(pool, process_period, jobs, ahead=2 * order.workers):
        result.billed += tally
        ledger.step()


def _issue(
    order: NightOrder,
    scope: UnitScope,
    result: NightResult,
    *,
    clock: Clock,
    ledger: LedgerProgress,
    language: str,
    pool: ProcessPoolExecutor | None,
) -> None:
    """One unit after another; a unit that cannot issue does not stop the next one."""
    sites = bills.sites_to_issue(scope, until=order.date)
    ledger.phase("issue", sum(site.bill_count for site in sites))
    for site in sites:
        try:
            result.issued += issue_for_site(
                site,
                on=order.date,
                at=clock(),
                pool=pool,
                workers=order.workers,
                progress=ledger,
            )
        except UnableTo as error:
            result.failures.append(error.message(language))
            log.warning("unit not issued", extra={"unit": site.unit_code, "code": error.code})


def _scope(order: NightOrder) -> UnitScope:
    if order.unit_code == ALL_UNITS:
        return organisation.everything()
    return organisation.scope_of(order.unit_code, order.date)


def is_alive(worker: str) -> bool | None:
    """Whether a worker ``host:pid`` lives; None when it is on another machine."""
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return None
    if int(pid) == os.getpid():
        return False  # ourselves: an earlier night of this process
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
