"""The unit tree through time, loaded once and asked in memory: a country has some 700 units."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cmis.modules.organisation.models import Unit, UnitVersion


@dataclass(frozen=True, slots=True)
class _Link:
    parent_id: int | None
    successor_id: int | None
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class UnitTree:
    """Who lies below whom on which day. A merged unit hangs below its successor."""

    def __init__(self) -> None:
        self.code_of: dict[int, str] = dict(Unit.objects.values_list("id", "code"))
        self.id_of = {code: id_ for id_, code in self.code_of.items()}
        self._links: dict[int, list[_Link]] = {}
        rows = UnitVersion.objects.order_by("valid_from", "id").values_list(
            "unit_id", "parent_id", "successor_id", "valid_from", "valid_to"
        )
        for unit_id, *link in rows:
            self._links.setdefault(unit_id, []).append(_Link(*link))

    def exists(self, unit_id: int, on: date) -> bool:
        return self._link(unit_id, on) is not None

    def acting(self, unit_id: int, on: date) -> int:
        """The unit that does a unit's work on a day: itself, or the last of its successors."""
        seen: set[int] = set()
        while unit_id not in seen:
            seen.add(unit_id)
            link = self._link(unit_id, on)
            if link is None or link.successor_id is None:
                return unit_id
            unit_id = link.successor_id
        return unit_id

    def upwards(self, unit_id: int, on: date) -> Iterator[int]:
        """The unit and everything above it, nearest first."""
        seen: set[int] = set()
        current: int | None = unit_id
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            link = self._link(current, on)
            current = None if link is None else link.parent_id

    def below(self, unit_id: int, on: date) -> frozenset[int]:
        """The unit and everything below it on a day."""
        children: dict[int, list[int]] = {}
        for id_ in self._links:
            link = self._link(id_, on)
            if link is not None and link.parent_id is not None:
                children.setdefault(link.parent_id, []).append(id_)
        found: set[int] = set()
        waiting = [unit_id]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found.add(current)
                waiting.extend(children.get(current, ()))
        return frozenset(found)

    def overlap(self, one: int, other: int, on: date) -> bool:
        """Whether two units share area on a day: the same, or one below the other."""
        one, other = self.acting(one, on), self.acting(other, on)
        return other in self.upwards(one, on) or one in self.upwards(other, on)

    def change_days(self, start: date, end: date | None) -> tuple[date, ...]:
        """``start`` and every later day before ``end`` on which the tree changes."""
        days = {
            link.valid_from
            for links in self._links.values()
            for link in links
            if link.valid_from > start and (end is None or link.valid_from < end)
        }
        return (start, *sorted(days))

    def changes_after(self, unit_id: int, day: date) -> bool:
        """Whether a change of this very unit is recorded for a later day."""
        return any(link.valid_from > day for link in self._links.get(unit_id, ()))

    def _link(self, unit_id: int, on: date) -> _Link | None:
        return next((link for link in self._links.get(unit_id, ()) if link.holds(on)), None)
