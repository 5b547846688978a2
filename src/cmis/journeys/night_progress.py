"""How the night tells the world where it stands."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cmis.modules.translog import operations as translog


class Progress(Protocol):
    """Told at every boundary. ``step`` is called right after a transaction committed."""

    def phase(self, name: str, total: int) -> None:
        """A phase begins with ``total`` things to do."""

    def step(self, count: int = 1) -> None:
        """``count`` more things of the phase are done and committed."""


class LedgerProgress:
    """Writes progress into the night's ledger entry, which keeps its lease alive as well."""

    def __init__(
        self, *, night_id: int, worker: str, clock: Callable[[], datetime], also: Progress | None
    ) -> None:
        self._night_id = night_id
        self._worker = worker
        self._clock = clock
        self._also = also
        self._name = ""
        self._total_count = 0
        self._done_count = 0

    def phase(self, name: str, total: int) -> None:
        self._name, self._total_count, self._done_count = name, total, 0
        self._write()
        if self._also is not None:
            self._also.phase(name, total)

    def step(self, count: int = 1) -> None:
        self._done_count += count
        self._write()
        if self._also is not None:
            self._also.step(count)

    def _write(self) -> None:
        translog.beat(
            self._night_id,
            worker=self._worker,
            at=self._clock(),
            phase=self._name,
            done_count=self._done_count,
            total_count=self._total_count,
        )
