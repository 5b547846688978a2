"""The certificate inside a signature: is it intact, in force, the issuer's own, and trusted?"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cmis.formats.einvoice.signer import tax_code_of
from cmis.formats.einvoice.verdict import FindingLog, Trust

LEAST_KEY_BITS = 2048
LONGEST_CHAIN = 8
_NAMES: Mapping[str, str] = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "S": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "UID": "0.9.2342.19200300.100.1.1",
    "DC": "0.9.2342.19200300.100.1.25",
    "E": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
}
_NEXT_NAME = re.compile(r"(?<!\\)[,+]\s?(?=(?:OID\.)?[A-Za-z0-9.]+=)")
_ESCAPED = re.compile(r"\\(.)")


def subject_matches(written: str, certificate: x509.Certificate) -> bool:
    """Whether X509SubjectName says what the certificate says, in any order and naming in use.

    RFC 4514 (``C=VN,…,UID=MST:…``), its reverse and the form with ``OID.0.9.2342…=`` are met.
    """
    if written == certificate.subject.rfc4514_string():
        return True
    pairs: list[tuple[str, str]] = []
    for part in _NEXT_NAME.split(written):
        name, equals, value = part.partition("=")
        if not equals:
            return False
        oid = _NAMES.get(name, name.removeprefix("OID."))
        pairs.append((oid, _ESCAPED.sub(r"\1", value).removeprefix('"').removesuffix('"')))
    own = [(one.oid.dotted_string, str(one.value)) for one in certificate.subject]
    return sorted(pairs) == sorted(own)


def is_intact(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> bool:
    """Whether the certificate's own signature holds, as far as the file itself can tell.

    A certificate that signs itself must verify. One that was issued must name its issuer's key
    (RFC 5280 §4.2.1.1) and verify against its issuer, when the file or the trust list brings
    certificates of issuers at all. Without them a change inside an issued certificate, outside
    its key and subject, stays unseen: sign with the chain in the key file, or give a trust list.
    """
    der = certificate.public_bytes(serialization.Encoding.DER)
    if not der.endswith(b"\x00" + certificate.signature):
        return False  # the signature is a whole number of bytes; other counts are a second spelling
    if not _algorithms_agree(der, certificate.tbs_certificate_bytes):
        return False
    if certificate.subject == certificate.issuer:
        return issued_by(certificate, certificate)
    if not _names_another_key_as_issuer(certificate):
        return False
    return not others or any(issued_by(certificate, other) for other in others)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _algorithms_agree(der: bytes, tbs: bytes) -> bool:
    """The algorithm is written twice, inside and outside the signed part; both must be the same."""
    after = der[der.index(tbs) + len(tbs) :]
    length = 2 + after[1] if len(after) > 1 and after[1] < 0x80 else 0
    return bool(length) and after[:length] in tbs


def _names_another_key_as_issuer(certificate: x509.Certificate) -> bool:
    extensions = certificate.extensions
    try:
        authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        own = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound as missing:
        return missing.oid == x509.SubjectKeyIdentifier.oid
    return authority.key_identifier != own


def trust_of(
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate] | None,
    signed_at: datetime | None,
) -> Trust:
    """Follow issuers from the certificate to a root of the trust list.

    Every issuer on the way must be a certification authority in force at the signing time.
    Revocation is not looked up: that needs the network.
    """
    if roots is None:
        return Trust.NOT_ASKED
    current = certificate
    for _ in range(LONGEST_CHAIN):
        if current in roots:
            return Trust.TRUSTED
        issuers = [
            one
            for one in (*roots, *chain)
            if one != current and _may_issue(one, signed_at) and issued_by(current, one)
        ]
        if not issuers:
            return Trust.UNKNOWN_ISSUER
        current = issuers[0]
    return Trust.UNKNOWN_ISSUER


def _may_issue(certificate: x509.Certificate, signed_at: datetime | None) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca and is_in_force(certificate, signed_at)


def is_in_force(certificate: x509.Certificate, at: datetime | None) -> bool:
    return at is not None and (
        certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    )


def check_certificate(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    signature: str,
    issuer_tax_code: str,
    signed_at: datetime | None,
    log: FindingLog,
) -> None:
    """Findings about the certificate alone.

    Args:
        issuer_tax_code: tax code of who must have signed, empty when anybody may.
    """
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_KEY_BITS:
        log.block("certificate.weak_key", signature=signature, bits=key.key_size)
    if not is_intact(certificate, others):
        log.block("certificate.inconsistent", signature=signature)
    if signed_at is not None and not is_in_force(certificate, signed_at):
        log.block("certificate.not_in_force", signature=signature)
    tax_code = tax_code_of(certificate)
    if not tax_code:
        log.confirm("certificate.without_tax_code", signature=signature)
    elif issuer_tax_code and _company(tax_code) != _company(issuer_tax_code):
        log.block("certificate.tax_code", certificate=tax_code, document=issuer_tax_code)


def _company(tax_code: str) -> str:
    """The company part: a branch (…-001) may sign with the certificate of its company."""
    return tax_code.partition("-")[0]
