"""Write a synthetic district to a folder, or let a simulated reader walk books that went out.

Needs no database: files in, files out. Personal data in the files is invented.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cmis.engine.simulation.district import SimulatedBook, simulate
from cmis.engine.simulation.invented_names import contact_of
from cmis.engine.simulation.population import District
from cmis.engine.simulation.reader import act_as_reader
from cmis.engine.simulation.truth import TruthRow, read_dial_indices, truth_lines
from cmis.kernel.errors import Bilingual, UnableTo

OUTBOUND, RETURNED, TRUTH, CONTACTS = "outbound", "returned", "truth.jsonl", "contacts.tsv"
_CONTACT_HEAD = "customer_code\tphone\temail\n"

#: Called after each book with what was counted so far.
Progress = Callable[["SimulationCounts"], None]


class UnableToUseTruth(UnableTo):
    """The truth of the month before is no truth file."""

    code = "SIM-003"
    what = Bilingual("Tệp sự thật {name} không dùng được.", "The truth file {name} is unusable.")
    next_step = Bilingual(
        "Dùng truth.jsonl do `cmis simulate` ghi ra.",
        "Use truth.jsonl as `cmis simulate` wrote it.",
    )


@dataclass(slots=True)
class SimulationCounts:
    """What was written. ``rows`` are registers; ``faults`` counts planted mistakes by kind."""

    books: int = 0
    customers: int = 0
    rows: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    situations: dict[str, int] = field(default_factory=dict)

    @property
    def faulty_rows(self) -> int:
        return sum(self.faults.values())

    def add(self, truth: Sequence[TruthRow]) -> None:
        self.books += 1
        self.rows += len(truth)
        for row in truth:
            self.situations[row.situation] = self.situations.get(row.situation, 0) + 1
            if row.fault:
                self.faults[row.fault] = self.faults.get(row.fault, 0) + 1


def simulate_a_district(
    district: District, out: Path, *, months: int = 1, progress: Progress | None = None
) -> SimulationCounts:
    """Write ``outbound/*.xml``, ``returned/*.xml``, ``truth.jsonl`` and ``contacts.tsv``.

    Files of an earlier run with the same names are replaced. Books are written as they are made, so
    memory does not grow with the district.

    Raises:
        OSError: the folder cannot be written.
    """
    counts = SimulationCounts()
    for folder in (OUTBOUND, RETURNED):
        (out / folder).mkdir(parents=True, exist_ok=True)
    with (
        (out / TRUTH).open("w", encoding="utf-8", newline="\n") as truth,
        (out / CONTACTS).open("w", encoding="utf-8", newline="\n") as contacts,
    ):
        contacts.write(_CONTACT_HEAD)
        for book in simulate(district, months=months):
            (out / OUTBOUND / book.file_name).write_bytes(book.outbound)
            (out / RETURNED / book.file_name).write_bytes(book.returned)
            truth.writelines(truth_lines(book.truth))
            counts.add(book.truth)
            if book.month == district.first_month:
                counts.customers += len(book.customer_codes)
                contacts.writelines(_contact_lines(book))
            if progress is not None:
                progress(counts)
    return counts


def _contact_lines(book: SimulatedBook) -> list[str]:
    lines: list[str] = []
    for code in book.customer_codes:
        contact = contact_of(code)
        lines.append(f"{code}\t{contact.phone}\t{contact.email}\n")
    return lines


def read_books(
    files: Sequence[Path],
    out: Path,
    *,
    seed: int,
    earlier_truth: Path | None = None,
    progress: Progress | None = None,
) -> SimulationCounts:
    """Let a simulated reader walk outbound books: ``returned/*.xml`` and ``truth.jsonl`` of them.

    Args:
        earlier_truth: truth file of the month before, so that dials go on from where they were.

    Raises:
        UnableToUseTruth: the earlier truth is no truth file.
        UnableToReadBookFile, UnableToReadBookRow, UnableToActAsReader: a file is no outbound book.
        OSError: a file cannot be read or written.
    """
    try:
        earlier = read_dial_indices(earlier_truth) if earlier_truth else {}
    except ValueError as error:
        raise UnableToUseTruth(name=earlier_truth.name if earlier_truth else "") from error
    counts = SimulationCounts()
    (out / RETURNED).mkdir(parents=True, exist_ok=True)
    with (out / TRUTH).open("w", encoding="utf-8", newline="\n") as truth:
        for path in files:
            walked = act_as_reader(path.read_bytes(), seed=seed, earlier=earlier)
            (out / RETURNED / walked.file_name).write_bytes(walked.returned)
            truth.writelines(truth_lines(walked.truth))
            counts.add(walked.truth)
            counts.customers += len({row.customer_code for row in walked.truth})
            if progress is not None:
                progress(counts)
    return counts
