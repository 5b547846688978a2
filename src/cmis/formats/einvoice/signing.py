"""Signed invoices: one at a time, or a batch in a worker process.

The bytes returned here are the invoice. They are stored and served as they are; nothing writes
this XML a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from cmis.formats.einvoice.build import DECLARATION, document_text, payment_code_element
from cmis.formats.einvoice.content import InvoiceContent
from cmis.formats.einvoice.seal import seal, signing_time_text
from cmis.formats.einvoice.signer import Signer, SoftwareSigner
from cmis.formats.einvoice.storage import BUILT_IN, Dictionary, compress

_HEAD = f"{DECLARATION}<HDon>".encode()


@dataclass(frozen=True, slots=True)
class SignedInvoice:
    """A signed invoice as it is stored: compressed, with the SHA-256 (hex) of the exact bytes."""

    sha256: str
    size_bytes: int
    dictionary_version: int
    compressed: bytes


def invoice_bytes(content: InvoiceContent, signer: Signer, signed_at: datetime) -> bytes:
    """The complete signed invoice.

    Args:
        content: with its number and payment code.
        signed_at: aware datetime; shown in Vietnam time.

    Raises:
        UnableToBuildInvoice: the content does not fit the format.
        ValueError: when ``signed_at`` has no time zone.
    """
    return _signed(content, signer, signing_time_text(signed_at))


def _signed(content: InvoiceContent, signer: Signer, signing_time: str) -> bytes:
    document = document_text(content).encode()
    signature = seal(
        document,
        element_id=content.document_id,
        signature_id=content.signature_id,
        signer=signer,
        signing_time=signing_time,
    )
    return b"".join(
        (
            _HEAD,
            document,
            payment_code_element(content).encode(),
            b"<DSCKS><NBan>",
            signature,
            b"</NBan></DSCKS></HDon>",
        )
    )


def sign_all(
    contents: Sequence[InvoiceContent],
    signer: Signer,
    signed_at: datetime,
    dictionary: Dictionary = BUILT_IN,
) -> list[SignedInvoice]:
    """Sign in the given order; the answer has the same length and order.

    Raises:
        UnableToBuildInvoice: some content does not fit the format; none is returned then.
    """
    signing_time = signing_time_text(signed_at)
    answers: list[SignedInvoice] = []
    for content in contents:
        data = _signed(content, signer, signing_time)
        answers.append(
            SignedInvoice(
                sha256(data).hexdigest(),
                len(data),
                dictionary.version,
                compress(data, dictionary),
            )
        )
    return answers


def sign_batch(
    contents: Sequence[InvoiceContent],
    key_pem: bytes,
    certificate_pem: bytes,
    signed_at: datetime,
    *,
    password: bytes | None = None,
    dictionary: Dictionary = BUILT_IN,
) -> list[SignedInvoice]:
    """:func:`sign_all` for a process pool: only plain values cross the border between processes.

    The key is loaded and checked once per process.

    Raises:
        UnableToBuildInvoice: some content does not fit the format.
        UnableToLoadSigner: the key or certificate cannot be used.
    """
    signer = _signer(key_pem, certificate_pem, password)
    return sign_all(contents, signer, signed_at, dictionary)


@lru_cache(maxsize=8)
def _signer(key_pem: bytes, certificate_pem: bytes, password: bytes | None) -> SoftwareSigner:
    return SoftwareSigner.from_pem(key_pem, certificate_pem, password)
