"""Payment codes against the worked vectors, and back again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.payments.banks import bank_name, banks_on
from cmis.formats.payments.counter_code import counter_payload
from cmis.formats.payments.tlv import (
    BrokenPayload,
    checksum,
    field,
    parse_fields,
    parse_payload,
    with_checksum,
)
from cmis.formats.payments.vietqr import (
    InvoiceReference,
    PaymentAccount,
    PaymentCode,
    UnableToMakePaymentCode,
    parse_payment_code,
    payment_payload,
    plain,
)

ACCOUNT = PaymentAccount("970403", "0011012345678")
CARD = PaymentAccount("970403", "9704030000000000018", is_card=True)
MERCHANT = PaymentAccount("970403", "0011012345678", "CTĐL THỬ NGHIỆM", "HÀ NỘI")
INVOICE = InvoiceReference("0100000000", "1", "K26TYY", 41, date(2026, 7, 3), 717_714)
STATIC = (
    "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
)


def test_check_value_of_the_checksum():
    assert checksum("123456789") == "29B1"


def test_static_account():
    assert payment_payload(ACCOUNT) == STATIC


def test_dynamic_account_with_purpose_from_the_specification():
    """Tag 62 of the vector holds 01 and 08 as we write them."""
    assert payment_payload(
        ACCOUNT, amount_vnd=180_000, bill_number="NPS6869", purpose="THANH TOAN"
    ) == (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "530370454061800005802VN62250107NPS68690810THANH TOAN6304F3BF"
    )


def test_static_card():
    assert payment_payload(CARD) == (
        "00020101021138630010A00000072701330006970403011997040300000000000180208QRIBFTTC"
        "53037045802VN6304771D"
    )


def test_dynamic_with_bill_and_customer():
    assert payment_payload(
        ACCOUNT,
        amount_vnd=717_714,
        bill_number="900000001",
        customer_code="PX01000000001",
        purpose="TĐ PX01000000001",
    ) == (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "530370454067177145802VN625001099000000010613PX010000000010816TD PX0100000000163045B9D"
    )


FULL = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454067177145802"
    "VN5915CTDL THU NGHIEM6006HA NOI625001099000000010613PX010000000010816TD PX0100000000199710010"
    "A00000072701100000000017020110306K26TYY040241050820260703060671771463041167"
)


def test_merchant_and_invoice_tag():
    reference = InvoiceReference("0000000017", "1", "K26TYY", 41, date(2026, 7, 3), 717_714)
    assert (
        payment_payload(
            MERCHANT,
            amount_vnd=717_714,
            bill_number="900000001",
            customer_code="PX01000000001",
            purpose="TD PX01000000001",
            invoice=reference,
        )
        == FULL
    )
    assert parse_payment_code(FULL) == PaymentCode(
        PaymentAccount("970403", "0011012345678", "CTDL THU NGHIEM", "HA NOI"),
        717_714,
        "900000001",
        "PX01000000001",
        "TD PX01000000001",
        reference,
    )


def test_counter_code_of_the_process():
    """BILL-15, scenario 20: length 155, checksum 52C5."""
    payload = counter_payload(
        tax_code="0100000000",
        unit_name="Điện lực Mẫu",
        city="Hà Nội",
        point_name="QUẦY 01",
        customer_code="PX01000000001",
        point_code="DT000001",
    )
    assert payload.endswith("0812TT Tien dien630452C5")
    assert len(payload) == 155
    fields = dict(parse_payload(payload))
    assert (fields["01"], fields["52"], "54" in fields) == ("11", "4900", False)
    assert dict(parse_fields(fields["26"])) == {"00": "00", "01": "0100000000"}


def test_counter_fields_are_cut_one_by_one():
    payload = counter_payload(
        tax_code="0100000000",
        unit_name="Điện lực có tên rất dài hơn cả ô",
        city="Thành phố Hồ Chí Minh",
        point_name="Q" * 30,
        customer_code="PX010000000012345",
        point_code="DT0000012",
        post_code="123456789012",
    )
    fields = dict(parse_payload(payload))
    assert fields["59"] == "EVN Dien luc co ten rat d"
    assert fields["60"] == "Thanh pho Ho Ch"
    assert fields["61"] == "1234567890"
    assert [len(value) for _, value in parse_fields(fields["62"])] == [20, 13, 8, 12]
    assert len(payload) <= 512


def test_names_are_folded_and_cut_by_field():
    account = PaymentAccount("970403", "1", "Công ty Điện lực thành phố Giả Định", "Đà Nẵng")
    code = parse_payment_code(payment_payload(account))
    assert code.account.merchant_name == "Cong ty Dien luc thanh ph"
    assert code.account.city == "Da Nang"
    assert plain("漢 Đ₫\n e ", 25) == "D e"


def test_additional_fields_keep_numbers_whole_and_cut_the_purpose():
    code = parse_payment_code(
        payment_payload(
            ACCOUNT, amount_vnd=1, bill_number="1" * 30, customer_code="2" * 30, purpose="p" * 99
        )
    )
    assert (code.bill_number, code.customer_code) == ("1" * 25, "2" * 25)
    assert code.purpose == "p" * 25


@pytest.mark.parametrize("amount", [0, -1, 10**13])
def test_no_code_for_what_cannot_be_paid(amount):
    with pytest.raises(UnableToMakePaymentCode):
        payment_payload(ACCOUNT, amount_vnd=amount)


@pytest.mark.parametrize(
    "account",
    [
        PaymentAccount("97040", "1"),
        PaymentAccount("97040x", "1"),
        PaymentAccount("970403", ""),
        PaymentAccount("970403", "1" * 20),
        PaymentAccount("970403", "1 2"),
    ],
)
def test_no_code_for_what_is_no_account(account):
    with pytest.raises(UnableToMakePaymentCode):
        payment_payload(account)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6304",
        STATIC[:-1] + "E",
        STATIC.lower(),
        STATIC[:-4],
        with_checksum("0002"),
        with_checksum("000201000201"),
        with_checksum("0000"),
        with_checksum("00020101021153038405802US"),
        with_checksum("000201010211380053037045802VN"),
        with_checksum("000201010212" + STATIC[12:73] + "53037045802VN"),
    ],
)
def test_broken_payloads_are_refused(text):
    with pytest.raises(BrokenPayload):
        parse_payment_code(text)


def test_a_value_must_fit_its_two_digit_length():
    assert field("08", "x" * 99) == "0899" + "x" * 99
    with pytest.raises(BrokenPayload):
        field("08", "x" * 100)
    with pytest.raises(BrokenPayload):
        field("08", "đ")


ascii_texts = st.text("ABCXYZabc 0123456789$%*+-./:", max_size=25).map(str.strip)


@given(
    st.integers(1, 10**13 - 1) | st.none(),
    ascii_texts,
    ascii_texts,
    ascii_texts,
    st.none() | st.just(INVOICE),
)
def test_what_is_written_is_read_back(amount, bill, customer, purpose, invoice):
    text = payment_payload(
        MERCHANT,
        amount_vnd=amount,
        bill_number=bill,
        customer_code=customer,
        purpose=purpose,
        invoice=invoice,
    )
    code = parse_payment_code(text)
    assert (code.amount_vnd, code.bill_number, code.customer_code) == (amount, bill, customer)
    assert purpose.startswith(code.purpose)
    assert code.invoice == invoice
    assert text.isascii()
    assert len(text) <= 512


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(BrokenPayload):
        parse_payment_code(text)


@given(st.integers(0, len(FULL) - 1), st.integers(1, 127))
def test_no_single_changed_character_passes(place, difference):
    changed = FULL[:place] + chr(ord(FULL[place]) ^ difference) + FULL[place + 1 :]
    with pytest.raises(BrokenPayload):
        parse_payment_code(changed)


def test_banks_are_dated():
    day = date(2026, 7, 3)
    assert bank_name("970403", day) == "Sacombank"
    assert bank_name("970403", date(2021, 8, 31)) is None
    assert bank_name("000000", day) is None
    numbers = [bank.bin for bank in banks_on(day)]
    assert len(set(numbers)) == len(numbers) == 18
    assert all(len(number) == 6 and number.isdigit() for number in numbers)
