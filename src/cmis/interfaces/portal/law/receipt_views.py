"""The receipt beside an invoice, and the verifier that checks it without this system."""

import hashlib
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cmis.interfaces.portal.exports import download
from cmis.interfaces.portal.sessions import CustomerRequest, customer_required
from cmis.journeys.give_a_receipt import UnableToGiveReceipt, receipt_of_bill

#: Links to the files of ``verifier/`` at the top of the project, there is one copy of each; the
#: ending .txt keeps them from being taken for a template or a module of the product.
VERIFIER = Path(__file__).with_name("verifier")
CONTENT_TYPES = {"verify_receipt.html": "text/html", "verify_receipt.py": "text/x-python"}


@require_safe
@customer_required
def receipt(request: CustomerRequest, code: str) -> HttpResponse:
    """Canonical JSON of one bill; another customer's does not exist here."""
    try:
        text = receipt_of_bill(request.who, code)
    except UnableToGiveReceipt as error:
        message = error.message(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
        return render(request, "portal/unreadable.html", {"text": message}, status=409)
    if text is None:
        raise Http404
    return download(text.encode(), "application/json", f"bien-nhan-{code}.json")


@require_safe
def verify_receipt(request: HttpRequest) -> HttpResponse:
    """How to check a receipt at home, offline."""
    files = [
        {"name": name, "sha256": hashlib.sha256(verifier_bytes(name)).hexdigest()}
        for name in CONTENT_TYPES
    ]
    return render(request, "portal/law/verify_receipt.html", {"files": files})


@require_safe
def verifier_file(_request: HttpRequest, name: str) -> HttpResponse:
    """One file of the verifier, to be saved: it runs from the disk, not from this site."""
    if name not in CONTENT_TYPES:
        raise Http404
    return download(verifier_bytes(name), f"{CONTENT_TYPES[name]}; charset=utf-8", name)


def verifier_bytes(name: str) -> bytes:
    return (VERIFIER / f"{name}.txt").read_bytes()
