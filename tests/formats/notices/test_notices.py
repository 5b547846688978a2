"""The notice in every form, word for word."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.einvoice.content import MeterReading
from cmis.formats.notices.columns import centered, pair, width, wrapped
from cmis.formats.notices.figures import shown_date, shown_number
from cmis.formats.notices.message_text import SmsEncoding, email_text, sms_size, sms_text
from cmis.formats.notices.notice import NOT_A_PAYMENT_DOCUMENT, NoticeLine, notice_of, two_languages
from cmis.formats.notices.slip import slip_lines, slip_text
from cmis.kernel.errors import Bilingual
from tests.formats.einvoice.examples import household

NOTICE = notice_of(household(), lookup_code="ABCDEF123456")
SWAP = replace(
    NOTICE,
    readings=(
        MeterReading("D1", "26000001", "KT", 3120, 3300, 1, 180, "Công tơ tháo"),
        MeterReading("D1", "26000777", "KT", 0, Decimal("2.375"), 40, 95, "Tạm tính"),
    ),
)

NARROW_SLIP = """\
  CÔNG TY ĐIỆN LỰC THỬ NGHIỆM
          Điện lực Mẫu
        MST: 0000000017
      Điện thoại: 19000000

      THÔNG BÁO TIỀN ĐIỆN
         Kỳ 1 - 6/2026
  Từ 01/06/2026 đến 30/06/2026
--------------------------------
Khách hàng: Bà Nguyễn Thị Mẫu
Địa chỉ: Số 1 ngõ Ví Dụ, phường
Mẫu, tỉnh Giả Định
Mã KH: PX01000000001
Sổ: S0001
Mục đích: 100% Sinh hoạt
Số hộ: 1
Hóa đơn: 1K26TYY số 41
--------------------------------
Công tơ 26000001 (KT)
Chỉ số mới                 3.300
Chỉ số cũ                  3.120
Tiêu thụ (kWh)               180
* Công tơ tháo
Công tơ 26000777 (KT)
Chỉ số mới                 2,375
Chỉ số cũ                      0
Hệ số nhân                    40
Tiêu thụ (kWh)                95
* Tạm tính
--------------------------------
Điện sinh hoạt bậc 1
50 kWh × 1.984            99.200
Điện sinh hoạt bậc 2
50 kWh × 2.050           102.500
Điện sinh hoạt bậc 3
100 kWh × 2.380          238.000
Điện sinh hoạt bậc 4
75 kWh × 2.998           224.850
--------------------------------
Tổng điện năng (kWh)         275
Tiền điện chưa thuế      664.550
Thuế GTGT 8%              53.164
TỔNG CỘNG (đồng)         717.714
Bằng chữ: Bảy trăm mười bảy
nghìn bảy trăm mười bốn đồng.

Thanh toán trước ngày:
13/07/2026
Mã tra cứu: ABCDEF123456
Ngày lập: 03/07/2026

 Thông báo này không có giá trị
          thanh toán.
"""


def test_the_narrow_slip_word_for_word():
    assert slip_text(SWAP) == NARROW_SLIP


def test_the_wide_slip_without_diacritics_is_plain_ascii():
    lines = slip_lines(SWAP, columns=48, with_diacritics=False, thousands_mark=" ")
    assert all(line.isascii() and len(line) <= 48 for line in lines)
    assert "50 kWh x 1 984                            99 200" in lines
    assert "TONG CONG (dong)                         717 714" in lines
    assert lines[-1].strip() == "Thong bao nay khong co gia tri thanh toan."


def test_a_provisional_slip_says_so_and_asks_for_nothing():
    text = slip_text(replace(NOTICE, is_final=False, reader_name="Trần Văn Mẫu"), columns=48)
    assert "THÔNG BÁO CHỈ SỐ VÀ TẠM TÍNH TIỀN ĐIỆN" in text
    assert "TẠM TÍNH (đồng)                          717.714" in text
    assert "Thanh toán trước" not in text
    assert "Nhân viên ghi chỉ số: Trần Văn Mẫu" in text
    assert replace(NOTICE, is_final=False).payment_code == ""
    assert NOTICE.payment_code == household().qr_payload


def test_only_two_papers_exist():
    with pytest.raises(ValueError, match="32 or 48"):
        slip_lines(NOTICE, columns=40)


amounts = st.integers(-(10**13), 10**13)
labels = st.text(st.sampled_from("ẵĐđ abcXYZ (){}0123"), min_size=1, max_size=90).filter(str.strip)


@given(
    st.lists(st.tuples(labels, amounts, amounts), max_size=5),
    st.sampled_from([32, 48]),
    st.booleans(),
    st.sampled_from(". ,"),
)
def test_no_line_is_too_wide_and_no_amount_is_cut(rows, columns, with_diacritics, mark):
    lines = tuple(
        NoticeLine(two_languages(label), quantity, "kWh", 1_984, amount)
        for label, quantity, amount in rows
    )
    printed = slip_lines(
        replace(NOTICE, lines=lines, customer_name="Nguyễn " * 9),
        columns=columns,
        with_diacritics=with_diacritics,
        thousands_mark=mark,
    )
    assert all(width(line) <= columns for line in printed)
    for _, quantity, amount in rows:
        assert any(line.endswith(shown_number(amount, mark)) for line in printed)
        assert any(shown_number(quantity, mark) in line for line in printed)


def test_columns_count_base_letters():
    assert width("Đặng Thị Ửng") == width(normalize("NFD", "Đặng Thị Ửng")) == 12
    assert centered("ấm", 6) == ["  ấm"]
    assert pair("Một nhãn rất dài", "1.000.000", 16) == ["Một nhãn rất dài", "       1.000.000"]
    assert pair("", "5", 4) == ["   5"]
    assert wrapped("aaaaaaa bb", 3) == ["aaa", "aaa", "a", "bb"]


# -- figures ---------------------------------------------------------------------------------


def test_figures():
    assert shown_number(Decimal("9355.960")) == "9.355,96"
    assert shown_number(1_234_567, " ") == "1 234 567"
    assert shown_number(Decimal("-1234.5"), ",") == "-1,234.5"
    assert shown_number(Decimal("1E+4")) == "10.000"
    assert shown_date(date(2026, 11, 5)) == "05/11/2026"
    assert shown_date(date(2026, 11, 5), "en") == "5 Nov 2026"
    assert shown_date(None) == ""


def test_names_split_into_two_languages():
    assert two_languages("Điện bậc 1 (Tier 1)") == Bilingual("Điện bậc 1", "Tier 1")
    assert two_languages("Điện (a) b") == Bilingual("Điện (a) b", "Điện (a) b")
    assert two_languages("giá {x}").render("vi") == "giá {x}"


# -- messages --------------------------------------------------------------------------------


def test_the_short_message_in_both_languages():
    short = sms_text(NOTICE)
    assert short.text == (
        "Dien luc Mau TB: KH PX01000000001 Ky 1 - 6/2026: 275 kWh, tien dien 717.714 d."
        " Han thanh toan 13/07/2026. DT 19000000."
    )
    assert (short.encoding, short.parts) == (SmsEncoding.GSM, 1)
    assert sms_text(NOTICE, "en").text == (
        "Dien luc Mau: customer PX01000000001, 275 kWh, electricity bill VND 717,714."
        " Due 13 Jul 2026. Tel 19000000."
    )
    with_letters = sms_text(NOTICE, with_diacritics=True)
    assert (with_letters.encoding, with_letters.parts) == (SmsEncoding.UCS2, 2)


def test_marks_and_provisional_amounts_are_told():
    text = sms_text(replace(SWAP, is_final=False)).text
    assert "tam tinh tien dien 717.714 d. Chi so: cong to thao, tam tinh." in text
    assert "Han thanh toan" not in text
    assert (
        "provisional electricity amount VND 717,714."
        in sms_text(replace(SWAP, is_final=False), "en").text
    )


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("{" * 80, "GSM-7", 1),
        ("{" * 81, "GSM-7", 2),
        ("a" + "{" * 152, "GSM-7", 2),
        ("a" + "{" * 153, "GSM-7", 3),
        ("ấ" * 70, "UCS-2", 1),
        ("ấ" * 71, "UCS-2", 2),
        ("ấ" * 135, "UCS-2", 3),
        ("🙂" * 35, "UCS-2", 1),
        ("🙂" * 36, "UCS-2", 2),
        ("", "GSM-7", 1),
    ],
)
def test_parts_of_a_short_message(text, encoding, parts):
    assert sms_size(text) == (encoding, parts)


def test_the_mail_in_vietnamese():
    mail = email_text(SWAP, portal_url="https://cskh.example.invalid/")
    assert mail.subject == (
        "Thông báo tiền điện Kỳ 1 - 6/2026 (01/06/2026 – 30/06/2026) - PX01000000001: 717.714 đồng"
    )
    for line in (
        "Kính gửi Bà Nguyễn Thị Mẫu,",
        "Công tơ 26000777 (KT): 0 → 2,375 × 40 = 95 (Tạm tính)",
        "- Điện sinh hoạt bậc 4: 75 kWh × 2.998 = 224.850",
        "Tổng cộng tiền thanh toán: 717.714 đồng",
        "Bằng chữ: Bảy trăm mười bảy nghìn bảy trăm mười bốn đồng.",
        "Đề nghị thanh toán trước ngày: 13/07/2026",
        "Mã tra cứu hóa đơn: ABCDEF123456",
        "Xem chi tiết và hóa đơn tại: https://cskh.example.invalid/",
        NOT_A_PAYMENT_DOCUMENT.vi,
    ):
        assert line in mail.body.splitlines()


def test_the_mail_in_english():
    mail = email_text(NOTICE, "en")
    assert mail.subject == (
        "Electricity bill 1 Jun 2026 – 30 Jun 2026 - PX01000000001: 717,714 VND"
    )
    for line in (
        "Dear Bà Nguyễn Thị Mẫu,",
        "- Household electricity, tier 1: 50 kWh × 1,984 = 99,200",
        "Total payable: 717,714 VND",
        "Please pay by: 13 Jul 2026",
        NOT_A_PAYMENT_DOCUMENT.en,
    ):
        assert line in mail.body.splitlines()
    assert "Bằng chữ" not in mail.body


def test_a_mail_subject_stays_on_one_line():
    mail = email_text(replace(NOTICE, customer_code="PX\r\nBcc: x@example.invalid"))
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_energy_is_summed_over_kwh_lines_only():
    reactive = replace(
        household().lines[0], name="Tiền công suất phản kháng", unit="kVArh", quantity=999
    )
    content = replace(household(), lines=(*household().lines, reactive))
    assert notice_of(content).energy_kwh == 275
