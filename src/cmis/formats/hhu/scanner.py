"""One pass over the XML of a reading book, with limits that hold before memory is spent.

Expat is used directly: it reads no external entity, its handlers let us refuse a document type at
its first character and nesting at its first level too deep, and it needs no tree. It is fed text we
decoded ourselves, so that no declaration in the file chooses how its bytes are read.
"""

from collections import Counter
from collections.abc import Callable
from xml.parsers import expat

from cmis.formats.hhu.columns import DATA_SET, DIFFGRAM, ROW
from cmis.formats.hhu.failures import (
    BookFileBeyondLimits,
    BookFileCutShort,
    BookFileDamaged,
    BookFileHasEntities,
    BookRowNotFlat,
    NotABookFile,
    UnableToReadBookFile,
)

ROW_LIMIT = 200_000
COLUMN_LIMIT = 200  # in one row
FILE_COLUMN_LIMIT = 400  # different names in one file
COLUMN_NAME_LIMIT = 128  # characters
TEXT_LIMIT = 1_000_000  # characters of one value
DEPTH_LIMIT = 32  # elements inside one another; the inline schema needs 8

#: Blocks that repeat rows with old values, or describe them: never data.
_NOT_DATA = frozenset({"before", "errors", "schema"})
_CUT_SHORT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)

Fields = dict[str, str]


class BookScan:
    """What one pass found: rows as mappings, and the marks that tell the variants apart."""

    def __init__(self) -> None:
        self.rows: list[Fields] = []
        self.columns: set[str] = set()
        self.other_tables: Counter[str] = Counter()
        self.has_schema = False
        self.is_diffgram = False
        self.has_namespace = False
        self._path: list[str] = []
        self._in_data = False
        self._saw_data_set = False
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.buffer_size = 65_536
        self._parser.StartDoctypeDeclHandler = self._refuse_entities
        self._parser.EntityDeclHandler = self._refuse_entities
        self._open_column, self._close_column = _column_handlers(
            self._pieces, self._close_row, self._refuse_row, self._beyond
        )
        self._watch_structure()

    def read(self, text: str) -> None:
        """Scan the whole text.

        Raises:
            UnableToReadBookFile: its subclasses say why.
        """
        try:
            self._parser.Parse(text.encode("utf-8"), True)
        except expat.ExpatError as failure:
            raise _explained(failure) from None
        if not self._saw_data_set:
            raise NotABookFile(
                reason_vi=f"không có phần tử {DATA_SET}", reason_en=f"it has no {DATA_SET}"
            )
        if not self.rows:
            raise NotABookFile(
                reason_vi=f"không có dòng {ROW} nào", reason_en=f"it has no {ROW} row"
            )

    # Structure: everything that is not inside a row.

    def _watch_structure(self) -> None:
        self._parser.StartElementHandler = self._open_element
        self._parser.EndElementHandler = self._close_element
        self._parser.CharacterDataHandler = None

    def _open_element(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        parent = self._path[-1] if self._path else ""
        if local == DATA_SET and not _NOT_DATA.intersection(self._path) and not self._in_data:
            self._in_data = True
            self._saw_data_set = True
            self.is_diffgram |= DIFFGRAM in self._path
            self.has_namespace |= bool(prefix or attributes.get("xmlns"))
        elif parent == DATA_SET and self._in_data:
            self._open_table(local, prefix, attributes)
        self._path.append(local)
        if len(self._path) > DEPTH_LIMIT:
            raise self._beyond("DEPTH_LIMIT", DEPTH_LIMIT)

    def _open_table(self, local: str, prefix: str, attributes: dict[str, str]) -> None:
        if local == "schema":
            self.has_schema = True
        elif local != ROW:
            if len(self.other_tables) < FILE_COLUMN_LIMIT:
                self.other_tables[local[:COLUMN_NAME_LIMIT]] += 1
        else:
            self.has_namespace |= bool(prefix or attributes.get("xmlns"))
            if len(self.rows) >= ROW_LIMIT:
                raise self._beyond("ROW_LIMIT", ROW_LIMIT)
            self._parser.StartElementHandler = self._open_column
            self._parser.EndElementHandler = self._close_column
            self._parser.CharacterDataHandler = self._pieces.append

    def _close_element(self, _name: str) -> None:
        self._path.pop()
        if self._in_data and DATA_SET not in self._path:
            self._in_data = False

    def _close_row(self, fields: Fields) -> None:
        if not self.columns.issuperset(fields):
            new_names = fields.keys() - self.columns
            self.columns |= new_names
            if len(self.columns) > FILE_COLUMN_LIMIT:
                raise self._beyond("FILE_COLUMN_LIMIT", FILE_COLUMN_LIMIT)
            if max(map(len, new_names)) > COLUMN_NAME_LIMIT:
                raise self._beyond("COLUMN_NAME_LIMIT", COLUMN_NAME_LIMIT)
        self.rows.append(fields)
        self._path.pop()
        self._watch_structure()

    # Refusals.

    def _beyond(self, limit_name: str, limit: int) -> UnableToReadBookFile:
        return BookFileBeyondLimits(
            limit_name=limit_name, limit=limit, line=self._parser.CurrentLineNumber
        )

    def _refuse_row(self, column: str, reason_vi: str, reason_en: str) -> UnableToReadBookFile:
        return BookRowNotFlat(
            row=len(self.rows) + 1,
            column=column[:COLUMN_NAME_LIMIT],
            reason_vi=reason_vi,
            reason_en=reason_en,
        )

    def _refuse_entities(self, *_declaration: object) -> None:
        raise BookFileHasEntities


def _column_handlers(
    pieces: list[str],
    close_row: Callable[[Fields], None],
    refuse: Callable[[str, str, str], UnableToReadBookFile],
    beyond: Callable[[str, int], UnableToReadBookFile],
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    """Handlers inside a row. Closures, because they run 60 times a row and locals are fast."""
    fields: Fields = {}
    column = ""  # the open one
    take, forget = pieces.pop, pieces.clear

    def between_columns() -> None:  # the one usual piece was white space, or is gone
        if not "".join(pieces).isspace():
            raise refuse(ROW, "có chữ nằm ngoài các cột", "text stands outside its columns")
        forget()

    def open_column(name: str, _attributes: dict[str, str]) -> None:
        nonlocal column
        if column:
            raise refuse(column, "có phần tử lồng bên trong", "it has elements inside")
        if pieces and not (len(pieces) == 1 and take().isspace()):
            between_columns()
        column = name

    def close_column(_name: str) -> None:
        nonlocal column, fields
        if not column:
            if pieces:
                between_columns()
            if len(fields) > COLUMN_LIMIT:
                raise beyond("COLUMN_LIMIT", COLUMN_LIMIT)
            finished, fields = fields, {}
            close_row(finished)
            return
        if column in fields:
            raise refuse(column, "cột lặp lại", "the column is there twice")
        if not pieces:
            text = ""
        elif len(pieces) == 1:
            text = take()
        else:
            text = "".join(pieces)
            forget()
        if len(text) > TEXT_LIMIT:
            raise beyond("TEXT_LIMIT", TEXT_LIMIT)
        fields[column] = text
        column = ""

    return open_column, close_column


def _explained(failure: expat.ExpatError) -> UnableToReadBookFile:
    if failure.code in _CUT_SHORT:
        return BookFileCutShort(line=failure.lineno)
    return BookFileDamaged(
        line=failure.lineno, column=failure.offset, reason=expat.ErrorString(failure.code)
    )
