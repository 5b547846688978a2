"""Field names of handheld books, invoices and messages: they live in ``cmis/formats`` only.

Taken from the field table of the reading book and from the element names of our XSD, so that the
list grows with them.
"""

import csv
import re

from tests.architecture.source_tree import ROOT

#: Ordinary words and single letters that happen to be field names too.
ORDINARY = frozenset(
    {"ID", "Id", "X", "Y", "Z", "EMAIL", "Fax", "Website", "Loai", "So", "Ten", "Ngay", "MST"}
    | {"KY", "NAM", "STT", "LDo", "CQT", "PMAX", "HSN"}
)
#: Fields of neighbouring formats that stand in neither table.
FURTHER = frozenset({"HDon", "DLHDon", "SHDon", "NewDataSet", "Table1", "ID_HDON", "MA_SOGCS"})


def _handheld() -> set[str]:
    with (ROOT / "tests/data/hhu/fields.csv").open(encoding="utf-8", newline="") as file:
        tags = [row["tag"] for row in csv.DictReader(file)]
    return {tag for tag in tags if ".." not in tag} | {"GIA_TRI_1", "GIA_TRI_2", "GIA_TRI_3"}


def _documents() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "tests/data/einvoice/xsd").glob("hdon*.xsd"):
        schema = path.read_text(encoding="utf-8")
        names |= set(re.findall(r'<xs:element name="([A-Za-z0-9]+)"', schema))
    return names


EXCHANGE_NAMES = frozenset((_handheld() | _documents() | FURTHER) - ORDINARY)
