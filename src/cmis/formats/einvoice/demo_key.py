"""A throw-away key and self-made certificate for demos and tests. Never for a real invoice."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from cmis.formats.einvoice.signer import TAX_CODE_PREFIX
from cmis.kernel.text import nfc

KEY_BITS = 2048


@dataclass(frozen=True, slots=True)
class DemoKey:
    """PEM texts of a private key (not encrypted) and its certificate."""

    key_pem: bytes
    certificate_pem: bytes


def make_demo_key(
    *,
    company_name: str,
    tax_code: str,
    not_before: datetime,
    not_after: datetime,
    locality: str = "Hà Nội",
) -> DemoKey:
    """A fresh RSA key and a certificate that signs itself, its subject shaped as tax certificates.

    Args:
        not_before, not_after: validity, aware datetimes.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, TAX_CODE_PREFIX + tax_code),
            x509.NameAttribute(NameOID.COMMON_NAME, nfc(company_name)[:64]),
            x509.NameAttribute(NameOID.LOCALITY_NAME, nfc(locality)),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        ]
    )
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        # names its own key as issuer, so that a changed issuer name is noticed
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    return DemoKey(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate.public_bytes(serialization.Encoding.PEM),
    )
