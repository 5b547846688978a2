"""Take the returned books that lie in the drop folder.

A file leaves the folder only after its import is committed: to ``taken/`` with its report beside
it, or to ``refused/`` with the reason when nothing of it was taken. A file found again after a kill
is known by its content and only moved. Names that begin with a dot or end in ``.part`` are still
being written. The night of one unit takes the files that name a book of that unit and leaves all
others to the nights of theirs.
"""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cmis.formats.hhu.import_report import report_text
from cmis.formats.hhu.quick_look import book_codes_in
from cmis.journeys.import_a_book import import_book_file
from cmis.kernel.errors import UnableTo
from cmis.modules.organisation import queries as organisation
from cmis.modules.reading.types import ImportOutcome

ACTOR = "night"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one dropped file: its counts, or the reason why it was refused."""

    name: str
    row_count: int = 0
    accepted_count: int = 0
    held_count: int = 0
    refused_count: int = 0
    already_imported: bool = False
    error: str = ""


def files_to_collect(drop: Path, *, books: Collection[str] | None = None) -> list[list[Path]]:
    """Files in name order, grouped so that files with a book in common stay in one group.

    Groups may be imported side by side; inside a group the order of names decides.

    Args:
        books: take only files that name one of these books; None takes every file.
    """
    drop.mkdir(parents=True, exist_ok=True)
    groups: list[tuple[set[str], list[Path]]] = []
    group_of: dict[str, tuple[set[str], list[Path]]] = {}
    for path in sorted(drop.iterdir()):
        if not path.is_file() or path.name.startswith(".") or path.suffix == ".part":
            continue
        data = _content(path)
        named = frozenset() if data is None else book_codes_in(data)
        if data is None or (books is not None and named.isdisjoint(books)):
            continue
        touched = {id(group_of[book]): group_of[book] for book in named if book in group_of}
        merged_books, merged_paths = set(named), []
        for group in touched.values():
            merged_books |= group[0]
            merged_paths += group[1]
            groups.remove(group)
        group = (merged_books, [*merged_paths, path])
        groups.append(group)
        group_of.update(dict.fromkeys(merged_books, group))
    return [sorted(paths) for _, paths in groups]


def import_dropped_files(
    group: Sequence[Path], *, drop: Path, at: datetime, language: str
) -> list[FileResult]:
    """Import the files of one group one after the other (runs in a worker process)."""
    found = (_import_one(path, drop=drop, at=at, language=language) for path in group)
    return [result for result in found if result is not None]


def _import_one(path: Path, *, drop: Path, at: datetime, language: str) -> FileResult | None:
    """The whole file, also rows of other units: half a file would be lost to their nights."""
    data = _content(path)
    if data is None:
        return None
    scope = organisation.everything()
    try:
        outcome = import_book_file(data, name=path.name, actor=ACTOR, at=at, scope=scope)
    except UnableTo as error:
        message = error.message(language)
        _move(path, drop / "refused", data, message + "\n", ".txt")
        return FileResult(path.name, error=message)
    folder = "taken" if outcome.is_taken else "refused"
    _move(path, drop / folder, data, report_text(outcome.verdicts), ".tsv")
    return _result(path.name, outcome)


def _content(path: Path) -> bytes | None:
    """The bytes of a file; None when another night took it away meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _move(path: Path, folder: Path, data: bytes, report: str, suffix: str) -> None:
    """Move a file under its content's hash too, so that no earlier file of its name is lost."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(data).hexdigest()[:12]
    (folder / f"{path.stem}.{mark}{suffix}").write_text(report, encoding="utf-8")
    with suppress(FileNotFoundError):  # another night moved the same file to the same place
        path.replace(folder / f"{path.stem}.{mark}{path.suffix}")


def _result(name: str, outcome: ImportOutcome) -> FileResult:
    return FileResult(
        name,
        row_count=outcome.row_count,
        accepted_count=outcome.accepted_count,
        held_count=outcome.held_count,
        refused_count=outcome.refused_count,
        already_imported=outcome.already_imported,
    )
