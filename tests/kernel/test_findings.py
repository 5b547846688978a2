"""Findings are data; anticipated failures speak two languages."""

import pytest

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.findings import HOLDING, Finding, Severity


def test_what_holds_a_row_and_what_does_not() -> None:
    assert {severity.value for severity in HOLDING} == {"confirm", "sign", "block"}
    assert Severity.NOTE not in HOLDING


def test_a_finding_is_a_value() -> None:
    finding = Finding("negative", Severity.BLOCK, {"previous": "100", "current": "99"})
    assert finding == Finding("negative", Severity.BLOCK, {"previous": "100", "current": "99"})
    assert finding != Finding("negative", Severity.SIGN, {"previous": "100", "current": "99"})
    assert Finding("zero", Severity.NOTE).values == {}
    with pytest.raises(AttributeError):
        finding.rule = "equal"  # type: ignore[misc]


class UnableToOpenBook(UnableTo):
    code = "TEST-001"
    what = Bilingual("Sổ {book} đang do {holder} giữ.", "Book {book} is held by {holder}.")
    next_step = Bilingual("Thu hồi sổ rồi thử lại.", "Take the book back and try again.")


def test_a_failure_says_what_happened_and_what_to_do_next_in_both_languages() -> None:
    failure = UnableToOpenBook(book="PX0100101", holder="reader 7")
    assert failure.message() == (
        "TEST-001: Sổ PX0100101 đang do reader 7 giữ. Thu hồi sổ rồi thử lại."
    )
    assert failure.message("en") == (
        "TEST-001: Book PX0100101 is held by reader 7. Take the book back and try again."
    )
    assert str(failure) == failure.message("en")
    assert failure.values == {"book": "PX0100101", "holder": "reader 7"}


def test_a_missing_value_is_a_bug_and_loud() -> None:
    with pytest.raises(KeyError, match="holder"):
        UnableToOpenBook(book="PX0100101")


def test_an_unknown_language_is_answered_in_vietnamese() -> None:
    assert Bilingual("Có", "Yes").render("fr") == "Có"
    assert Bilingual("Có", "Yes").render("en") == "Yes"
