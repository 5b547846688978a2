"""The bill notice on a 58 or 80 mm roll as a PDF with its payment code, for any printer."""

import re
from datetime import date
from typing import Any

from cmis.formats.einvoice.pdf import compiled, qr_svg
from cmis.formats.notices.notice import BillNotice
from cmis.formats.notices.slip import slip_lines

#: Width of the roll in mm → columns of the slip on it.
COLUMNS_OF_PAPER = {58: 32, 80: 48}
_GAP = re.compile(r"\s{2,}")


def slip_pdf(notice: BillNotice, *, paper_mm: int) -> bytes:
    """One page as long as the slip needs; the same lines as the printed text.

    Raises:
        KeyError: for another width than 58 and 80 mm.
    """
    lines = slip_lines(notice, columns=COLUMNS_OF_PAPER[paper_mm])
    day = notice.issued_on or notice.due_date or date(2000, 1, 1)
    view = {
        "document_title": notice.title.vi,
        "company": notice.company_name,
        "paper_mm": paper_mm,
        "lines": [_row(line) for line in lines],
        "qr": qr_svg(notice.payment_code),
    }
    return compiled("slip.typ", view, day)


def _row(line: str) -> dict[str, Any]:
    """A line as the template sets it: a rule, a centered line, or left and right ends."""
    text = line.strip()
    if text and not text.strip("-=_"):
        return {"kind": "rule", "left": "", "right": ""}
    if line.startswith(" ") and not _GAP.search(text):
        return {"kind": "center", "left": text, "right": ""}
    left, _, right = _GAP.sub("\t", line.rstrip()).rpartition("\t")
    return {"kind": "line", "left": left.strip() or right, "right": right if left.strip() else ""}
