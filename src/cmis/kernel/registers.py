"""Registers (bộ chỉ số) of a meter and reading states (trạng thái), as the trade names them.

Codes are the trade's own words, printed on bills and known to every reader
(domain: readings §6, §8).
"""

from enum import StrEnum


class RegisterKind(StrEnum):
    SINGLE = "KT"  # active, single rate
    NORMAL = "BT"  # active, normal hours
    PEAK = "CD"  # active, peak hours
    OFF_PEAK = "TD"  # active, off-peak hours
    TOTAL = "SG"  # active total of a time-of-use meter: control only, never priced
    REACTIVE = "VC"  # reactive import
    EXPORT_TOTAL = "SN"
    EXPORT_NORMAL = "BN"
    EXPORT_PEAK = "CN"
    EXPORT_OFF_PEAK = "TN"
    EXPORT_REACTIVE = "VN"


#: Registers whose energy is priced.
PRICED = (
    RegisterKind.SINGLE,
    RegisterKind.NORMAL,
    RegisterKind.PEAK,
    RegisterKind.OFF_PEAK,
)
TIME_OF_USE = (RegisterKind.NORMAL, RegisterKind.PEAK, RegisterKind.OFF_PEAK)


class ReadingState(StrEnum):
    """State a reader reports with an index; the value is the one-letter trade code."""

    NORMAL = ""
    ROLLOVER = "Q"
    NOT_USED = "U"
    ABSENT = "V"
    MISSING = "M"
    OVER_RANGE = "L"
    CHANGED = "X"
    DISCONNECTED = "D"
    BURNT = "C"
    STUCK = "K"
    CUSTOMER_REPORTED = "T"
    FAULTY = "H"
    MOVED = "G"


#: States whose new index must equal the old one and whose consumption is zero.
ZERO_STATES = frozenset("UVMLXD")
#: States whose consumption is the plain difference.
DIFFERENCE_STATES = frozenset(("", "C", "K", "T", "H", "G"))
#: States that open a meter-defect case (domain: readings §8).
DEFECT_STATES = frozenset("CHKMGX")
#: States that ask for another reading soon.
RE_READ_STATES = frozenset("VT")
