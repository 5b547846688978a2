"""A4 views: deterministic, complete, with the original attached, whatever the customer's name."""

import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date
from hashlib import sha256
from re import DOTALL, findall

import pytest

from cmis.formats.einvoice.content import Buyer
from cmis.formats.einvoice.parse import UnableToReadInvoice
from cmis.formats.einvoice.pdf import invoice_pdf, notice_pdf, qr_svg
from cmis.formats.einvoice.safe_xml import UnableToReadXml
from cmis.formats.einvoice.signing import invoice_bytes
from cmis.formats.notices.notice import notice_of
from tests.formats.einvoice.examples import SIGNED_AT, household, sample, without_code


def streams(pdf: bytes) -> list[bytes]:
    """The streams of a PDF, unpacked where they are packed."""
    found = []
    for raw in findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


def test_the_view_carries_the_exact_original():
    pdf = invoice_pdf(sample("hdon_goc.xml"), lookup_code="ABCDEF123456")
    assert pdf.startswith(b"%PDF-1.7")
    assert sample("hdon_goc.xml") in streams(pdf)
    assert b"hoadon-1K26TYY-00000041.xml" in pdf
    assert b"pdfaid:part>3<" in pdf.replace(b" ", b"")


def test_the_same_bytes_again_also_in_another_process():
    ours = sha256(invoice_pdf(sample("hdon_goc.xml"))).hexdigest()
    assert sha256(invoice_pdf(sample("hdon_goc.xml"))).hexdigest() == ours
    program = (
        "import sys, hashlib; from cmis.formats.einvoice.pdf import invoice_pdf;"
        "print(hashlib.sha256(invoice_pdf(sys.stdin.buffer.read())).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=sample("hdon_goc.xml"),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "TZ": "America/Lima"},
    )
    assert other.stdout.decode().strip() == ours


@pytest.mark.parametrize("name", ["hdon_dieuchinh.xml", "hdon_thaythe.xml", "hdon_kddv.xml"])
def test_every_sample_has_a_view_of_one_page(name):
    assert invoice_pdf(sample(name)).count(b"/Type/Pages/Count 1/") == 1


def test_names_cannot_write_markup_nor_stop_the_view(signer):
    content = replace(
        without_code(household()), buyer=Buyer('漢🙂 #panic("x") $y$ *z* \\', "]] // #include")
    )
    pdf = invoice_pdf(invoice_bytes(content, signer, SIGNED_AT))
    assert pdf.startswith(b"%PDF-")


def test_many_lines_go_on_over_pages(signer):
    content = replace(without_code(household()), readings=household().readings * 80)
    pdf = invoice_pdf(invoice_bytes(content, signer, SIGNED_AT))
    assert pdf.count(b"/Type/Pages/Count 3/") == 1


def test_what_is_no_invoice_has_no_view():
    with pytest.raises(UnableToReadInvoice):
        invoice_pdf(sample("tbao_04ss.xml"))
    with pytest.raises(UnableToReadXml):
        invoice_pdf(b"<!DOCTYPE a><a/>")


def test_the_notice_page():
    notice = notice_of(household(), lookup_code="ABCDEF123456")
    assert notice_pdf(notice) == notice_pdf(notice)
    provisional = replace(notice, is_final=False)
    assert notice_pdf(provisional) != notice_pdf(notice)
    bare = replace(notice, issued_on=None, due_date=date(2026, 7, 13), period=None, readings=())
    assert notice_pdf(bare).count(b"/Type/Pages/Count 1/") == 1


def test_no_picture_without_a_code():
    assert qr_svg("") == ""
    assert qr_svg(household().qr_payload).startswith("<svg ")
