"""Bulk work reports done + held + failed = input, asserted (STYLE rule 8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one piece of bulk work.

    Raises:
        ValueError: when done + held + failed differs from the input.
    """

    input: int
    done: int
    held: int = 0
    failed: int = 0

    def __post_init__(self) -> None:
        if self.done + self.held + self.failed != self.input:
            raise ValueError(
                f"the tally does not balance: done {self.done} + held {self.held}"
                f" + failed {self.failed} ≠ input {self.input}"
            )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.input + other.input,
            self.done + other.done,
            self.held + other.held,
            self.failed + other.failed,
        )

    def as_dict(self) -> dict[str, int]:
        return {
            "input": self.input,
            "done": self.done,
            "held": self.held,
            "failed": self.failed,
        }


NOTHING = Tally(0, 0)
