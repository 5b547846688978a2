"""Why a bill cannot be rated: stable codes with a next step. A refusal is returned, not raised;
when several apply, both engines return the one with the smallest number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from cmis.kernel.errors import Bilingual


class RefusalCode(IntEnum):
    """The number is what the columnar output holds; 0 there means rated."""

    NO_REGISTER = 1
    REGISTER_NOT_PRICED = 2
    NEGATIVE_ENERGY = 3
    ENERGY_NOT_WHOLE = 4
    SHARES = 5
    HOUSEHOLDS = 6
    OUT_OF_RANGE = 7
    NO_DECISION = 8
    DAYS = 9
    MEASURED_PARTS = 10
    ITEM_MISSING = 11
    PRICE_UNVERIFIED = 12
    NO_VAT = 13
    REACTIVE = 14
    RENTER_TIER = 15

    @property
    def code(self) -> str:
        """``RATE-012``."""
        return f"RATE-{self.value:03d}"


WHAT: Mapping[RefusalCode, Bilingual] = {
    RefusalCode.NO_REGISTER: Bilingual(
        "Không có bộ chỉ số nào để tính tiền.", "There is no register to rate."
    ),
    RefusalCode.REGISTER_NOT_PRICED: Bilingual(
        "Bộ chỉ số {register} không tính tiền hoặc xuất hiện hai lần.",
        "Register {register} is not priced, or stands twice.",
    ),
    RefusalCode.NEGATIVE_ENERGY: Bilingual(
        "Sản lượng âm: {kwh} kWh.", "Negative energy: {kwh} kWh."
    ),
    RefusalCode.ENERGY_NOT_WHOLE: Bilingual(
        "Sản lượng {kwh} kWh không phải số nguyên.", "Energy of {kwh} kWh is not a whole number."
    ),
    RefusalCode.SHARES: Bilingual(
        "Tỷ lệ mục đích của bộ {register} cộng lại là {sum} %, phải đủ 100 % và không trùng.",
        "The shares of register {register} add up to {sum} %; they must be 100 %, none twice.",
    ),
    RefusalCode.HOUSEHOLDS: Bilingual(
        "Số hộ {households} không hợp lệ.", "{households} is not a valid number of households."
    ),
    RefusalCode.OUT_OF_RANGE: Bilingual(
        "Sản lượng {kwh} kWh vượt giới hạn tính toán.",
        "Energy of {kwh} kWh is beyond what can be rated exactly.",
    ),
    RefusalCode.NO_DECISION: Bilingual(
        "Không có quyết định giá điện cho {asked}.", "There is no price decision for {asked}."
    ),
    RefusalCode.DAYS: Bilingual(
        "Số ngày để tính định mức không hợp lệ (N = {billed_days}, T = {reference_days}).",
        "The days for the norms are not valid (N = {billed_days}, T = {reference_days}).",
    ),
    RefusalCode.MEASURED_PARTS: Bilingual(
        "Sản lượng đo tại ngày đổi giá của {register} không khớp với cả kỳ.",
        "The energy measured at the price change of {register} does not match the whole period.",
    ),
    RefusalCode.ITEM_MISSING: Bilingual(
        "Quyết định {decision} không có giá {item}.",
        "Decision {decision} has no price for {item}.",
    ),
    RefusalCode.PRICE_UNVERIFIED: Bilingual(
        "Giá {item} của quyết định {decision} chưa được đối chiếu với văn bản ({confidence}).",
        "The price of {item} in decision {decision} was not compared with its text ({confidence}).",
    ),
    RefusalCode.NO_VAT: Bilingual(
        "Không xác định được thuế suất GTGT (ngày {day}).",
        "The VAT rate cannot be determined (day {day}).",
    ),
    RefusalCode.REACTIVE: Bilingual(
        "Điện năng phản kháng {kvarh} kvarh không hợp lệ.",
        "Reactive energy of {kvarh} kvarh is not valid.",
    ),
    RefusalCode.RENTER_TIER: Bilingual(
        "Biểu giá {item} không có bậc {tier} cho người thuê nhà chưa kê khai.",
        "The ladder of {item} has no tier {tier} for undeclared renters.",
    ),
}

NEXT_STEP: Mapping[RefusalCode, Bilingual] = {
    RefusalCode.NO_REGISTER: Bilingual(
        "Kiểm tra điểm đo và công tơ.", "Check the metering point and its meter."
    ),
    RefusalCode.REGISTER_NOT_PRICED: Bilingual(
        "Sửa danh sách bộ chỉ số của điểm đo.", "Correct the registers of the metering point."
    ),
    RefusalCode.NEGATIVE_ENERGY: Bilingual(
        "Kiểm tra chỉ số; lập thoái hoàn nếu cần.", "Check the readings; refund if needed."
    ),
    RefusalCode.ENERGY_NOT_WHOLE: Bilingual(
        "Làm tròn sản lượng theo quy định trước khi tính tiền.",
        "Round the energy by rule before rating.",
    ),
    RefusalCode.SHARES: Bilingual(
        "Sửa áp giá của hợp đồng.", "Correct the price application of the contract."
    ),
    RefusalCode.HOUSEHOLDS: Bilingual(
        "Sửa số hộ dùng chung của hợp đồng.", "Correct the number of households of the contract."
    ),
    RefusalCode.OUT_OF_RANGE: Bilingual(
        "Kiểm tra chỉ số và hệ số nhân.", "Check the readings and the multiplier."
    ),
    RefusalCode.NO_DECISION: Bilingual(
        "Kiểm tra kỳ ghi chỉ số hoặc bổ sung quyết định giá.",
        "Check the period, or add the price decision.",
    ),
    RefusalCode.DAYS: Bilingual(
        "Bổ sung số ngày của kỳ và của tháng trước.",
        "Give the days of the period and of the month before.",
    ),
    RefusalCode.MEASURED_PARTS: Bilingual(
        "Kiểm tra chỉ số chốt tại ngày đổi giá.", "Check the reading taken at the price change."
    ),
    RefusalCode.ITEM_MISSING: Bilingual(
        "Sửa áp giá, hoặc bổ sung giá vào quyết định.",
        "Correct the price application, or add the price to the decision.",
    ),
    RefusalCode.PRICE_UNVERIFIED: Bilingual(
        "Đối chiếu với quyết định, hoặc cho phép đích danh '{decision} {item}'.",
        "Compare it with the decision, or allow it by name: '{decision} {item}'.",
    ),
    RefusalCode.NO_VAT: Bilingual(
        "Bổ sung ngày mà quy tắc chọn thuế suất cần.",
        "Give the day that the VAT rule needs.",
    ),
    RefusalCode.REACTIVE: Bilingual("Kiểm tra chỉ số vô công.", "Check the reactive reading."),
    RefusalCode.RENTER_TIER: Bilingual(
        "Sửa bậc áp dụng cho người thuê nhà.", "Correct the tier for renters."
    ),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A bill that cannot be rated, with the numbers of its sentence."""

    case_id: str
    code: RefusalCode
    values: Mapping[str, str | int] = field(default_factory=dict)

    def message(self, language: str = "vi") -> str:
        what = WHAT[self.code].render(language, **self.values)
        step = NEXT_STEP[self.code].render(language, **self.values)
        return f"{self.code.code}: {what} {step}"
