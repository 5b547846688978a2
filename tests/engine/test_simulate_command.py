"""The files ``cmis simulate`` writes, and the lines it prints."""

import argparse
import hashlib
from pathlib import Path

import pytest

from cmis.interfaces.commands import simulate as command


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    arguments = parser.parse_args(["simulate", *map(str, words)])
    assert arguments.needs_database is False
    return int(arguments.func(arguments))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_district_is_written_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--customers", "120", "--seed", "4", "--out", tmp_path / "a", "--months", "2") == 0
    printed = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    outbound = sorted(path.name for path in (tmp_path / "a" / "outbound").iterdir())
    returned = sorted(path.name for path in (tmp_path / "a" / "returned").iterdir())
    truth = (tmp_path / "a" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    contacts = (tmp_path / "a" / "contacts.tsv").read_text(encoding="utf-8").splitlines()
    assert outbound == returned
    assert (printed["books"], printed["customers"]) == (str(len(outbound)), "120")
    assert printed["rows"] == str(len(truth))
    assert contacts[0] == "customer_code\tphone\temail"
    assert len(contacts) == 121
    shares = [name for name in printed if name.startswith("situation_")]
    assert sum(int(printed[name]) for name in shares) == len(truth)

    run("--customers", "120", "--seed", "4", "--out", tmp_path / "b", "--months", "2")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_books_that_went_out_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--customers", "120", "--seed", "4", "--out", tmp_path, "--month", "2026-6-1")
    books = sorted((tmp_path / "outbound").iterdir())
    capsys.readouterr()
    again = tmp_path / "again"
    truth = tmp_path / "truth.jsonl"
    assert run("--read", *books, "--seed", "9", "--out", again, "--truth", truth) == 0
    printed = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    assert (printed["books"], printed["customers"]) == (str(len(books)), "120")
    assert sorted(path.name for path in (again / "returned").iterdir()) == [
        path.name for path in books
    ]


def test_a_truth_file_of_something_else_is_refused(tmp_path: Path) -> None:
    from cmis.journeys.simulate_a_district import UnableToUseTruth

    other = tmp_path / "other.jsonl"
    other.write_text("{}\n", encoding="utf-8")
    with pytest.raises(UnableToUseTruth):
        run("--read", other, "--seed", "1", "--out", tmp_path / "out", "--truth", other)


@pytest.mark.parametrize("words", [("--customers", "0"), ("--customers", "5", "--month", "June")])
def test_wrong_words_are_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*words, "--seed", "1", "--out", tmp_path)
    assert stopped.value.code == 2
