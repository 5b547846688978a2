"""Whatever is put into an invoice verifies and is read back the same (Hypothesis)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unicodedata import combining, normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from cmis.formats.einvoice.build import document_text
from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    LineNature,
    MeterReading,
    RelatedInvoice,
    Relation,
    VatGroup,
)
from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.einvoice.payment_code import with_payment_code
from cmis.formats.einvoice.signing import invoice_bytes
from cmis.formats.einvoice.verify import verify_document
from cmis.kernel.period import Period
from cmis.kernel.rounding import half_up
from tests.formats.einvoice.examples import ACCOUNT, SELLER, SIGNED_AT, xmlsec_accepts

LETTERS = st.one_of(
    st.sampled_from("aAđĐấỀửỹ ŨỒ&<>\"'/]\t0123456789.,;-₫€漢🙂"),
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
)


def texts(longest: int, *, empty: bool = False) -> st.SearchStrategy[str]:
    """Composed text as it is stored: not beginning with a combining mark, no lone blanks."""
    return (
        st.text(LETTERS, min_size=0 if empty else 1, max_size=longest // 2)
        .map(lambda text: normalize("NFC", text)[:longest])
        .filter(lambda text: (empty or text != "") and not (text and combining(text[0])))
        .filter(lambda text: normalize("NFC", ">" + text) == ">" + text)
    )


days = st.dates(date(2025, 6, 1), date(2028, 12, 1))
quantities = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=6),
)
rates = st.sampled_from(["0%", "5%", "8%", "10%", "KCT"])


@st.composite
def lines(draw: st.DrawFn) -> InvoiceLine:
    quantity, price = draw(quantities), draw(st.integers(0, 10_000))
    return InvoiceLine(
        name=draw(texts(200)),
        code=draw(texts(50, empty=True)),
        unit=draw(st.sampled_from(["kWh", "kVArh", "lần"])),
        quantity=quantity,
        unit_price_vnd=price,
        amount_vnd=half_up(
            Decimal(quantity).as_integer_ratio()[0] * price, Decimal(quantity).as_integer_ratio()[1]
        ),
        vat_code=draw(rates),
    )


@st.composite
def readings(draw: st.DrawFn) -> MeterReading:
    return MeterReading(
        draw(texts(50)),
        draw(texts(50)),
        draw(st.sampled_from(["KT", "BT", "CD", "TD", "VC"])),
        draw(quantities),
        draw(quantities),
        draw(quantities),
        draw(quantities),
        draw(texts(100, empty=True)),
    )


@st.composite
def contents(draw: st.DrawFn) -> InvoiceContent:
    chosen = tuple(draw(st.lists(lines(), min_size=1, max_size=6)))
    groups = []
    for code in dict.fromkeys(line.vat_code for line in chosen):
        net = sum(line.amount_vnd or 0 for line in chosen if line.vat_code == code)
        rate = 0 if code == "KCT" else int(code[:-1])
        groups.append(VatGroup(code, net, None if code == "KCT" else half_up(net * rate, 100)))
    net = sum(group.net_vnd for group in groups)
    vat = sum(group.vat_vnd or 0 for group in groups)
    note = InvoiceLine(name=draw(texts(100)), unit="", nature=LineNature.NOTE)
    start = draw(days)
    related = RelatedInvoice(
        draw(st.sampled_from(Relation)),
        "1",
        "K25TAA",
        draw(st.integers(1, 99_999_999)),
        draw(days),
        draw(texts(255)),
    )
    content = InvoiceContent(
        form="1",
        symbol="K26TYY",
        number=draw(st.integers(1, 99_999_999)),
        invoice_date=draw(days),
        seller=SELLER,
        buyer=Buyer(draw(texts(400)), draw(texts(400, empty=True)), draw(texts(50, empty=True))),
        lines=(*chosen, note) if draw(st.booleans()) else chosen,
        vat_groups=tuple(groups),
        net_vnd=net,
        vat_vnd=vat,
        total_vnd=net + vat,
        format_version="2.1.0",
        period_label=draw(texts(100, empty=True)),
        period=Period(start, start + timedelta(days=draw(st.integers(0, 400)))),
        bill_code=draw(texts(50, empty=True)),
        purpose=draw(texts(100, empty=True)),
        households=draw(st.none() | st.integers(0, 500) | st.just(Decimal("1.5"))),
        due_date=draw(st.none() | days),
        readings=tuple(draw(st.lists(readings(), max_size=4))),
        related=related if draw(st.booleans()) else None,
        reason=draw(texts(100, empty=True)),
        provider_tax_code="0000000017",
    )
    return with_payment_code(content, ACCOUNT)


@given(contents())
@settings(max_examples=30)
def test_build_sign_verify_and_read_back(signer, content):
    invoice = invoice_bytes(content, signer, SIGNED_AT)
    report = verify_document(invoice)
    assert (report.ok, [one.rule for one in report.findings]) == (True, [])
    assert xmlsec_accepts(invoice) == [True]
    parsed = parse_invoice(invoice)
    assert parsed.content == content
    assert parsed.signed_by is not None
    assert parsed.signed_by.signed_at == SIGNED_AT


@given(contents())
@settings(max_examples=20)
def test_decomposed_input_is_the_same_invoice(content):
    decomposed = replace(
        content, buyer=replace(content.buyer, name=normalize("NFD", content.buyer.name))
    )
    assert document_text(decomposed) == document_text(content)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_get_a_report(data):
    assert not verify_document(data).ok
