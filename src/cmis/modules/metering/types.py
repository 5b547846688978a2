"""What metering takes and gives: frozen facts of points, meters and installations."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MeterTypeFacts:
    """One type of the catalogue; ``dial_digits`` is ``None`` while nobody has supplied it."""

    code: str
    dial_digits: int | None
    phase_count: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class PointToAdopt:
    """A metering point as another system knows it, with the meter it has.

    ``installed_on`` is the day from which the meter is known to hang there; ``install_indices``
    are the indices of its registers on that day.
    """

    code: str
    unit_id: int
    customer_id: int
    contract_id: int
    station_code: str
    book_code: str
    walk_code: str
    pole_code: str
    box_code: str
    meter_code: str
    serial: str
    type_code: str
    multiplier: Decimal
    buys_reactive: bool
    installed_on: date
    install_indices: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class AdoptedPoint:
    """Where a point to adopt ended up."""

    point_id: int
    installation_id: int
    dial_digits: int | None


@dataclass(frozen=True, slots=True)
class AdoptionCounts:
    """What an adoption added; known things are not counted."""

    points: int = 0
    meters: int = 0
    installations: int = 0
    meter_types: int = 0
    moved_points: int = 0

    def __add__(self, other: "AdoptionCounts") -> "AdoptionCounts":
        return AdoptionCounts(
            self.points + other.points,
            self.meters + other.meters,
            self.installations + other.installations,
            self.meter_types + other.meter_types,
            self.moved_points + other.moved_points,
        )


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    """A meter at a point, half-open in time: ``[installed_on, removed_on)``."""

    id: int
    point_id: int
    meter_code: str
    serial: str
    type_code: str
    dial_digits: int | None
    multiplier: Decimal
    buys_reactive: bool
    installed_on: date
    removed_on: date | None
    install_indices: tuple[tuple[str, Decimal], ...]
    removal_indices: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A metering point with whom it belongs to and where it is read."""

    id: int
    code: str
    unit_id: int
    unit_code: str
    customer_id: int
    customer_code: str
    contract_id: int
    station_code: str
    book_code: str
    walk_code: str
    pole_code: str
    box_code: str
