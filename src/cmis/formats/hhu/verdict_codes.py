"""The verdict codes of an imported row or file, in the order in which they apply."""

from dataclasses import dataclass
from enum import StrEnum

from cmis.kernel.errors import Bilingual


class VerdictKind(StrEnum):
    """How far a verdict stops its row."""

    GOOD = "ok"
    ERROR = "E"  # the row is refused
    WARNING = "W"  # a person decides
    FILE = "F"  # about the whole file or book


class Verdict(StrEnum):
    """Codes of a row; the first that applies in this order is the primary one.

    Two codes are ours, beside the published list: ``REGISTER_MISMATCH`` (the key belongs to
    another point or register kind) and ``ROLLOVER_WITHOUT_DIAL_DIGITS`` (state Q on a meter type
    whose dial digits are unknown is held for a person).
    """

    GOOD = "OK"
    SAME_FILE_ALREADY_IMPORTED = "SAME_FILE_ALREADY_IMPORTED"
    BOOK_NOT_EXPORTED = "BOOK_NOT_EXPORTED"
    BOOK_ALREADY_CONFIRMED = "BOOK_ALREADY_CONFIRMED"
    UNKNOWN_REGISTER = "UNKNOWN_BOCSO_ID"
    DUPLICATE_REGISTER = "DUPLICATE_BOCSO_ID"
    PERIOD_MISMATCH = "PERIOD_MISMATCH"
    WRONG_UNIT = "WRONG_UNIT"
    WRONG_BOOK = "WRONG_BOOK"
    METER_SERIAL_MISMATCH = "METER_SERIAL_MISMATCH"
    REGISTER_MISMATCH = "REGISTER_MISMATCH"
    OLD_INDEX_ALTERED = "OLD_INDEX_ALTERED"
    MULTIPLIER_ALTERED = "MULTIPLIER_ALTERED"
    UNREAD_ROW = "UNREAD_ROW"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    UNKNOWN_STATE_CODE = "UNKNOWN_STATE_CODE"
    INDEX_EXCEEDS_DIGITS = "INDEX_EXCEEDS_DIGITS"
    STATE_INDEX_CONFLICT = "STATE_INDEX_CONFLICT"
    ROLLOVER_WITHOUT_DIAL_DIGITS = "ROLLOVER_WITHOUT_DIAL_DIGITS"
    NEGATIVE_CONSUMPTION = "NEGATIVE_CONSUMPTION"
    CONSUMPTION_ARITHMETIC = "CONSUMPTION_ARITHMETIC"
    TOU_SUM_MISMATCH = "TOU_SUM_MISMATCH"
    DATE_OUT_OF_PERIOD = "DATE_OUT_OF_PERIOD"
    ABNORMAL_UNCONFIRMED = "ABNORMAL_UNCONFIRMED"
    MISSING_ROW = "MISSING_ROW"

    @property
    def rank(self) -> int:
        """Place in the order of primary verdicts."""
        return _RANKS[self]

    @property
    def explanation(self) -> "VerdictText":
        """What it means and what to do next, in both languages."""
        return VERDICT_TEXTS[self]

    @property
    def kind(self) -> VerdictKind:
        return VERDICT_TEXTS[self].kind


@dataclass(frozen=True, slots=True)
class VerdictText:
    kind: VerdictKind
    what: Bilingual
    next_step: Bilingual


_RANKS = {verdict: place for place, verdict in enumerate(Verdict)}


def _text(kind: VerdictKind, what: tuple[str, str], next_step: tuple[str, str]) -> VerdictText:
    return VerdictText(kind, Bilingual(*what), Bilingual(*next_step))


_E, _W, _F = VerdictKind.ERROR, VerdictKind.WARNING, VerdictKind.FILE
_READ_AGAIN = ("Giao người ghi đọc lại điểm đo này.", "Send the reader to read this point again.")
_RETURN_UNALTERED = (
    "Lấy lại tệp gốc từ thiết bị; nếu vẫn lệch, xuất lại sổ cho thiết bị.",
    "Fetch the original file from the device; if it still differs, export the book anew.",
)

VERDICT_TEXTS: dict[Verdict, VerdictText] = {
    Verdict.GOOD: _text(
        VerdictKind.GOOD, ("Dòng hợp lệ.", "The row is good."), ("Không cần làm gì.", "Nothing.")
    ),
    Verdict.SAME_FILE_ALREADY_IMPORTED: _text(
        _F,
        ("Tệp này đã được nhận trước đây.", "This very file was imported before."),
        ("Xem kết quả của lần nhận đầu.", "See the result of the first import."),
    ),
    Verdict.BOOK_NOT_EXPORTED: _text(
        _F,
        ("Sổ của kỳ này không ở trạng thái đã xuất.", "The book of this period is not exported."),
        ("Xuất sổ trước, rồi nhận tệp trả về.", "Export the book first, then import its return."),
    ),
    Verdict.BOOK_ALREADY_CONFIRMED: _text(
        _F,
        (
            "Chỉ số của sổ kỳ này đã xác nhận hoặc đã tính hóa đơn.",
            "The readings of this book are confirmed or billed already.",
        ),
        (
            "Muốn sửa thì hủy xác nhận, hoặc lập hóa đơn điều chỉnh.",
            "To change them undo the confirmation, or correct the invoice.",
        ),
    ),
    Verdict.UNKNOWN_REGISTER: _text(
        _E,
        ("Bộ chỉ số không có trong sổ đã xuất.", "The register is not in the exported book."),
        (
            "Kiểm tra tệp có đúng sổ, đúng kỳ; không sửa khóa dòng bằng tay.",
            "Check that the file is of this book and period; never edit the row key by hand.",
        ),
    ),
    Verdict.DUPLICATE_REGISTER: _text(
        _E,
        ("Bộ chỉ số xuất hiện nhiều lần trong tệp.", "The register is in the file more than once."),
        (
            "Nếu các chỉ số khác nhau, đối chiếu ảnh và chọn một; nếu giống, bỏ dòng thừa.",
            "If the readings differ, compare the photos and choose one; if not, drop the extra.",
        ),
    ),
    Verdict.PERIOD_MISMATCH: _text(
        _E,
        ("Kỳ, tháng hoặc năm khác với sổ đã xuất.", "Cycle, month or year differ from the export."),
        ("Nhận tệp của đúng kỳ.", "Import the file of the right period."),
    ),
    Verdict.WRONG_UNIT: _text(
        _E,
        ("Mã đơn vị khác với sổ đã xuất.", "The unit code differs from the export."),
        ("Chuyển tệp cho đúng đơn vị quản lý.", "Pass the file to the unit it belongs to."),
    ),
    Verdict.WRONG_BOOK: _text(
        _E,
        ("Mã quyển khác với sổ đã xuất.", "The book code differs from the export."),
        ("Nhận dòng này cùng tệp của đúng quyển.", "Import the row with the file of its book."),
    ),
    Verdict.METER_SERIAL_MISMATCH: _text(
        _E,
        (
            "Mã hoặc số chế tạo công tơ khác với sổ đã xuất.",
            "Meter code or serial differ from the export.",
        ),
        (
            "Kiểm tra công tơ tại hiện trường; nếu đã thay, lập biên bản treo tháo.",
            "Check the meter on site; if it was replaced, record the replacement.",
        ),
    ),
    Verdict.REGISTER_MISMATCH: _text(
        _E,
        (
            "Khóa dòng thuộc về điểm đo hoặc bộ chỉ số khác.",
            "The row key belongs to another metering point or register.",
        ),
        _RETURN_UNALTERED,
    ),
    Verdict.OLD_INDEX_ALTERED: _text(
        _E,
        ("Chỉ số cũ khác với sổ đã xuất.", "The old index differs from the export."),
        _RETURN_UNALTERED,
    ),
    Verdict.MULTIPLIER_ALTERED: _text(
        _E,
        ("Hệ số nhân khác với sổ đã xuất.", "The multiplier differs from the export."),
        _RETURN_UNALTERED,
    ),
    Verdict.UNREAD_ROW: _text(
        _W,
        ("Dòng chưa được ghi chỉ số.", "The row was not read."),
        (
            "Giao ghi lại; nếu chỉ số đúng là 0, xác nhận đã ghi.",
            "Send it out again; if the index truly is 0, confirm that it was read.",
        ),
    ),
    Verdict.NOT_A_NUMBER: _text(
        _E,
        ("Một cột số chứa giá trị không phải số.", "A numeric column does not hold a number."),
        ("Xem ảnh, nhập lại chỉ số đúng.", "Look at the photo and enter the right index."),
    ),
    Verdict.UNKNOWN_STATE_CODE: _text(
        _E,
        ("Mã trạng thái không có quy tắc.", "The state code has no rule."),
        ("Chọn lại trạng thái trong danh mục.", "Choose a state from the list."),
    ),
    Verdict.INDEX_EXCEEDS_DIGITS: _text(
        _E,
        (
            "Chỉ số mới lớn hơn số hiển thị được của công tơ.",
            "The new index is larger than the dial can show.",
        ),
        _READ_AGAIN,
    ),
    Verdict.STATE_INDEX_CONFLICT: _text(
        _E,
        ("Trạng thái và chỉ số mâu thuẫn nhau.", "State and index contradict each other."),
        _READ_AGAIN,
    ),
    Verdict.ROLLOVER_WITHOUT_DIAL_DIGITS: _text(
        _W,
        (
            "Báo qua vòng nhưng chưa biết số chữ số của loại công tơ.",
            "A rollover is reported, but the dial digits of the meter type are unknown.",
        ),
        (
            "Khai số chữ số trong danh mục loại công tơ, rồi nhận lại.",
            "Enter the dial digits in the meter-type catalog, then import again.",
        ),
    ),
    Verdict.NEGATIVE_CONSUMPTION: _text(
        _E,
        (
            "Chỉ số mới nhỏ hơn chỉ số cũ mà không báo qua vòng.",
            "The new index is below the old one and no rollover is reported.",
        ),
        _READ_AGAIN,
    ),
    Verdict.CONSUMPTION_ARITHMETIC: _text(
        _E,
        (
            "Sản lượng không bằng hiệu chỉ số nhân hệ số.",
            "The consumption is not the difference of the indices times the multiplier.",
        ),
        (
            "Đối chiếu chỉ số với ảnh; cập nhật phần mềm thiết bị nếu lặp lại.",
            "Compare the index with the photo; update the device if it happens again.",
        ),
    ),
    Verdict.TOU_SUM_MISMATCH: _text(
        _W,
        (
            "Tổng bình thường + cao điểm + thấp điểm lệch với bộ tổng.",
            "Normal + peak + off-peak differ from the total register.",
        ),
        ("Đối chiếu ảnh của cả bốn bộ chỉ số.", "Compare the photos of all four registers."),
    ),
    Verdict.DATE_OUT_OF_PERIOD: _text(
        _W,
        (
            "Ngày ghi không đọc được, trước ngày đầu kỳ, hoặc quá xa ngày dự kiến.",
            "The reading date is unreadable, before the period, or far from the planned day.",
        ),
        ("Kiểm tra đồng hồ thiết bị và lịch ghi.", "Check the device clock and the calendar."),
    ),
    Verdict.ABNORMAL_UNCONFIRMED: _text(
        _W,
        (
            "Sản lượng bất thường mà người ghi chưa xác nhận.",
            "Unusual consumption the reader did not confirm.",
        ),
        (
            "Xem ảnh và lịch sử; chấp nhận, ước tính hoặc giao ghi lại.",
            "Look at photo and history; accept, estimate or send it back.",
        ),
    ),
    Verdict.MISSING_ROW: _text(
        _W,
        ("Bộ chỉ số đã xuất nhưng không trả về.", "An exported register never came back."),
        ("Lấy đủ tệp từ thiết bị hoặc giao ghi lại.", "Fetch the whole file or read it again."),
    ),
}
