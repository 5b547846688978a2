"""How near to the bare RSA signature the whole making of an invoice comes.

Prints plain ``name: value`` lines. Ratios are (rate of whole invoices) ÷ (rate of raw RSA-2048
signatures) in the same process, the median of alternating rounds, so that they mean the same on
any machine.
"""

import statistics
import time
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    MeterReading,
    Seller,
    VatGroup,
)
from cmis.formats.einvoice.demo_key import make_demo_key
from cmis.formats.einvoice.payment_code import with_payment_code
from cmis.formats.einvoice.signer import SoftwareSigner
from cmis.formats.einvoice.signing import SignedInvoice, invoice_bytes, sign_all
from cmis.formats.einvoice.storage import BUILT_IN, Dictionary, dictionary_from
from cmis.formats.payments.vietqr import PaymentAccount
from cmis.kernel.period import Period

SIGNED_AT = datetime(2026, 7, 3, 2, 15, tzinfo=UTC)
ACCOUNT = PaymentAccount("970403", "0011012345678", "CTDL THU NGHIEM", "HA NOI")
PRICES = (1984, 2050, 2380, 2998, 3350, 3460)
ROUNDS = 9
COUNT = 300


SELLER = Seller(
    name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
    tax_code="0000000017",
    address="Số 0 đường Ví Dụ, phường Mẫu, tỉnh Giả Định",
    unit_code="PX0100",
    unit_name="Điện lực Mẫu",
    phone="19000000",
    bank_account="0011012345678",
)


def tier_lines(energy: tuple[int, ...]) -> tuple[InvoiceLine, ...]:
    return tuple(
        InvoiceLine(
            name=f"Điện sinh hoạt bậc {tier} (Household electricity, tier {tier})",
            code=f"SHBT-B{tier}",
            quantity=kwh,
            unit_price_vnd=price,
            amount_vnd=kwh * price,
            vat_code="8%",
        )
        for tier, (kwh, price) in enumerate(zip(energy, PRICES, strict=False), start=1)
    )


def household(number: int) -> InvoiceContent:
    """A household of four tiers, its numbers moving with ``number``."""
    energy = (50, 50, 100, 20 + number % 80)
    lines = tier_lines(energy)
    net = sum(line.amount_vnd or 0 for line in lines)
    vat = (net * 8 + 50) // 100
    old = 3120 + number * 7 % 90_000
    return InvoiceContent(
        form="1",
        symbol="K26TYY",
        number=number,
        invoice_date=date(2026, 7, 3),
        seller=SELLER,
        buyer=Buyer(
            name=f"Bà Nguyễn Thị Mẫu {number}",
            address=f"Số {number} ngõ Ví Dụ, phường Mẫu, tỉnh Giả Định",
            customer_code=f"PX0100{number:07d}",
        ),
        lines=lines,
        vat_groups=(VatGroup("8%", net, vat),),
        net_vnd=net,
        vat_vnd=vat,
        total_vnd=net + vat,
        format_version="2.1.0",
        period_label="Kỳ 1 - 6/2026",
        period=Period(date(2026, 6, 1), date(2026, 7, 1)),
        book_code="S0001",
        bill_code=f"{900_000_000 + number}",
        purpose="100% Sinh hoạt",
        households=1,
        due_date=date(2026, 7, 13),
        readings=(
            MeterReading(
                f"PX0100{number:07d}001",
                f"{26_000_000 + number}",
                "KT",
                old,
                old + sum(energy),
                1,
                sum(energy),
            ),
        ),
        provider_tax_code="0000000017",
    )


def seconds(work: object, *arguments: object) -> float:
    started = time.perf_counter()
    work(*arguments)  # type: ignore[operator]
    return time.perf_counter() - started


def mean_size(stored: list[SignedInvoice]) -> float:
    return statistics.mean(len(one.compressed) for one in stored)


def main() -> None:
    pair = make_demo_key(
        company_name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
        tax_code="0000000017",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2029, 1, 1, tzinfo=UTC),
    )
    signer = SoftwareSigner.from_pem(pair.key_pem, pair.certificate_pem)
    key = serialization.load_pem_private_key(pair.key_pem, None)
    scheme, algorithm = padding.PKCS1v15(), hashes.SHA256()
    contents = [household(number) for number in range(1, COUNT + 1)]
    example = invoice_bytes(with_payment_code(household(99_999), ACCOUNT), signer, SIGNED_AT)
    own = dictionary_from(example, version=1000)

    def raw() -> None:
        for number in range(COUNT):
            key.sign(b"%d" % number, scheme, algorithm)  # type: ignore[union-attr,call-arg]

    def build_and_sign() -> None:
        for content in contents:
            invoice_bytes(with_payment_code(content, ACCOUNT), signer, SIGNED_AT)

    def build_sign_store(dictionary: Dictionary = own) -> list[SignedInvoice]:
        paid = [with_payment_code(one, ACCOUNT) for one in contents]
        return sign_all(paid, signer, SIGNED_AT, dictionary)

    raw()
    build_and_sign()
    rows = [
        (seconds(raw), seconds(build_and_sign), seconds(build_sign_store)) for _ in range(ROUNDS)
    ]
    invoice = invoice_bytes(with_payment_code(contents[0], ACCOUNT), signer, SIGNED_AT)
    stored_own, stored_packaged = build_sign_store(), build_sign_store(BUILT_IN)
    print(f"raw_rsa_signatures_per_s: {COUNT / statistics.median(r[0] for r in rows):.0f}")
    print(f"signed_invoices_per_s: {COUNT / statistics.median(r[1] for r in rows):.0f}")
    print(f"signing_to_rsa_ratio: {statistics.median(r[0] / r[1] for r in rows):.3f}")
    print(f"signing_and_storing_to_rsa_ratio: {statistics.median(r[0] / r[2] for r in rows):.3f}")
    print(f"invoice_bytes: {len(invoice)}")
    print(f"invoice_bytes_stored: {mean_size(stored_own):.0f}")
    print(f"invoice_bytes_stored_packaged_dictionary: {mean_size(stored_packaged):.0f}")


if __name__ == "__main__":
    main()
