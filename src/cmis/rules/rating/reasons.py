"""Why a line or a number stands on the bill, in Vietnamese and English, with its legal source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cmis.kernel.errors import Bilingual
from cmis.kernel.text import group_thousands

#: Sentences by stable key. Sources in brackets are articles of the texts named there.
SENTENCES: Mapping[str, Bilingual] = {
    "tier": Bilingual("Bậc {tier}: định mức {norm} kWh.", "Tier {tier}: block of {norm} kWh."),
    "tier_rest": Bilingual(
        "Bậc {tier}: phần còn lại sau các bậc trước.",
        "Tier {tier}: what is left after the tiers before.",
    ),
    "renter_tier": Bilingual(
        "Người thuê nhà chưa kê khai: toàn bộ sản lượng theo giá bậc {tier} ({reference}).",
        "Undeclared renters: all energy at the price of tier {tier} ({reference}).",
    ),
    "flat": Bilingual("Một giá cho mọi kWh.", "One price for every kWh."),
    "time_of_use": Bilingual(
        "Giá theo giờ của bộ {register}.", "Time-of-use price of register {register}."
    ),
    "below_time_of_use": Bilingual(
        "Chưa thuộc diện giá theo giờ: toàn bộ tính giá giờ bình thường.",
        "Not billed by time of use: normal-hour price for all energy.",
    ),
    "single_register": Bilingual(
        "Công tơ một giá: tính giá giờ bình thường.",
        "Single-rate meter: normal-hour price.",
    ),
    "reactive": Bilingual(
        "Công suất phản kháng: cos φ = 0,{cos_phi}; k = {k_percent} % tiền điện năng tác dụng"
        " ({reference}).",
        "Reactive power: cos φ = 0.{cos_phi}; k = {k_percent} % of the active charge"
        " ({reference}).",
    ),
    "decision_part": Bilingual(
        "{days} ngày theo giá của {reference}.", "{days} days at the prices of {reference}."
    ),
    "full_norms": Bilingual(
        "Ghi chỉ số đúng lịch: giữ nguyên định mức × {households} hộ (EVN VI.4.3a).",
        "Read on schedule: full norms × {households} households (EVN VI.4.3a).",
    ),
    "prorated_norms": Bilingual(
        "Định mức = định mức bảng ÷ {reference_days} × {billed_days} × {households} hộ, làm tròn"
        " {rounding} (EVN VI.4.3b-c).",
        "Norm = published norm ÷ {reference_days} × {billed_days} × {households} households,"
        " rounded {rounding} (EVN VI.4.3b-c).",
    ),
    "norm_rounded": Bilingual(
        "Định mức bậc {tier} của {item}: {exact} → {norm} kWh.",
        "Norm of tier {tier} of {item}: {exact} → {norm} kWh.",
    ),
    "energy_split": Bilingual(
        "Bộ {register}: {kwh} kWh chia theo ngày thành {parts} kWh (S ÷ T × Nc, phần cuối lấy phần"
        " còn lại; EVN VI.4.1b).",
        "Register {register}: {kwh} kWh split by days into {parts} kWh (S ÷ T × Nc, the last part"
        " takes the rest; EVN VI.4.1b).",
    ),
    "energy_measured": Bilingual(
        "Bộ {register}: {parts} kWh đo tại ngày đổi giá (EVN VI.4.1b).",
        "Register {register}: {parts} kWh measured at the price change (EVN VI.4.1b).",
    ),
    "shares": Bilingual(
        "Bộ {register}: {kwh} kWh chia theo tỷ lệ {shares} % thành {parts} kWh (EVN VI.4.2a).",
        "Register {register}: {kwh} kWh shared {shares} % into {parts} kWh (EVN VI.4.2a).",
    ),
    "line_rounded": Bilingual(
        "Dòng {line_no}: {exact} làm tròn thành {amount} đồng.",
        "Line {line_no}: {exact} rounded to {amount} đồng.",
    ),
    "vat": Bilingual(
        "Thuế GTGT {rate_percent} % của {net} đồng = {exact}, làm tròn {vat} đồng ({reference};"
        " ngày chọn thuế suất: {day}).",
        "VAT {rate_percent} % of {net} đồng = {exact}, rounded to {vat} đồng ({reference}; day that"
        " selects the rate: {day}).",
    ),
    "no_consumption": Bilingual(
        "Không có sản lượng: không phát sinh tiền điện.", "No energy was used: nothing is due."
    ),
    "unverified_allowed": Bilingual(
        "Giá {item} chưa đối chiếu với văn bản, được cho phép đích danh.",
        "The price of {item} was not compared with its text; it was allowed by name.",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence and its values."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def text(self, language: str = "vi") -> str:
        shown = {name: shown_value(value, language) for name, value in self.values.items()}
        return SENTENCES[self.key].render(language, **shown)


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def shown_value(value: str | int, language: str) -> str:
    """A number or day as people of a language write it; other texts stay.

    ``535636`` → ``535.636``, ``42850.88`` → ``42.850,88``, ``2026-07-13`` → ``13/07/2026``.
    """
    mark, point = (",", ".") if language == "en" else (".", ",")
    if isinstance(value, int):
        return group_thousands(value, mark)
    if _NUMBER.fullmatch(value):
        whole, dot, rest = value.partition(".")
        sign = "-" if whole.startswith("-") else ""
        return f"{sign}{group_thousands(abs(int(whole)), mark)}{point if dot else ''}{rest}"
    if day := _ISO_DAY.fullmatch(value):
        return f"{day[3]}/{day[2]}/{day[1]}"
    return value
