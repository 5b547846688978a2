"""Papers of a bill: the signed XML, its PDF view, the notice, the payment code."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.einvoice.pdf import invoice_pdf, notice_pdf, qr_svg
from cmis.formats.notices.notice import notice_of
from cmis.interfaces.portal.bill_views import unreadable
from cmis.interfaces.portal.exports import download
from cmis.interfaces.portal.sessions import CustomerRequest, customer_required
from cmis.journeys.show_a_bill import Paper, signed_paper
from cmis.modules.invoicing.queries import UnableToReadInvoice
from cmis.modules.invoicing.types import InvoiceFacts

PDF = "application/pdf"


@require_safe
@customer_required
def invoice_xml(request: CustomerRequest, code: str) -> HttpResponse:
    """The legal original, byte for byte as it was signed."""
    return _made_of(
        request,
        code,
        lambda paper: download(
            paper.data, "application/xml", f"{_file_name('hoadon', paper.invoice)}.xml"
        ),
    )


@require_safe
@customer_required
def invoice_view(request: CustomerRequest, code: str) -> HttpResponse:
    return _made_of(
        request,
        code,
        lambda paper: download(
            invoice_pdf(paper.data, lookup_code=paper.invoice.lookup_code),
            PDF,
            f"{_file_name('hoadon', paper.invoice)}.pdf",
        ),
    )


@require_safe
@customer_required
def notice_view(request: CustomerRequest, code: str) -> HttpResponse:
    return _made_of(request, code, _notice)


def _notice(paper: Paper) -> HttpResponse:
    notice = notice_of(parse_invoice(paper.data).content, lookup_code=paper.invoice.lookup_code)
    return download(notice_pdf(notice), PDF, f"{_file_name('thongbao', paper.invoice)}.pdf")


@require_safe
@customer_required
def payment_code(request: CustomerRequest, code: str) -> HttpResponse:
    """The VietQR image of the signed invoice; none when there is nothing to pay."""
    return _made_of(request, code, _payment_code)


def _payment_code(paper: Paper) -> HttpResponse:
    image = qr_svg(parse_invoice(paper.data).content.qr_payload)
    if not image:
        raise Http404
    return HttpResponse(image.encode(), content_type="image/svg+xml")


def _made_of(
    request: CustomerRequest, code: str, make: Callable[[Paper], HttpResponse]
) -> HttpResponse:
    """Answer with something made of the signed bytes; another customer's do not exist here."""
    try:
        paper = signed_paper(request.who, code)
    except UnableToReadInvoice as error:
        return unreadable(request, error)
    if paper is None:
        raise Http404
    return make(paper)


def _file_name(kind: str, invoice: InvoiceFacts) -> str:
    """``hoadon-1K26TAA-00000041``."""
    return f"{kind}-{invoice.form}{invoice.symbol}-{invoice.number:08d}"
