"""One XMLDSig signature of the format: references, digests, value, certificate.

Only what the format uses is accepted (inclusive C14N 1.0, SHA-256, RSA). Anything else in a
signature is a finding, never skipped.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.utils import CryptographyDeprecationWarning
from lxml import etree

from cmis.formats.einvoice.safe_xml import canonical
from cmis.formats.einvoice.seal import (
    C14N,
    ENVELOPED,
    NAMESPACE,
    RSA_SHA256,
    SHA256,
    VIETNAM,
)
from cmis.formats.einvoice.signer import tax_code_of
from cmis.formats.einvoice.verdict import FindingLog, SignatureReport, Trust
from cmis.formats.einvoice.verify_certificate import check_certificate, subject_matches, trust_of

DS = f"{{{NAMESPACE}}}"
SIGNATURE = f"{DS}Signature"
_CERTIFICATE_FAILURES = (
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,  # of what RFC 5280 forbids, where warnings are errors
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
#: What a document signs, and where the tax code of its issuer stands inside.
SIGNED_PARTS: Mapping[str, tuple[str, str]] = {
    "HDon": ("DLHDon", "NDHDon/NBan/MST"),
    "BTHDLieu": ("DLBTHop", "TTChung/MST"),
    "TBao": ("DLTBao", "MST"),
}
#: Signers whose certificate must belong to the issuer of the document.
ISSUERS = frozenset({"NBan", "NNT"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature stands: document, its signed part, and who signs."""

    document: etree._Element
    part: etree._Element
    signer: str


def place_of(signature: etree._Element) -> Place | None:
    """``HDon/DSCKS/NBan/Signature`` and its like; ``None`` anywhere else."""
    signer = signature.getparent()
    block = signer.getparent() if signer is not None else None
    document = block.getparent() if block is not None else None
    if signer is None or block is None or document is None or block.tag != "DSCKS":
        return None
    known = SIGNED_PARTS.get(str(document.tag))
    parts = document.findall(known[0]) if known else []
    if len(parts) != 1:
        return None
    return Place(document, parts[0], str(signer.tag))


def verify_signature(
    signature: etree._Element,
    place: Place,
    roots: Sequence[x509.Certificate] | None,
    log: FindingLog,
) -> SignatureReport:
    """Check one signature; every doubt goes to the log."""
    name = signature.get("Id", "")
    before = len(log.findings)
    signed_at = _check_object(signature, name, log)
    _check_algorithms(signature, name, log)
    _check_references(signature, place, name, log)
    certificates = _certificates(signature, name, log)
    certificate = certificates[0] if certificates else None
    if certificate is not None:
        _check_value(signature, certificate, name, log)
    is_valid = certificate is not None and len(log.findings) == before
    document_id = place.part.get("Id", "")
    if certificate is None:
        return SignatureReport(
            place.signer, name, document_id, False, "", "", signed_at, "", Trust.NOT_ASKED
        )
    subject_name = certificate.subject.rfc4514_string()
    written = _text(signature, "KeyInfo/X509Data/X509SubjectName")
    if not subject_matches(written, certificate):
        log.block("signature.subject", signature=name)
    elif written != subject_name:
        log.inexact("signature.subject_form", signature=name)
    path = SIGNED_PARTS[str(place.document.tag)][1]
    check_certificate(
        certificate,
        (*certificates[1:], *(roots or ())),
        signature=name,
        issuer_tax_code=place.part.findtext(path, "") if place.signer in ISSUERS else "",
        signed_at=signed_at,
        log=log,
    )
    return SignatureReport(
        place=place.signer,
        signature_id=name,
        document_id=document_id,
        is_valid=is_valid,
        subject_name=subject_name,
        tax_code=tax_code_of(certificate),
        signed_at=signed_at,
        certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        trust=trust_of(certificate, certificates[1:], roots, signed_at),
    )


def _path(path: str) -> str:
    return "/".join(DS + step for step in path.split("/"))


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(_path(path), "") or ""


def _algorithm(element: etree._Element, path: str) -> str:
    found = element.find(_path(path))
    return found.get("Algorithm", "") if found is not None else ""


def strict_base64(text: str) -> bytes | None:
    """The bytes, or ``None`` when the text is not the one canonical spelling of them.

    Line breaks and blanks are allowed, as XMLDSig does; other spellings of the same bytes are not,
    because they would be changes that nobody sees.
    """
    packed = "".join(text.split())
    try:
        data = b64decode(packed, validate=True)
    except (Base64Error, ValueError):
        return None
    return data if data and b64encode(data).decode("ascii") == packed else None


def _check_object(signature: etree._Element, name: str, log: FindingLog) -> datetime | None:
    """The signing time, aware; it must be about this very signature."""
    properties = signature.findall(_path("Object/SignatureProperties/SignatureProperty"))
    if len(properties) != 1 or not name or properties[0].get("Target") != f"#{name}":
        log.block("signature.time", signature=name)
        return None
    try:
        moment = datetime.fromisoformat(_text(properties[0], "SigningTime"))
    except ValueError:
        log.block("signature.time", signature=name)
        return None
    return moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment


def _check_algorithms(signature: etree._Element, name: str, log: FindingLog) -> None:
    if (
        _algorithm(signature, "SignedInfo/CanonicalizationMethod") != C14N
        or _algorithm(signature, "SignedInfo/SignatureMethod") != RSA_SHA256
    ):
        log.block("signature.algorithm", signature=name)


def _check_references(signature: etree._Element, place: Place, name: str, log: FindingLog) -> None:
    """References must be exactly the document and the own Object; the authority adds its code."""
    own_object = signature.find(_path("Object"))
    targets: dict[str, etree._Element] = {}
    if own_object is not None:
        targets[own_object.get("Id", "")] = own_object
    targets[place.part.get("Id", "")] = place.part
    code = place.document.find("MCCQT")
    if place.signer == "CQT" and code is not None:
        targets[code.get("Id", "")] = code
    targets.pop("", None)
    references = signature.findall(_path("SignedInfo/Reference"))
    pointed = [reference.get("URI", "") for reference in references]
    if len(targets) < 2 or sorted(pointed) != sorted(f"#{one}" for one in targets):
        log.block("signature.references", signature=name)
        return
    for reference in references:
        target = targets[reference.get("URI", "")[1:]]
        _check_reference(reference, target, name, log)


def _check_reference(
    reference: etree._Element, target: etree._Element, name: str, log: FindingLog
) -> None:
    transforms = [
        one.get("Algorithm", "") for one in reference.findall(_path("Transforms/Transform"))
    ]
    if not set(transforms) <= {ENVELOPED, C14N} or _algorithm(reference, "DigestMethod") != SHA256:
        log.block("signature.algorithm", signature=name)
        return
    stated = strict_base64(_text(reference, "DigestValue"))
    if stated != sha256(canonical(target)).digest():
        log.block("signature.digest", reference=reference.get("URI", ""))


def _certificates(signature: etree._Element, name: str, log: FindingLog) -> list[x509.Certificate]:
    """The signer's certificate first, then those of issuers that the file brings."""
    found = signature.findall(_path("KeyInfo/X509Data/X509Certificate"))
    if not found:
        log.block("signature.incomplete", signature=name, part="X509Certificate")
    certificates: list[x509.Certificate] = []
    for element in found:
        der = strict_base64(element.text or "")
        certificate = readable_certificate(der) if der else None
        key = certificate.public_key() if certificate else None
        if certificate is None or not isinstance(key, rsa.RSAPublicKey):
            log.block("certificate.unreadable", signature=name)
            return []
        certificates.append(certificate)
    return certificates


def readable_certificate(der: bytes) -> x509.Certificate | None:
    """The certificate when all of it that we look at can be read."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        certificate.public_key()
        certificate.subject, certificate.issuer, certificate.extensions  # noqa: B018 - parsed late
    except (ValueError, TypeError, *_CERTIFICATE_FAILURES):
        return None
    return certificate if certificate.serial_number > 0 else None


def _check_value(
    signature: etree._Element, certificate: x509.Certificate, name: str, log: FindingLog
) -> None:
    signed_info = signature.find(_path("SignedInfo"))
    value = strict_base64(_text(signature, "SignatureValue"))
    key = certificate.public_key()
    if signed_info is None or value is None or not isinstance(key, rsa.RSAPublicKey):
        log.block("signature.value", signature=name)
        return
    try:
        key.verify(value, canonical(signed_info), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        log.block("signature.value", signature=name)
