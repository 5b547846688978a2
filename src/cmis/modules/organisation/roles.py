"""Functional roles, the duties that must not meet in one person, and who may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmis.kernel.errors import Bilingual


class Role(StrEnum):
    """What somebody is employed for in a unit (ORG-03)."""

    READER = "reader"
    READING_SECTION = "reading_section"
    RE_CHECK = "re_check"
    METER_INSTALLER = "meter_installer"
    BILLING = "billing"
    UNIT_HEAD = "unit_head"
    CASHIER = "cashier"
    DEBT_CLEARING = "debt_clearing"
    SETTLEMENT = "settlement"
    CARE_AGENT = "care_agent"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: Mapping[Role, Bilingual] = {
    Role.READER: Bilingual("Ghi chỉ số", "Reader"),
    Role.READING_SECTION: Bilingual("Tổ ghi chỉ số", "Reading section"),
    Role.RE_CHECK: Bilingual("Tổ phúc tra", "Re-check"),
    Role.METER_INSTALLER: Bilingual("Treo tháo công tơ", "Meter installer"),
    Role.BILLING: Bilingual("Tổ hóa đơn", "Billing"),
    Role.UNIT_HEAD: Bilingual("Lãnh đạo đơn vị", "Unit head"),
    Role.CASHIER: Bilingual("Thu ngân", "Cashier"),
    Role.DEBT_CLEARING: Bilingual("Chấm xóa nợ", "Debt clearing"),
    Role.SETTLEMENT: Bilingual("Quyết toán", "Settlement"),
    Role.CARE_AGENT: Bilingual("Chăm sóc khách hàng", "Care agent"),
    Role.AUDITOR: Bilingual("Kiểm tra, kiểm soát", "Auditor"),
    Role.ADMINISTRATOR: Bilingual("Quản trị", "Administrator"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two roles one person may not hold at the same time (ORG-06).

    ``same_area``: only where the units of both lie one in the other; else anywhere.
    """

    roles: frozenset[Role]
    same_area: bool
    because: Bilingual


_READING_APART = Bilingual(
    "người ghi chỉ số không thu tiền và không treo tháo công tơ trong khu vực mình ghi",
    "a reader may not collect money or install meters in the area he reads",
)
_RE_CHECK_APART = Bilingual(
    "phúc tra phải độc lập với ghi chỉ số", "re-checking is independent of reading"
)
_MONEY_APART = Bilingual(
    "thu ngân, chấm xóa nợ và quyết toán phải do những người khác nhau",
    "cashier, debt clearing and settlement are different people",
)

CONFLICTS: tuple[Conflict, ...] = (
    Conflict(frozenset({Role.READER, Role.CASHIER}), True, _READING_APART),
    Conflict(frozenset({Role.READER, Role.METER_INSTALLER}), True, _READING_APART),
    Conflict(frozenset({Role.RE_CHECK, Role.READER}), True, _RE_CHECK_APART),
    Conflict(frozenset({Role.RE_CHECK, Role.READING_SECTION}), True, _RE_CHECK_APART),
    Conflict(frozenset({Role.CASHIER, Role.DEBT_CLEARING}), False, _MONEY_APART),
    Conflict(frozenset({Role.CASHIER, Role.SETTLEMENT}), False, _MONEY_APART),
    Conflict(frozenset({Role.DEBT_CLEARING, Role.SETTLEMENT}), False, _MONEY_APART),
)


def conflict_between(one: Role, other: Role) -> Conflict | None:
    """The rule that keeps two roles apart, if there is one."""
    pair = frozenset({one, other})
    return next((conflict for conflict in CONFLICTS if conflict.roles == pair), None)


_READING = frozenset({Role.READING_SECTION, Role.RE_CHECK, Role.UNIT_HEAD})
_MONEY = frozenset({Role.CASHIER, Role.DEBT_CLEARING, Role.SETTLEMENT})
_OFFICE = _READING | _MONEY | {Role.BILLING, Role.CARE_AGENT, Role.AUDITOR}
_WATCH = frozenset({Role.UNIT_HEAD, Role.AUDITOR})

#: Named action → roles that may do it, in the unit where the role is held and below.
PERMISSIONS: Mapping[str, frozenset[Role]] = {
    # reading board and books
    "see_board": _READING | {Role.BILLING, Role.AUDITOR},
    "see_readings": _OFFICE,
    "adopt_book": frozenset({Role.READING_SECTION, Role.ADMINISTRATOR}),
    "export_book": frozenset({Role.READING_SECTION}),
    "import_book": frozenset({Role.READING_SECTION}),
    "assign_reader": frozenset({Role.READING_SECTION, Role.UNIT_HEAD}),
    "undo_step": frozenset({Role.READING_SECTION, Role.BILLING}),
    # findings queue and approvals
    "see_findings": _READING | {Role.BILLING, Role.AUDITOR},
    "decide_finding": frozenset({Role.READING_SECTION, Role.RE_CHECK}),
    "see_approvals": _WATCH | {Role.BILLING},
    "sign_gate_one": frozenset({Role.UNIT_HEAD}),
    "sign_gate_two": frozenset({Role.UNIT_HEAD}),
    # runs and the ledger
    "run_night": frozenset({Role.BILLING, Role.ADMINISTRATOR}),
    "see_runs": _WATCH | {Role.READING_SECTION, Role.BILLING, Role.ADMINISTRATOR},
    "see_audit": _WATCH,
    # customers, bills, invoices, messages
    "search": _OFFICE,
    "see_customer": _OFFICE,
    "revise_customer": frozenset({Role.BILLING, Role.CARE_AGENT}),
    "revise_price_application": frozenset({Role.BILLING}),
    "set_preference": frozenset({Role.CARE_AGENT}),
    "see_bill": _OFFICE,
    "see_invoice": _OFFICE,
    "see_messages": _OFFICE,
    "resend_message": frozenset({Role.BILLING, Role.CARE_AGENT}),
    # organisation
    "see_units": frozenset({Role.UNIT_HEAD, Role.AUDITOR, Role.ADMINISTRATOR}),
    "manage_units": frozenset({Role.ADMINISTRATOR}),
    "set_parameter": frozenset({Role.UNIT_HEAD, Role.ADMINISTRATOR}),
    "see_staff": frozenset({Role.UNIT_HEAD, Role.AUDITOR, Role.ADMINISTRATOR}),
    "manage_staff": frozenset({Role.ADMINISTRATOR}),
    "manage_keys": frozenset({Role.ADMINISTRATOR}),
}

#: The actions in words.
ACTION_NAMES: Mapping[str, Bilingual] = {
    "see_board": Bilingual("Xem bảng ghi chỉ số", "See the reading board"),
    "see_readings": Bilingual("Xem chỉ số", "See readings"),
    "adopt_book": Bilingual("Tiếp nhận sổ từ CMIS hiện có", "Adopt a book of an existing CMIS"),
    "export_book": Bilingual("Xuất sổ ra thiết bị", "Export a book to a handheld"),
    "import_book": Bilingual("Nhập sổ trả về", "Import a returned book"),
    "assign_reader": Bilingual("Phân công người ghi", "Assign a reader to a book"),
    "undo_step": Bilingual("Lùi một bước của kỳ", "Undo a step of a period"),
    "see_findings": Bilingual("Xem chỉ số bất thường", "See findings"),
    "decide_finding": Bilingual("Xử lý chỉ số bất thường", "Decide a finding"),
    "see_approvals": Bilingual("Xem danh sách chờ ký", "See what waits for a signature"),
    "sign_gate_one": Bilingual("Ký duyệt sản lượng (cửa 1)", "Sign outlying readings (gate 1)"),
    "sign_gate_two": Bilingual("Ký duyệt tiền điện (cửa 2)", "Sign outlying amounts (gate 2)"),
    "run_night": Bilingual("Chạy phiên đêm", "Run the night"),
    "see_runs": Bilingual("Xem các phiên chạy", "See the runs"),
    "see_audit": Bilingual("Xem nhật ký", "See the audit trail"),
    "search": Bilingual("Tìm khách hàng", "Search customers"),
    "see_customer": Bilingual("Xem khách hàng", "See a customer"),
    "revise_customer": Bilingual("Sửa thông tin khách hàng", "Revise a customer"),
    "revise_price_application": Bilingual("Sửa áp giá", "Revise a price application"),
    "set_preference": Bilingual("Đặt kênh nhận tin", "Set where messages go"),
    "see_bill": Bilingual("Xem tiền điện", "See a bill"),
    "see_invoice": Bilingual("Xem hóa đơn điện tử", "See an e-invoice"),
    "see_messages": Bilingual("Xem tin đã gửi", "See messages"),
    "resend_message": Bilingual("Gửi lại tin", "Send a message again"),
    "see_units": Bilingual("Xem cây đơn vị", "See the units"),
    "manage_units": Bilingual("Quản lý đơn vị", "Manage units"),
    "set_parameter": Bilingual("Đặt tham số đơn vị", "Set a parameter of a unit"),
    "see_staff": Bilingual("Xem nhân viên và quyền", "See staff and roles"),
    "manage_staff": Bilingual("Quản lý nhân viên và quyền", "Manage staff and roles"),
    "manage_keys": Bilingual("Quản lý khóa ký số", "Manage signing keys"),
}


def allowed_roles(action: str) -> frozenset[Role]:
    """Roles that may do a named action.

    Raises:
        KeyError: there is no such action; a misspelt action must never pass.
    """
    return PERMISSIONS[action]
