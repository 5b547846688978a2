"""Names that the law's data hold as codes."""

from django.utils.translation import gettext_lazy

GROUPS = {
    "residential": gettext_lazy("Sinh hoạt"),
    "production": gettext_lazy("Sản xuất"),
    "business": gettext_lazy("Kinh doanh, dịch vụ"),
    "administrative": gettext_lazy("Hành chính sự nghiệp"),
    "wholesale": gettext_lazy("Bán buôn"),
}
#: Text and tone of the mark that says how sure a price is.
CONFIDENCE = {
    "verified": (gettext_lazy("đã đối chiếu"), "success"),
    "single_source": (gettext_lazy("một nguồn"), "warning"),
    "unverified": (gettext_lazy("chưa đối chiếu"), "danger"),
}
#: Text and tone of the mark that says where a rule comes from.
CERTAINTY = {
    "law": (gettext_lazy("theo văn bản"), "success"),
    "process": (gettext_lazy("theo quy trình"), "info"),
    "observed": (gettext_lazy("thấy trên hóa đơn"), "info"),
    "inferred": (gettext_lazy("suy ra"), "warning"),
    "open": (gettext_lazy("còn bỏ ngỏ"), "danger"),
}
VOLTAGES = {
    "<=0.38 kV": gettext_lazy("đến 0,38 kV"),
    ">0.38 kV to 35 kV": gettext_lazy("trên 0,38 kV đến 35 kV"),
    ">35 kV": gettext_lazy("trên 35 kV"),
}
AREAS = {
    "plain": gettext_lazy("đồng bằng"),
    "mountain_or_island": gettext_lazy("miền núi, hải đảo"),
}
LADDERS = {
    "six_tier": gettext_lazy("Sáu bậc"),
    "five_tier": gettext_lazy("Năm bậc"),
}
CALENDARS = {
    "tou_2014": gettext_lazy("Khung giờ TT 16/2014"),
    "tou_963_2026": gettext_lazy("Khung giờ QĐ 963/2026"),
}
