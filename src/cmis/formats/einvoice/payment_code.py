"""The payment code of an invoice (DLQRCode): VietQR with tag 99 pointing at the invoice."""

from dataclasses import replace

from cmis.formats.einvoice.content import InvoiceContent
from cmis.formats.payments.vietqr import InvoiceReference, PaymentAccount, payment_payload


def invoice_payload(content: InvoiceContent, account: PaymentAccount) -> str:
    """The QR text for this invoice, empty when there is nothing to pay.

    Raises:
        UnableToMakePaymentCode: the account is not one.
    """
    if content.total_vnd <= 0:
        return ""
    customer_code = content.buyer.customer_code
    return payment_payload(
        account,
        amount_vnd=content.total_vnd,
        bill_number=content.bill_code,
        customer_code=customer_code,
        purpose=f"TD {customer_code}",
        invoice=InvoiceReference(
            seller_tax_code=content.seller.tax_code,
            form=content.form,
            symbol=content.symbol,
            number=content.number,
            invoice_date=content.invoice_date,
            total_vnd=content.total_vnd,
        ),
    )


def with_payment_code(content: InvoiceContent, account: PaymentAccount) -> InvoiceContent:
    """The content with its payment code; call it once the number is allocated.

    Raises:
        UnableToMakePaymentCode: the account is not one.
    """
    return replace(content, qr_payload=invoice_payload(content, account))
