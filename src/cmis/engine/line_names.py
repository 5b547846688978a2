"""Words of an invoice line and of the purpose of use, in two languages as on invoices."""

from functools import lru_cache

#: Words for the group of a price item: prefix of the item code → (Vietnamese, English).
GROUPS = (
    ("SH_PREPAID", "sinh hoạt trả trước", "Prepaid household electricity"),
    ("SH", "sinh hoạt", "Household electricity"),
    ("SX", "sản xuất", "Production electricity"),
    ("KD", "kinh doanh", "Business electricity"),
    ("HC", "hành chính sự nghiệp", "Administrative electricity"),
    ("KCN", "bán buôn khu công nghiệp", "Industrial park electricity"),
    ("BB", "bán buôn", "Wholesale electricity"),
    ("CHO", "bán buôn cho chợ", "Wholesale electricity for markets"),
)
#: Words of lines that are no energy: item code → the whole name.
CHARGES = {"CSPK": "Tiền mua công suất phản kháng (Reactive power charge)"}
#: Words for the label of a line that is not a tier.
HOURS = {
    "KT": ("", ""),
    "BT": (" giờ bình thường", ", normal hours"),
    "CD": (" giờ cao điểm", ", peak hours"),
    "TD": (" giờ thấp điểm", ", off-peak hours"),
}


def group_words(item_code: str) -> tuple[str, str]:
    for prefix, vi, en in GROUPS:
        if item_code == prefix or item_code.startswith((f"{prefix}_", prefix)):
            return vi, en
    return item_code, item_code


@lru_cache(maxsize=512)
def line_name(item_code: str, label: str) -> str:
    """``Điện sinh hoạt bậc 1 (Household electricity, tier 1)``."""
    if item_code in CHARGES:
        return CHARGES[item_code]
    vi, en = group_words(item_code)
    if label.isdigit():
        return f"Điện {vi} bậc {label} ({en}, tier {label})"
    hours_vi, hours_en = HOURS.get(label, (f" {label}", f", {label}"))
    return f"Điện {vi}{hours_vi} ({en}{hours_en})"


@lru_cache(maxsize=4096)
def purpose_text(shares: tuple[tuple[str, int], ...]) -> str:
    """``50% Sản xuất, 50% Sinh hoạt`` from item codes with their percents."""
    parts = []
    for item_code, percent in shares:
        vi, _ = group_words(item_code)
        parts.append(f"{percent}% {vi[0].upper()}{vi[1:]}")
    return ", ".join(parts)
