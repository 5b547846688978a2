"""One register on the day the reader stands before it: the true dial, and what he writes down."""

from dataclasses import dataclass, field
from decimal import Decimal

from cmis.engine.simulation.truth import Fault, Situation
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.verdict_codes import Verdict


@dataclass(slots=True)
class RegisterVisit:
    """Filled in three steps: the dial turns, the reader meets a situation, a fault is planted.

    ``recorded_index`` None is an unread row. ``altered`` holds columns the fault changes that a
    reader must not touch; ``copies`` is how often the row comes back; ``expected_verdict`` is None
    where only judgment can tell.
    """

    row: RegisterRow
    dial_digits: int
    start_index: int
    passed_units: int
    energy_kwh: Decimal
    recorded_index: Decimal | None = None
    state: str = ""
    asks_for_answer: bool = True
    days_late: int = 0
    wrong_energy_kwh: Decimal | None = None
    altered: dict[str, str | Decimal] = field(default_factory=dict)
    copies: int = 1
    situation: Situation = Situation.ORDINARY
    fault: Fault = Fault.NONE
    expected_verdict: Verdict | None = Verdict.GOOD

    @property
    def capacity(self) -> int:
        return int(10**self.dial_digits)

    @property
    def true_index(self) -> int:
        """What the dial shows, after a rollover too."""
        return (self.start_index + self.passed_units) % self.capacity

    @property
    def rolled_over(self) -> bool:
        return self.start_index + self.passed_units >= self.capacity

    @property
    def previous_units(self) -> int:
        """The old index as the book has it, in whole units."""
        return int(self.row.previous_index)

    def write_down_truth(self) -> None:
        """What an honest reader records; an unmoved dial repeats the old index to the decimal."""
        true_index = self.true_index
        if true_index == self.previous_units:
            self.recorded_index = self.row.previous_index
        else:
            self.recorded_index = Decimal(true_index)
        if self.rolled_over and true_index < self.previous_units:
            self.state = "Q"
            self.situation = Situation.ROLLOVER
