"""Hostile, damaged and foreign files are refused with a clear code; nothing else ever comes out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmis.formats.hhu import decoding, scanner
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.failures import (
    BookFileBeyondLimits,
    BookFileCutShort,
    BookFileDamaged,
    BookFileHasEntities,
    BookFileTooLarge,
    BookFileWrongEncoding,
    BookRowNotFlat,
    NotABookFile,
    UnableToReadBookFile,
)
from tests.formats.hhu.samples import OUTBOUND, RETURNED, sample

ROW = b"<Table1><BOCSO_ID>1</BOCSO_ID></Table1>"


def wrapped(inside: bytes) -> bytes:
    return b"<NewDataSet>" + inside + b"</NewDataSet>"


def refusal_of(data: bytes) -> UnableToReadBookFile:
    with pytest.raises(UnableToReadBookFile) as refusal:
        parse_book_file(data)
    for language in ("vi", "en"):
        message = refusal.value.message(language)
        assert message.startswith(f"{refusal.value.code}: ")
        assert "{" not in message
    return refusal.value


def test_an_entity_bomb_is_refused_before_anything_is_expanded() -> None:
    lines = ['<!DOCTYPE b [<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 40)]
    bomb = "".join(lines) + "]>"
    data = bomb.encode() + wrapped(b"<Table1><A>&a39;</A></Table1>")
    assert type(refusal_of(data)) is BookFileHasEntities


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/p.dtd"> %p;]>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b"<!DOCTYPE NewDataSet>",
    ],
)
def test_no_document_type_of_any_kind(doctype: bytes) -> None:
    assert refusal_of(doctype + wrapped(ROW)).code == "READ-102"


def test_an_undeclared_entity_is_damage() -> None:
    assert type(refusal_of(wrapped(b"<Table1><A>&e;</A></Table1>"))) is BookFileDamaged


def test_deep_nesting_is_refused_at_the_first_level_too_deep() -> None:
    data = b"<a>" * 5_000_000
    refusal = refusal_of(data)
    assert type(refusal) is BookFileBeyondLimits
    assert refusal.values == {"limit_name": "DEPTH_LIMIT", "limit": 32, "line": 1}


def test_nesting_inside_a_row_is_refused_at_once() -> None:
    refusal = refusal_of(wrapped(b"<Table1>" + b"<a>" * 1_000_000))
    assert type(refusal) is BookRowNotFlat
    assert refusal.values["row"] == 1


def test_a_text_of_100_million_bytes_is_too_large() -> None:
    refusal = refusal_of(wrapped(b"<Table1><A>" + b"x" * 100_000_000 + b"</A></Table1>"))
    assert type(refusal) is BookFileTooLarge
    assert refusal.values["limit_bytes"] == 64 * 1024 * 1024


def test_a_long_text_within_the_file_limit_is_refused_and_the_longest_allowed_is_read() -> None:
    longest = b"x" * scanner.TEXT_LIMIT
    book = parse_book_file(wrapped(b"<Table1><A>" + longest + b"</A></Table1>"))
    assert book.rows[0].fields["A"] == longest.decode()
    refusal = refusal_of(wrapped(b"<Table1><A>x" + longest + b"</A></Table1>"))
    assert refusal.values["limit_name"] == "TEXT_LIMIT"


def test_a_file_one_byte_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "FILE_BYTES_LIMIT", len(wrapped(ROW)))
    assert len(parse_book_file(wrapped(ROW)).rows) == 1
    assert refusal_of(wrapped(ROW) + b"\n").code == "READ-101"


def test_too_many_rows() -> None:
    data = wrapped(b"<Table1/>" * scanner.ROW_LIMIT)
    assert len(parse_book_file(data).rows) == 200_000
    refusal = refusal_of(wrapped(b"<Table1/>" * (scanner.ROW_LIMIT + 1)))
    assert refusal.values["limit_name"] == "ROW_LIMIT"


def test_too_many_columns_in_a_row_and_in_a_file() -> None:
    def row(start: int, count: int) -> bytes:
        columns = "".join(f"<C{n}>1</C{n}>" for n in range(start, start + count))
        return f"<Table1>{columns}</Table1>".encode()

    assert len(parse_book_file(wrapped(row(0, 200) + row(200, 200))).rows) == 2
    assert refusal_of(wrapped(row(0, 201))).values["limit_name"] == "COLUMN_LIMIT"
    many = wrapped(row(0, 200) + row(200, 200) + row(400, 1))
    assert refusal_of(many).values["limit_name"] == "FILE_COLUMN_LIMIT"
    name = b"N" * 129
    refusal = refusal_of(wrapped(b"<Table1><" + name + b"/></Table1>"))
    assert refusal.values["limit_name"] == "COLUMN_NAME_LIMIT"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", BookFileCutShort),
        (b" \n", NotABookFile),
        (b"row,BOCSO_ID,code\n", NotABookFile),
        (b"PK\x03\x04" + bytes(range(256)), BookFileWrongEncoding),
        (b"<html><body>404</body></html>", NotABookFile),
        (b"<NewDataSet></NewDataSet>", NotABookFile),
        (b"<NewDataSet><Table2/></NewDataSet>", NotABookFile),
        (b"<Table1><A/></Table1>", NotABookFile),
        (b"<a><before><NewDataSet><Table1/></NewDataSet></before></a>", NotABookFile),
        (wrapped(ROW) + wrapped(ROW), BookFileDamaged),
        (wrapped(b"<Table1><A>1</B></Table1>"), BookFileDamaged),
        (wrapped(b"<Table1><A>\x00</A></Table1>"), BookFileDamaged),
        (wrapped(b"<Table1><A>\x01</A></Table1>"), BookFileDamaged),
        (wrapped(b"<Table1><A>&#0;</A></Table1>"), BookFileDamaged),
        (wrapped(b"<Table1><A>1</A><A>2</A></Table1>"), BookRowNotFlat),
        (wrapped(b'<Table1 xmlns:p="u"><A>1</A><p:A>2</p:A></Table1>'), BookRowNotFlat),
        (wrapped(b"<Table1><A><B>1</B></A></Table1>"), BookRowNotFlat),
        (wrapped(b"<Table1>stray<A>1</A></Table1>"), BookRowNotFlat),
        (wrapped(b"<Table1><A>1</A>stray</Table1>"), BookRowNotFlat),
        (wrapped(b"<Table1><A>1</A>" + b" " * 70_000 + b"s<B/></Table1>"), BookRowNotFlat),
    ],
)
def test_what_is_no_book_is_told_apart(data: bytes, kind: type[UnableToReadBookFile]) -> None:
    assert type(refusal_of(data)) is kind


@pytest.mark.parametrize(
    ("declared", "codec", "bom"),
    [
        ("windows-1258", "utf-8", b""),
        ("utf-16", "utf-8", b""),
        ("utf-16", "utf-8", b"\xef\xbb\xbf"),
        ("utf-8", "utf-16-le", b"\xff\xfe"),
        ("utf-16", "utf-16-le", b""),
        ("utf-8", "utf-16-be", b""),
        ("utf-8", "utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-8", "cp1258", b""),
        ("ISO-8859-1", "latin-1", b""),
    ],
)
def test_an_encoding_that_is_not_what_it_says_is_refused(
    declared: str, codec: str, bom: bytes
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><NewDataSet><Table1><A>Đ é</A></Table1>'
    text = (text if codec != "latin-1" else text.replace("Đ", "ä")) + "</NewDataSet>"
    refusal = refusal_of(bom + text.encode(codec))
    assert type(refusal) in (BookFileWrongEncoding, BookFileDamaged, NotABookFile)
    if codec in ("utf-8", "cp1258", "latin-1"):
        assert refusal.code == "READ-105"
        assert refusal.values["declared"] == declared


@pytest.mark.parametrize("name", [OUTBOUND[2], RETURNED[0]])
def test_a_file_cut_anywhere_is_refused_as_cut_short(name: str) -> None:
    data = sample(name)
    for end in range(1, len(data), 97):
        assert type(refusal_of(data[:end])) is BookFileCutShort, end


SEEDS = [sample(name) for name in (OUTBOUND[2], RETURNED[0])]
MUTATION = st.tuples(
    st.integers(0, 1_000_000), st.integers(0, 40), st.binary(max_size=20) | st.just(b"<Table1>")
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(MUTATION, min_size=1, max_size=6))
def test_a_mutated_file_is_read_or_refused(
    data: bytes, mutations: list[tuple[int, int, bytes]]
) -> None:
    for place, length, replacement in mutations:
        start = place % max(1, len(data))
        data = data[:start] + replacement + data[start + length :]
    try:
        book = parse_book_file(data)
    except UnableToReadBookFile as refusal:
        assert refusal.code in {f"READ-10{n}" for n in range(1, 9)}
    else:
        assert [row.row_number for row in book.rows] == list(range(1, len(book.rows) + 1))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for body in (data, wrapped(b"<Table1><A>" + data + b"</A></Table1>")):
        try:
            parse_book_file(body)
        except UnableToReadBookFile as refusal:
            assert refusal.code.startswith("READ-10")
