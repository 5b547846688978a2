"""Does a summary table (01/TH-HĐĐT) or a message add up?"""

from fractions import Fraction

from lxml import etree

from cmis.formats.einvoice.elements import number_of
from cmis.formats.einvoice.verdict import FindingLog
from cmis.formats.einvoice.verify_amounts import rate_of
from cmis.kernel.rounding import half_up

_AMOUNTS = ("TTCThue", "TgTThue", "TgTTToan", "TTPhi", "TGTKhac")


def check_table(table: etree._Element, log: FindingLog) -> None:
    """Every row: total = net + tax, tax = rate × net up to one đồng of rounding."""
    for row in table.iterfind("DLBTHop/NDBTHDLieu/DSDLieu/DLieu"):
        try:
            amounts = {tag: Fraction(number_of(row.findtext(tag, "0"))) for tag in _AMOUNTS}
        except ValueError:
            log.block("amount.not_a_number", field="DLieu")
            continue
        net, vat, total, fees, other = (amounts[tag] for tag in _AMOUNTS)
        if total != net + vat + fees + other:
            log.block("amount.total", field="TgTTToan", actual=str(total), expected=str(net + vat))
        code = row.findtext("TSuat", "")
        rate = rate_of(code)
        expected = half_up(net * rate) if rate is not None else 0
        if abs(vat - expected) > 1:
            log.block("amount.vat", rate=code, actual=str(vat), expected=str(expected))


def check_message(message: etree._Element, log: FindingLog) -> None:
    """The declared number of documents is the number of documents inside."""
    declared = message.findtext("TTChung/SLuong")
    body = message.find("DLieu")
    actual = len(body) if body is not None else 0
    if declared is not None and declared != str(actual):
        log.block("message.count", declared=declared[:8], actual=actual)
