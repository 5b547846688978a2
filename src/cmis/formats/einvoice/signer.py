"""Who signs: a port that a software key, a PKCS#11 token or a remote signing service can fill.

Whatever stands behind it, one call of :meth:`Signer.sign` is one RSASSA-PKCS1-v1_5 signature with
SHA-256 over the given bytes:

* PKCS#11 / HSM: open one session per worker process, look the private key up by its ``CKA_ID`` and
  call ``C_Sign`` with mechanism ``CKM_SHA256_RSA_PKCS`` over the bytes (or ``CKM_RSA_PKCS`` over
  the ``DigestInfo`` when the token only does raw RSA). The certificate object with the same
  ``CKA_ID`` gives ``certificate_der``.
* Remote signing: send SHA-256 of the bytes and expect a PKCS#1 v1.5 signature over it.

A signer lives in one process; it is created from settings there, never pickled to another.
"""

from collections.abc import Sequence
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from cmis.kernel.errors import Bilingual, UnableTo

TAX_CODE_PREFIX = "MST:"


class UnableToLoadSigner(UnableTo):
    """Key or certificate cannot be used for signing."""

    code = "EIV-003"
    what = Bilingual(
        "Không dùng được khóa ký: {problem_vi}.", "The signing key cannot be used: {problem_en}."
    )
    next_step = Bilingual(
        "Kiểm tra tệp khóa, mật khẩu và chứng thư số của đơn vị.",
        "Check the unit's key file, its password and its certificate.",
    )


class Signer(Protocol):
    """A private key and its certificate."""

    @property
    def certificate_der(self) -> bytes:
        """The signing certificate, DER."""
        ...

    @property
    def chain_der(self) -> Sequence[bytes]:
        """Certificates of the issuers, DER, nearest first; may be empty."""
        ...

    @property
    def subject_name(self) -> str:
        """The subject as X509SubjectName shows it (RFC 4514 order, UID=MST:…)."""
        ...

    def sign(self, signed_info: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over the canonical SignedInfo."""
        ...


class SoftwareSigner:
    """A key held in memory, loaded and checked once."""

    __slots__ = ("_algorithm", "_key", "_padding", "certificate_der", "chain_der", "subject_name")

    def __init__(
        self,
        key: rsa.RSAPrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        if key.public_key() != certificate.public_key():
            raise UnableToLoadSigner(
                problem_vi="khóa bí mật và chứng thư số không phải một cặp",
                problem_en="private key and certificate do not belong together",
            )
        self._key = key
        self._padding = padding.PKCS1v15()
        self._algorithm = hashes.SHA256()
        self.certificate_der = certificate.public_bytes(serialization.Encoding.DER)
        self.chain_der = tuple(one.public_bytes(serialization.Encoding.DER) for one in chain)
        self.subject_name = certificate.subject.rfc4514_string()

    @classmethod
    def from_pem(
        cls, key_pem: bytes, certificate_pem: bytes, password: bytes | None = None
    ) -> "SoftwareSigner":
        """From a PEM key and a PEM file whose first certificate is the signer's, issuers after it.

        Raises:
            UnableToLoadSigner: unreadable, wrong password, not RSA, or not a pair.
        """
        try:
            key = serialization.load_pem_private_key(key_pem, password)
            certificates = x509.load_pem_x509_certificates(certificate_pem)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnableToLoadSigner(**UNREADABLE) from error
        return cls(_rsa(key), certificates[0], certificates[1:])

    @classmethod
    def from_pkcs12(cls, data: bytes, password: bytes | None) -> "SoftwareSigner":
        """From a PKCS#12 file (.p12, .pfx) holding key, certificate and perhaps its issuers.

        Raises:
            UnableToLoadSigner: unreadable, wrong password, without key, not RSA, or not a pair.
        """
        try:
            key, certificate, chain = pkcs12.load_key_and_certificates(data, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnableToLoadSigner(**UNREADABLE) from error
        if certificate is None:
            raise UnableToLoadSigner(**UNREADABLE)
        return cls(_rsa(key), certificate, chain)

    def sign(self, signed_info: bytes) -> bytes:
        return self._key.sign(signed_info, self._padding, self._algorithm)


UNREADABLE = {
    "problem_vi": "không đọc được tệp khóa hoặc sai mật khẩu",
    "problem_en": "the key file cannot be read or the password is wrong",
}


def _rsa(key: object) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnableToLoadSigner(
            problem_vi="định dạng hóa đơn chỉ nhận khóa RSA",
            problem_en="the invoice format takes RSA keys only",
        )
    return key


def tax_code_of(certificate: x509.Certificate) -> str:
    """The tax code in the subject (``UID=MST:<tax code>``), empty when there is none."""
    for attribute in certificate.subject.get_attributes_for_oid(NameOID.USER_ID):
        value = str(attribute.value)
        if value.startswith(TAX_CODE_PREFIX):
            return value.removeprefix(TAX_CODE_PREFIX).strip()
    return ""
