"""People, places and contacts that do not exist, from a random source or a code.

Places are invented on sight (*Phố Thử Nghiệm*); phones begin with 0100, a range no network has;
e-mail ends in ``example.invalid``, which can never be delivered.
"""

from dataclasses import dataclass
from random import Random
from zlib import crc32

FAMILY = (
    *("Nguyễn",) * 30,
    *("Trần",) * 11,
    *("Lê",) * 10,
    *("Phạm",) * 7,
    *("Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ") * 3,
    *("Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Đoàn", "Mai", "Lương", "Tạ", "Quách", "Nông"),
)
MIDDLE = (
    *("Văn", "Thị") * 6,
    *("Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Hữu", "Xuân", "Thùy", "Khánh", "Bảo", "Phương", ""),
)
GIVEN = (
    *("An", "Bình", "Chi", "Dũng", "Đào", "Giang", "Hạnh", "Hiền", "Hoa", "Hùng", "Hương", "Khôi"),
    *("Kiên", "Lan", "Liễu", "Linh", "Loan", "Long", "Mỹ", "Nam", "Nga", "Nghĩa", "Nhung", "Oanh"),
    *("Phúc", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thịnh", "Trang", "Trúc", "Tuấn"),
    *("Tuyết", "Uyên", "Vân", "Việt", "Vượng", "Xoan", "Yến", "Ánh", "Ý"),
)
STREET_KIND = ("Phố", "Đường", "Ngõ", "Ngách", "Hẻm", "Tổ", "Thôn", "Ấp", "Bản", "Khu tập thể")
STREET = (
    *("Thử Nghiệm", "Ví Dụ", "Mẫu Đơn Giả", "Mô Phỏng", "Giả Định", "Tưởng Tượng", "Giả Lập"),
    *("Không Có Thật", "Bản Nháp", "Kiểm Thử", "Thí Điểm", "Minh Họa"),
)
WARD = ("Phường Thử Nghiệm", "Phường Ví Dụ", "Xã Mô Phỏng", "Xã Giả Định", "Đặc khu Minh Họa")
PROVINCE = "Tỉnh Giả Lập"
TRADE = (
    "Cửa hàng",
    "Quán ăn",
    "Nhà nghỉ",
    "Hiệu thuốc",
    "Tiệm may",
    "Siêu thị mini",
    "Công ty TNHH",
)
WORKS = (
    "Xưởng cơ khí",
    "Xưởng gỗ",
    "Nhà máy nước đá",
    "Hợp tác xã",
    "Trại chăn nuôi",
    "Công ty CP",
)
OFFICE = ("Trường Tiểu học", "Trạm Y tế", "Ủy ban nhân dân", "Nhà văn hóa", "Trường Mầm non")


def person(rng: Random) -> str:
    words = (rng.choice(FAMILY), rng.choice(MIDDLE), rng.choice(GIVEN))
    return " ".join(word for word in words if word)


def organisation(rng: Random, kinds: tuple[str, ...]) -> str:
    return f"{rng.choice(kinds)} {rng.choice(STREET)} {rng.choice(GIVEN)} {rng.randrange(1, 400)}"


def address(rng: Random, number: int) -> str:
    where = f"{rng.choice(STREET_KIND)} {rng.choice(STREET)} {rng.randrange(1, 60)}"
    return f"Số {number} {where} - {rng.choice(WARD)} - {PROVINCE}"


@dataclass(frozen=True, slots=True)
class InventedContact:
    """How a customer is reached: always the same for the same customer code. May be empty."""

    phone: str
    email: str


def contact_of(customer_code: str) -> InventedContact:
    """Nine of ten customers have a phone, four of ten an e-mail."""
    mark = crc32(customer_code.encode())
    phone = f"0100{mark % 1_000_000:06d}" if mark % 10 else ""
    email = f"{customer_code.lower()}@example.invalid" if mark // 10 % 10 < 4 else ""
    return InventedContact(phone, email)
