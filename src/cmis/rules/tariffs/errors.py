"""What can go wrong with the law as data, in two languages with a next step."""

from cmis.kernel.errors import Bilingual, UnableTo


class UnableToLoadLaw(UnableTo):
    """A data file of the law breaks its schema; ``place`` says file and key, ``problem`` what."""

    code = "LAW-001"
    what = Bilingual(
        "Không đọc được dữ liệu pháp lý tại {place}: {problem}.",
        "The legal data at {place} cannot be used: {problem}.",
    )
    next_step = Bilingual(
        "Sửa tệp dữ liệu rồi chạy lại `cmis tariffs check`.",
        "Correct the data file and run `cmis tariffs check` again.",
    )


class UnableToFindPriceDecision(UnableTo):
    """No price decision is in force on a day, or none has the asked number."""

    code = "LAW-002"
    what = Bilingual(
        "Không có quyết định giá điện cho {asked}.", "There is no price decision for {asked}."
    )
    next_step = Bilingual(
        "Kiểm tra ngày hoặc số quyết định, hoặc bổ sung quyết định còn thiếu.",
        "Check the day or the number, or add the missing decision.",
    )


class UnableToFindVatRate(UnableTo):
    """No VAT rate is in force on a day."""

    code = "LAW-003"
    what = Bilingual("Không có thuế suất GTGT cho ngày {day}.", "There is no VAT rate for {day}.")
    next_step = Bilingual(
        "Bổ sung thuế suất có căn cứ pháp lý.", "Add the rate with its legal reference."
    )


class UnableToMapPriceGroup(UnableTo):
    """A price group of a reading-book file leads to no price item."""

    code = "LAW-004"
    what = Bilingual(
        "Chưa ánh xạ nhóm giá {group}-{sub_code} (cấp điện áp {voltage}) sang biểu giá.",
        "Price group {group}-{sub_code} (voltage {voltage}) leads to no price item.",
    )
    next_step = Bilingual(
        "Bổ sung dòng ánh xạ có ngày hiệu lực, hoặc sửa áp giá của hợp đồng.",
        "Add a dated row to the mapping, or correct the contract's price application.",
    )
