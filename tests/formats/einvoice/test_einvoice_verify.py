"""What verifies, what does not, and which finding says so."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from cmis.formats.einvoice.content import VatGroup
from cmis.formats.einvoice.demo_key import make_demo_key
from cmis.formats.einvoice.signer import SoftwareSigner
from cmis.formats.einvoice.signing import invoice_bytes
from cmis.formats.einvoice.verdict import SENTENCES, Trust, sentence
from cmis.formats.einvoice.verify import verify_document
from cmis.formats.einvoice.verify_amounts import same_words
from cmis.formats.payments.tlv import with_checksum
from cmis.kernel.findings import Severity
from tests.formats.einvoice.examples import (
    SAMPLES,
    SIGNED_AT,
    household,
    sample,
    without_code,
    xmlsec_accepts,
)


def rules(data: bytes, **options: bool) -> set[str]:
    return {
        finding.rule
        for finding in verify_document(data, **options).findings
        if finding.severity is Severity.BLOCK
    }


@pytest.fixture(scope="module")
def signed(signer) -> bytes:
    return invoice_bytes(household(), signer, SIGNED_AT)


def message_of(*invoices: bytes, root: bytes = b"<TDiep>") -> bytes:
    body = b"".join(invoice.split(b"?>\n")[1] for invoice in invoices)
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + root + b"<TTChung><PBan>2.1.0</PBan>"
        b"<MNGui>K0000000017</MNGui><MNNhan>TCT</MNNhan><MLTDiep>203</MLTDiep>"
        b"<MTDiep>K0000000017CF5A3A75C02B4635B0AA4733B8A3F6A8</MTDiep><MST>0000000017</MST>"
        b"<SLuong>%d</SLuong></TTChung><DLieu>%s</DLieu></TDiep>" % (len(invoices), body)
    )


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_every_sample_verifies_here_and_with_xmlsec(path):
    report = verify_document(path.read_bytes())
    assert (report.ok, len(report.signatures)) == (True, 1)
    assert xmlsec_accepts(path.read_bytes()) == [True]
    assert report.signatures[0].tax_code == "0000000017"
    assert report.signatures[0].trust is Trust.NOT_ASKED


def test_a_sample_whose_code_names_another_customer_is_shown():
    report = verify_document(sample("hdon_kddv.xml"))
    assert [(one.rule, one.severity, dict(one.values)) for one in report.findings] == [
        ("qr.differs", Severity.CONFIRM, {"field": "customer_code"})
    ]


def test_our_invoice_verifies_here_and_with_xmlsec(signed):
    report = verify_document(signed)
    assert (report.ok, report.kind, report.findings) == (True, "HDon", ())
    assert xmlsec_accepts(signed) == [True]
    one = report.signatures[0]
    assert (one.place, one.document_id, one.is_valid) == ("NBan", "HD-K26TYY-00000041", True)
    assert one.signed_at == SIGNED_AT
    assert one.subject_name == "C=VN,L=Hà Nội,CN=CÔNG TY ĐIỆN LỰC THỬ NGHIỆM,UID=MST:0000000017"


def test_several_invoices_in_one_message(signer):
    invoices = [
        invoice_bytes(without_code(replace(household(), **change)), signer, SIGNED_AT)
        for change in ({}, {"number": 42}, {"symbol": "K26TAA"})
    ]
    report = verify_document(message_of(*invoices))
    assert (report.ok, report.kind, len(report.signatures)) == (True, "TDiep", 3)
    assert xmlsec_accepts(message_of(*invoices)) == [True, True, True]
    assert "xml.duplicate_id" in rules(message_of(invoices[0], invoices[0]))


def test_a_message_that_miscounts(signed):
    message = message_of(signed).replace(b"<SLuong>1<", b"<SLuong>2<", 1)
    assert "message.count" in rules(message)


@pytest.mark.parametrize(
    ("change", "is_valid"),
    [
        (lambda data: message_of(data), True),
        (lambda data: data.split(b"?>\n")[1], True),
        (lambda data: data.replace(b"?>\n", b"?>\r\n"), True),
        (lambda data: data.replace(b"<DSCKS>", b"<MCCQT>M1-26-ABCDE</MCCQT><DSCKS>"), True),
        (lambda data: message_of(data, root=b'<TDiep xmlns:xsi="urn:x">'), False),
        (lambda data: message_of(data, root=b'<TDiep xmlns="urn:x">'), False),
        (lambda data: data.replace(b"><", b">\n<"), False),
        (lambda data: data.replace("ễ".encode(), normalize("NFD", "ễ").encode()), False),
        (lambda data: data.replace(b">3395<", b">3396<"), False),
    ],
    ids=[
        "wrapped",
        "no declaration",
        "crlf",
        "code added",
        "namespace",
        "default namespace",
        "pretty",
        "nfd",
        "digit",
    ],
)
def test_what_breaks_a_signature_and_what_does_not(signed, change, is_valid):
    data = change(signed)
    assert verify_document(data).ok is is_valid
    assert all(xmlsec_accepts(data)) is is_valid


def test_another_layout_of_the_same_xml_is_a_note_for_other_makers(signed):
    spaced = signed.replace(b"<DLHDon Id=", b"<DLHDon  Id=")
    assert rules(spaced) == {"xml.not_exact"}
    report = verify_document(spaced, must_be_exact=False)
    assert (report.ok, [one.rule for one in report.findings]) == (True, ["xml.not_exact"])


# -- attacks ---------------------------------------------------------------------------------


def test_signature_wrapping_is_refused(signed):
    """The signed part moved aside and a forged one in its place."""
    part = re.search(rb"<DLHDon.*</DLHDon>", signed).group(0)
    forged = part.replace(b"HD-K26TYY-00000041", b"HD-K26TYY-00000042")
    aside = signed.replace(part, forged).replace(b"<DSCKS>", part + b"<DSCKS>")
    assert not verify_document(aside, must_be_exact=False).ok
    twice = signed.replace(part, part + part)
    assert rules(twice, must_be_exact=False) == {"xml.duplicate_id"}


def test_a_signature_somewhere_else_does_not_count(signed):
    seal = re.search(rb"<Signature .*</Signature>", signed).group(0)
    moved = signed.replace(seal, b"").replace(b"</HDon>", b"<CCKS>" + seal + b"</CCKS></HDon>")
    found = rules(moved, must_be_exact=False)
    assert {"signature.misplaced", "signature.missing"} <= found


def test_an_invoice_without_signature_is_not_ok(signed):
    bare = re.sub(rb"<Signature .*</Signature>", b"", signed)
    assert "signature.missing" in rules(bare)


@pytest.mark.parametrize("between", [b"<!-- -->", b"<?x y?>"])
def test_text_split_by_a_comment_is_refused(signed, between):
    data = signed.replace(b"<MST>0000000017", b"<MST>0000" + between + b"000017")
    assert xmlsec_accepts(data) == [b"?x" not in between]  # the signature itself would hold
    assert rules(data, must_be_exact=False) == {"xml.unreadable"}


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
    + b"b" * 1000
    + b'"><!ENTITY c "&b;&b;&b;&b;&b;">]><HDon>&c;</HDon>'
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"HDon",
        b"<HDon>",
        b"<a>" * 100_000,
        b"<HDon>" * 100 + b"</HDon>" * 100,
        BOMB,
        b'<!DOCTYPE HDon SYSTEM "http://example.invalid/x"><HDon/>',
        "<HDon/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="windows-1258"?><HDon/>',
        b"<HDon>\xff</HDon>",
        b" " * (17 * 1024 * 1024),
        b"<html/>",
        b"<HDon/>",
        b"<TDiep/>",
        b"<HDon xmlns='relative'/>",
        b"<HDon><DLHDon Id=''/><DSCKS><NBan/></DSCKS></HDon>",
    ],
    ids=range(17),
)
def test_hostile_or_foreign_files_get_a_report(data):
    report = verify_document(data)
    assert not report.ok
    assert report.findings
    for finding in report.findings:
        assert sentence(finding, "vi")
        assert sentence(finding, "en")


def test_a_swapped_account_in_the_payment_code_shows(signed):
    """The code is outside the signed part; a forger can compute its checksum."""
    old = household().qr_payload
    new = with_checksum(old.replace("0011012345678", "0011012345679")[:-8])
    assert rules(signed.replace(old.encode(), new.encode())) == {"qr.differs"}
    assert rules(signed.replace(old.encode(), old[:-1].encode() + b"X")) == {"qr.broken"}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("5406717714", "5406717715", "amount"),
        ("0306K26TYY", "0306K26TAA", "symbol"),
        ("040241", "040242", "number"),
        ("050820260703", "050820260704", "date"),
        ("0606717714", "0606717715", "total"),
        ("01100000000017", "01100000000018", "tax_code"),
        ("02011", "02012", "form"),
    ],
)
def test_every_fact_of_the_payment_code_is_compared(signed, old, new, field):
    payload = household().qr_payload
    head, middle, tail = payload[:-8].rpartition(old)
    changed = with_checksum(head + new + tail)
    assert middle == old
    report = verify_document(signed.replace(payload.encode(), changed.encode()))
    assert [dict(one.values) for one in report.findings] == [{"field": field}]


# -- signed, but wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"lines": (*household().lines[:3], replace(household().lines[3], amount_vnd=224_851))},
            {
                "amount.line": {"line": 4, "actual": "224851", "expected": 224_850},
                "amount.vat_group": {"rate": "8%", "actual": "664550", "expected": "664551"},
            },
        ),
        (
            {"vat_groups": (VatGroup("8%", 664_550, 53_163),)},
            {
                "amount.vat": {"rate": "8%", "actual": "53163", "expected": "53164"},
                "amount.total": {"field": "TgTTTBSo", "actual": "717714", "expected": "717713"},
            },
        ),
        (
            {"total_vnd": 717_715},
            {"amount.total": {"field": "TgTTTBSo", "actual": "717715", "expected": "717714"}},
        ),
    ],
)
def test_a_signed_invoice_that_does_not_add_up(signer, change, expected):
    content = without_code(replace(household(), **change))
    report = verify_document(invoice_bytes(content, signer, SIGNED_AT))
    assert not report.ok
    assert report.signatures[0].is_valid
    found = {one.rule: dict(one.values) for one in report.findings}
    for rule, values in expected.items():
        assert found[rule] == values


def test_words_may_be_spoken_both_ways_but_must_be_right():
    assert same_words("Một trăm linh năm đồng", 105)
    assert same_words("một trăm lẻ năm đồng chẵn.", 105)
    assert same_words("Một ngàn đồng", 1000)
    assert not same_words("Một trăm mười lăm đồng", 105)
    assert not same_words("", 0)


# -- certificates ----------------------------------------------------------------------------


def test_the_signer_must_be_the_seller(signed):
    other = make_demo_key(
        company_name="KẺ KHÁC",
        tax_code="0000000099",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2029, 1, 1, tzinfo=UTC),
    )
    forger = SoftwareSigner.from_pem(other.key_pem, other.certificate_pem)
    report = verify_document(invoice_bytes(household(), forger, SIGNED_AT))
    assert [(one.rule, dict(one.values)) for one in report.findings] == [
        ("certificate.tax_code", {"certificate": "0000000099", "document": "0000000017"})
    ]


def test_a_certificate_out_of_its_time(signer):
    late = datetime(2029, 1, 2, tzinfo=UTC)
    assert rules(invoice_bytes(household(), signer, late)) == {"certificate.not_in_force"}


def test_a_subject_that_is_not_the_certificates(signed):
    data = signed.replace(b"<X509SubjectName>C=VN", b"<X509SubjectName>C=VM")
    assert rules(data) == {"signature.subject"}


def test_sentences_exist_for_all_rules_in_both_languages():
    for rule, text in SENTENCES.items():
        assert text.vi, rule
        assert text.en, rule


@pytest.mark.parametrize(
    "written",
    [
        "UID=MST:0000000017,CN=CÔNG TY ĐIỆN LỰC THỬ NGHIỆM,L=Hà Nội,C=VN",
        "OID.0.9.2342.19200300.100.1.1=MST:0000000017, "
        "CN=CÔNG TY ĐIỆN LỰC THỬ NGHIỆM, L=Hà Nội, C=VN",
    ],
)
def test_other_makers_write_the_subject_in_other_forms(signed, written):
    ours = "C=VN,L=Hà Nội,CN=CÔNG TY ĐIỆN LỰC THỬ NGHIỆM,UID=MST:0000000017"
    data = signed.replace(ours.encode(), written.encode())
    assert rules(data) == {"signature.subject_form"}
    assert verify_document(data, must_be_exact=False).ok
