"""The XMLDSig signature of the format, written as text (QĐ 1450, QĐ 1510; W3C XMLDSig 1.0).

Two references: the document by its Id with the enveloped-signature transform, and the signature's
own ``Object`` with the signing time. Canonicalisation is inclusive C14N 1.0, digests are SHA-256,
the signature is rsa-sha256. Invoices, summary tables and notices are sealed the same way.
"""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from hashlib import sha256

from cmis.formats.einvoice.elements import escaped
from cmis.formats.einvoice.signer import Signer

NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ENVELOPED = NAMESPACE + "enveloped-signature"
#: Times in the format are local, GMT+7, written without offset.
VIETNAM = timezone(timedelta(hours=7))

_DIGEST_METHOD = f'<DigestMethod Algorithm="{SHA256}"></DigestMethod>'
_SIGNED_INFO = (
    f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
    f'<SignatureMethod Algorithm="{RSA_SHA256}"></SignatureMethod>'
    '<Reference URI="#%s"><Transforms>'
    f'<Transform Algorithm="{ENVELOPED}"></Transform></Transforms>'
    f"{_DIGEST_METHOD}<DigestValue>%s</DigestValue></Reference>"
    f'<Reference URI="#SigningTime-%s">{_DIGEST_METHOD}<DigestValue>%s</DigestValue></Reference>'
    "</SignedInfo>"
)
_PROPERTIES = (
    '<SignatureProperties><SignatureProperty Target="#%s"><SigningTime>%s</SigningTime>'
    "</SignatureProperty></SignatureProperties></Object>"
)
_XMLNS = f' xmlns="{NAMESPACE}"'


def signing_time_text(signed_at: datetime) -> str:
    """``2026-07-03T09:15:00``: Vietnam time to the second.

    Raises:
        ValueError: when the datetime has no time zone.
    """
    if signed_at.tzinfo is None:
        raise ValueError("signed_at must know its time zone")
    return signed_at.astimezone(VIETNAM).isoformat(timespec="seconds")[:19]


def seal(
    element: bytes, *, element_id: str, signature_id: str, signer: Signer, signing_time: str
) -> bytes:
    """The ``Signature`` element over one canonical element.

    Args:
        element: canonical text of the signed element, outside any namespace.
        element_id, signature_id: Ids in plain letters, digits and dashes.
        signing_time: :func:`signing_time_text`.
    """
    properties = _PROPERTIES % (signature_id, signing_time)
    attribute = f' Id="SigningTime-{signature_id}">'
    properties_digest = sha256(f"<Object{_XMLNS}{attribute}{properties}".encode()).digest()
    signed_info = _SIGNED_INFO % (
        element_id,
        _base64(sha256(element).digest()),
        signature_id,
        _base64(properties_digest),
    )
    value = _base64(signer.sign(f"<SignedInfo{_XMLNS}>{signed_info}".encode()))
    keys = key_info(signer.subject_name, signer.certificate_der, tuple(signer.chain_der))
    return (
        f'<Signature{_XMLNS} Id="{signature_id}"><SignedInfo>{signed_info}'
        f"<SignatureValue>{value}</SignatureValue>{keys}<Object{attribute}{properties}</Signature>"
    ).encode()


@lru_cache(maxsize=64)
def key_info(subject_name: str, certificate_der: bytes, chain_der: Sequence[bytes]) -> str:
    """``KeyInfo`` with the subject, the certificate and, when known, the issuers' certificates."""
    certificates = "".join(
        f"<X509Certificate>{_base64(one)}</X509Certificate>"
        for one in (certificate_der, *chain_der)
    )
    return (
        f"<KeyInfo><X509Data><X509SubjectName>{escaped(subject_name)}</X509SubjectName>"
        f"{certificates}</X509Data></KeyInfo>"
    )


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
