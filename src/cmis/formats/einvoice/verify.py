"""Check a signed document from anywhere: bytes in, a report out, never an exception.

Checked are every signature in the file with the certificate inside it, uniqueness of Ids, the
schema, the arithmetic, the amount in words, the payment code, and that the bytes are exactly of
the issued form, so that a change of any byte shows, also outside the signed part.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import Any
from unicodedata import is_normalized

from cryptography import x509
from lxml import etree

from cmis.formats.einvoice.safe_xml import UnableToReadXml, canonical_document, parse_safely
from cmis.formats.einvoice.verdict import FindingLog, SignatureReport, VerificationReport
from cmis.formats.einvoice.verify_amounts import check_invoice
from cmis.formats.einvoice.verify_signature import (
    DS,
    ISSUERS,
    SIGNATURE,
    SIGNED_PARTS,
    place_of,
    verify_signature,
)
from cmis.formats.einvoice.verify_table import check_message, check_table
from cmis.formats.einvoice.versions import PACKAGE, limits, packaged_formats

MESSAGE = "TDiep"
MOST_SCHEMA_FINDINGS = 20
_DECLARATIONS = (
    b'<?xml version="1.0" encoding="UTF-8"?>',
    b'<?xml version="1.0" encoding="utf-8"?>',
)
_HEADS = (b"", *(head + end for head in _DECLARATIONS for end in (b"", b"\n", b"\r\n")))


def verify_document(
    data: bytes,
    *,
    trusted_roots: Sequence[x509.Certificate] | None = None,
    must_be_exact: bool = True,
) -> VerificationReport:
    """Check an invoice, summary table, error notice, or a message holding several of them.

    Args:
        data: the bytes of the file.
        trusted_roots: certificates of accepted authorities; the answer is in each signature's
            ``trust`` and does not change ``ok``.
        must_be_exact: for documents of other makers, whose layout we do not know, say ``False``:
            another spelling of the same XML is then only a note.

    Returns:
        The report; ``ok`` is the verdict.
    """
    log = FindingLog(must_be_exact=must_be_exact)
    try:
        root = parse_safely(data)
        form = canonical_document(root)
    except UnableToReadXml as error:
        log.block("xml.unreadable", problem_vi=error.message("vi"), problem_en=error.message("en"))
        return VerificationReport("", (), tuple(log.findings))
    kind = str(root.tag)
    documents = _documents(root)
    if not documents:
        log.block("xml.unknown_document")
        return VerificationReport("", (), tuple(log.findings))
    _check_form(data, form, root, log)
    if not _check_ids(root, log):
        return VerificationReport(kind, (), tuple(log.findings))
    _check_schema(root, log)
    signatures = _check_signatures(root, documents, trusted_roots, log)
    _check_amounts(root, documents, log)
    return VerificationReport(kind, signatures, tuple(log.findings))


def _documents(root: etree._Element) -> list[etree._Element]:
    """The documents of the file: the root itself, or those in a message."""
    if root.tag == MESSAGE:
        return [child for child in root.iterfind("DLieu/*") if child.tag in SIGNED_PARTS]
    return [root] if root.tag in SIGNED_PARTS else []


def _check_form(data: bytes, form: bytes, root: etree._Element, log: FindingLog) -> None:
    limit = limits().message_bytes
    if len(data) > limit:
        log.confirm("xml.too_large", bytes=len(data), limit=limit)
    if not is_normalized("NFC", data.decode("utf-8")):
        log.note("xml.not_composed")
    is_exact = any(data == head + form for head in _HEADS) and not _has_broken_base64(root)
    if not is_exact:
        log.inexact("xml.not_exact")


def _has_broken_base64(root: etree._Element) -> bool:
    """White space inside base64 changes no value, but it is not how we write it."""
    tags = (f"{DS}DigestValue", f"{DS}SignatureValue", f"{DS}X509Certificate")
    return any((element.text or "").split() != [element.text] for element in root.iter(*tags))


def _check_ids(root: etree._Element, log: FindingLog) -> bool:
    """Two elements with one Id could show one thing and have signed another: nothing is read on."""
    counts = Counter(
        str(value)
        for element in root.iter()
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    )
    repeated = sorted(value for value, count in counts.items() if count > 1)
    for value in repeated:
        log.block("xml.duplicate_id", id=value[:100])
    return not repeated


@lru_cache(maxsize=4)
def _schema(name: str) -> etree.XMLSchema:
    with resources.as_file(resources.files(PACKAGE).joinpath("xsd")) as folder:
        return etree.XMLSchema(etree.parse(str(folder / name)))


def _check_schema(root: etree._Element, log: FindingLog) -> None:
    versions = {element.text or "" for element in root.iter("PBan")}
    schemas = set()
    for version in sorted(versions) or [""]:
        found = packaged_formats().get(version)
        if found is None or found.schema is None:
            log.block("schema.unknown_version", version=version[:20])
        else:
            schemas.add(found.schema)
    for name in sorted(schemas):
        schema = _schema(name)
        if schema.validate(root):
            continue
        entries: Any = schema.error_log  # iterable, which its type stub does not know
        for entry in islice(entries, MOST_SCHEMA_FINDINGS):
            # the message itself would quote values, which may be personal
            log.block("schema.invalid", line=entry.line, problem=entry.type_name)


def _check_signatures(
    root: etree._Element,
    documents: Sequence[etree._Element],
    trusted_roots: Sequence[x509.Certificate] | None,
    log: FindingLog,
) -> tuple[SignatureReport, ...]:
    reports: list[SignatureReport] = []
    signed_by_issuer = set()
    for signature in root.iter(SIGNATURE):
        place = place_of(signature)
        if place is None or place.document not in documents:
            log.block("signature.misplaced")
            continue
        reports.append(verify_signature(signature, place, trusted_roots, log))
        if place.signer in ISSUERS:
            signed_by_issuer.add(place.document)
    for document in documents:
        if document not in signed_by_issuer:
            log.block("signature.missing", document=str(document.tag))
    return tuple(reports)


def _check_amounts(
    root: etree._Element, documents: Sequence[etree._Element], log: FindingLog
) -> None:
    for document in documents:
        if document.tag == "HDon":
            check_invoice(document, log)
        elif document.tag == "BTHDLieu":
            check_table(document, log)
    if root.tag == MESSAGE:
        check_message(root, log)
