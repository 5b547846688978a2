"""The drop folder: what a night takes, what it leaves to others, what it refuses."""

from pathlib import Path

import pytest

from cmis.engine.clock import fixed_clock
from cmis.journeys.collect_the_drop import import_dropped_files
from tests.stories.nights import JULY, House, expect_invoices, expect_waiting, outbound_row
from tests.stories.reading_books import read_as

pytestmark = pytest.mark.django_db


def names(folder: Path) -> list[str]:
    return sorted(path.name.split(".")[0] + path.suffix for path in folder.glob("*"))


def test_a_unit_night_leaves_the_books_of_other_units_in_the_folder(house: House) -> None:
    own = outbound_row(1, old=100, before_kwh=90)
    other = outbound_row(2, old=100, before_kwh=90, book="PX0200701")
    house.adopt(own)
    house.adopt(other)
    house.bring_back(read_as(own, 200), name="own.xml")
    house.bring_back(read_as(other, 200), name="other.xml")
    house.night(JULY[1], unit="PX0100")
    expect_invoices((1, 1, 217_836))
    assert names(house.drop / "taken") == ["own.tsv", "own.xml"]
    assert (house.drop / "other.xml").exists()
    house.night(JULY[1], unit="PX0200")
    expect_invoices((1, 1, 217_836), (1, 2, 217_836))
    assert names(house.drop / "taken") == ["other.tsv", "other.xml", "own.tsv", "own.xml"]


def test_files_in_the_making_stay_and_damaged_ones_are_refused_with_the_reason(
    house: House,
) -> None:
    row = outbound_row(1, old=100, before_kwh=90)
    house.adopt(row)
    house.bring_back(read_as(row, 200), name="a.xml")
    house.bring_back(read_as(row, 200), name="b.xml.part")
    (house.drop / "broken.xml").write_bytes(b"<NewDataSet><Table1>")
    result = house.night(JULY[1])
    assert sorted((one.name, bool(one.error)) for one in result.files) == [
        ("a.xml", False), ("broken.xml", True),
    ]  # fmt: skip
    assert (house.drop / "b.xml.part").exists()
    assert names(house.drop / "refused") == ["broken.txt", "broken.xml"]
    expect_invoices((1, 1, 217_836))


def test_a_file_nothing_was_taken_of_goes_to_the_refused_with_its_verdicts(house: House) -> None:
    row = outbound_row(1, old=100, before_kwh=90)
    house.bring_back(read_as(row, 200), name="unknown.xml")  # its book was never adopted
    result = house.night(JULY[1])
    assert [(one.row_count, one.refused_count) for one in result.files] == [(1, 1)]
    assert names(house.drop / "refused") == ["unknown.tsv", "unknown.xml"]
    expect_waiting()


def test_a_file_that_another_night_took_meanwhile_is_no_error(house: House) -> None:
    gone = house.drop / "gone.xml"
    at = fixed_clock("2026-07-13T23:30:00")()
    assert import_dropped_files([gone], drop=house.drop, at=at, language="vi") == []
