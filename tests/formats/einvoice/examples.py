"""The invoice of ``samples/hdon_goc.xml`` in our words, and an independent verifier."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import xmlsec
from lxml import etree

from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    MeterReading,
    Seller,
    VatGroup,
)
from cmis.formats.einvoice.payment_code import with_payment_code
from cmis.formats.payments.vietqr import PaymentAccount
from cmis.kernel.period import Period

SAMPLES = Path(__file__).parents[2] / "data" / "einvoice" / "samples"
SIGNED_AT = datetime(2026, 7, 3, 2, 15, tzinfo=UTC)
ACCOUNT = PaymentAccount("970403", "0011012345678", "CTDL THỬ NGHIỆM", "HÀ NỘI")

SELLER = Seller(
    name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
    tax_code="0000000017",
    address="Số 0 đường Ví Dụ, phường Mẫu, tỉnh Giả Định",
    unit_code="PX0100",
    unit_name="Điện lực Mẫu",
    phone="19000000",
    email="cskh@example.invalid",
    bank_account="0011012345678",
    bank_name="Ngân hàng Ví Dụ",
    website="cskh.example.invalid",
)


def tier(number: int, kwh: int, price: int) -> InvoiceLine:
    return InvoiceLine(
        name=f"Điện sinh hoạt bậc {number} (Household electricity, tier {number})",
        code=f"SHBT-B{number}",
        quantity=kwh,
        unit_price_vnd=price,
        amount_vnd=kwh * price,
        vat_code="8%",
    )


def household() -> InvoiceContent:
    """275 kWh in four tiers: 664 550 + 53 164 = 717 714 đ, with its payment code."""
    content = InvoiceContent(
        form="1",
        symbol="K26TYY",
        number=41,
        invoice_date=date(2026, 7, 3),
        seller=SELLER,
        buyer=Buyer(
            name="Bà Nguyễn Thị Mẫu",
            address="Số 1 ngõ Ví Dụ, phường Mẫu, tỉnh Giả Định",
            customer_code="PX01000000001",
        ),
        lines=(tier(1, 50, 1984), tier(2, 50, 2050), tier(3, 100, 2380), tier(4, 75, 2998)),
        vat_groups=(VatGroup("8%", 664_550, 53_164),),
        net_vnd=664_550,
        vat_vnd=53_164,
        total_vnd=717_714,
        format_version="2.1.0",
        period_label="Kỳ 1 - 6/2026",
        period=Period(date(2026, 6, 1), date(2026, 7, 1)),
        book_code="S0001",
        bill_code="900000001",
        purpose="100% Sinh hoạt",
        households=1,
        due_date=date(2026, 7, 13),
        readings=(MeterReading("PX01000000001001", "26000001", "KT", 3120, 3395, 1, 275),),
        provider_tax_code="0000000017",
    )
    return with_payment_code(content, ACCOUNT)


def without_code(content: InvoiceContent) -> InvoiceContent:
    return replace(content, qr_payload="")


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def xmlsec_accepts(data: bytes) -> list[bool]:
    """Each signature of the file, judged by the xmlsec library with the certificate inside."""
    root = etree.fromstring(data)
    xmlsec.tree.add_ids(root, ["Id"])
    namespace = "{http://www.w3.org/2000/09/xmldsig#}"
    answers = []
    for node in root.iter(f"{namespace}Signature"):
        text = node.findtext(f".//{namespace}X509Certificate")
        pem = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
        try:
            context.verify(node)
            answers.append(True)
        except xmlsec.Error:
            answers.append(False)
    return answers
