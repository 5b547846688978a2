"""Signers, chains, batches and stored bytes."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from cmis.formats.einvoice.demo_key import make_demo_key
from cmis.formats.einvoice.elements import UnableToBuildInvoice
from cmis.formats.einvoice.signer import SoftwareSigner, UnableToLoadSigner, tax_code_of
from cmis.formats.einvoice.signing import invoice_bytes, sign_all, sign_batch
from cmis.formats.einvoice.storage import (
    BUILT_IN,
    UnableToReadStoredInvoice,
    compress,
    decompress,
    dictionary_from,
)
from cmis.formats.einvoice.verdict import Trust
from cmis.formats.einvoice.verify import verify_document
from tests.formats.einvoice.examples import SIGNED_AT, household, sample, xmlsec_accepts

NOT_BEFORE, NOT_AFTER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


class Authority:
    """A small certification authority: a root that issues the unit's certificate."""

    def __init__(self, *, is_ca: bool = True) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA Thử nghiệm")])
        public = self.key.public_key()
        self.identifier = x509.SubjectKeyIdentifier.from_public_key(public)
        self.certificate = (
            self._builder(self.name, public)
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .add_extension(self.identifier, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def _builder(self, subject, public):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOT_BEFORE)
            .not_valid_after(NOT_AFTER)
        )

    def issue(self) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.USER_ID, "MST:0000000017"),
                x509.NameAttribute(NameOID.COMMON_NAME, "ĐIỆN LỰC MẪU, CHI NHÁNH 1"),
            ]
        )
        certificate = (
            self._builder(subject, key.public_key())
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self.identifier),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        return key, certificate


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def issued(authority):
    return authority.issue()


def test_a_pkcs12_file_with_its_chain_signs_and_is_trusted(authority, issued):
    data = pkcs12.serialize_key_and_certificates(
        b"don vi", *issued, [authority.certificate], serialization.BestAvailableEncryption(b"mk")
    )
    signer = SoftwareSigner.from_pkcs12(data, b"mk")
    assert signer.chain_der == (authority.certificate.public_bytes(serialization.Encoding.DER),)
    invoice = invoice_bytes(household(), signer, SIGNED_AT)
    assert xmlsec_accepts(invoice) == [True]
    report = verify_document(invoice, trusted_roots=[authority.certificate])
    assert (report.ok, report.is_trusted, report.findings) == (True, True, ())
    stranger = Authority().certificate
    report = verify_document(invoice, trusted_roots=[stranger])
    assert (report.ok, report.is_trusted) == (True, False)
    assert report.signatures[0].trust is Trust.UNKNOWN_ISSUER
    with pytest.raises(UnableToLoadSigner):
        SoftwareSigner.from_pkcs12(data, b"sai")


def test_an_issuer_must_be_an_authority(signer, issued):
    no_ca = Authority(is_ca=False)
    key, certificate = no_ca.issue()
    invoice = invoice_bytes(household(), SoftwareSigner(key, certificate), SIGNED_AT)
    report = verify_document(invoice, trusted_roots=[no_ca.certificate])
    assert (report.ok, report.signatures[0].trust) == (True, Trust.UNKNOWN_ISSUER)


def test_a_changed_issued_certificate_shows_when_the_chain_is_there(authority, issued):
    key, certificate = issued
    invoice = invoice_bytes(
        household(), SoftwareSigner(key, certificate, [authority.certificate]), SIGNED_AT
    )
    start = invoice.index(b"<X509Certificate>") + len(b"<X509Certificate>")
    for place in range(start, start + 1000, 7):
        changed = bytearray(invoice)
        changed[place] ^= 1
        assert not verify_document(bytes(changed)).ok


def test_key_and_certificate_must_belong_together(demo_key):
    other = make_demo_key(
        company_name="X", tax_code="1", not_before=NOT_BEFORE, not_after=NOT_AFTER
    )
    with pytest.raises(UnableToLoadSigner, match="do not belong together"):
        SoftwareSigner.from_pem(other.key_pem, demo_key.certificate_pem)


def test_only_rsa_keys_sign_and_texts_hold_no_key(demo_key):
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(UnableToLoadSigner, match="RSA"):
        SoftwareSigner.from_pem(pem, demo_key.certificate_pem)
    with pytest.raises(UnableToLoadSigner) as refusal:
        SoftwareSigner.from_pem(b"rubbish", demo_key.certificate_pem)
    assert "rubbish" not in refusal.value.message("vi")


def test_the_demo_certificate_is_shaped_as_tax_certificates(demo_key, signer):
    certificate = x509.load_pem_x509_certificate(demo_key.certificate_pem)
    assert tax_code_of(certificate) == "0000000017"
    assert signer.subject_name == "C=VN,L=Hà Nội,CN=CÔNG TY ĐIỆN LỰC THỬ NGHIỆM,UID=MST:0000000017"


def test_a_batch_in_another_process_gives_the_same_bytes_as_one_by_one(demo_key, signer):
    contents = [replace(household(), number=number) for number in range(1, 8)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        batch = pool.submit(
            sign_batch, contents, demo_key.key_pem, demo_key.certificate_pem, SIGNED_AT
        ).result()
    singles = [invoice_bytes(content, signer, SIGNED_AT) for content in contents]
    assert [decompress(one.dictionary_version, one.compressed) for one in batch] == singles
    assert [one.sha256 for one in batch] == [sha256(one).hexdigest() for one in singles]
    assert [one.size_bytes for one in batch] == [len(one) for one in singles]


def test_one_bad_content_refuses_the_whole_batch(signer):
    contents = [household(), replace(household(), symbol="bad")]
    with pytest.raises(UnableToBuildInvoice):
        sign_all(contents, signer, SIGNED_AT)


# -- storage ---------------------------------------------------------------------------------


def test_a_household_invoice_is_stored_in_little_room(signer):
    example = invoice_bytes(replace(household(), number=9_999), signer, SIGNED_AT)
    own = dictionary_from(example, version=1000)
    stored = sign_all([household()], signer, SIGNED_AT, own)[0]
    assert stored.dictionary_version == 1000
    assert len(stored.compressed) <= 800
    exact = decompress(1000, stored.compressed, {1000: own})
    assert sha256(exact).hexdigest() == stored.sha256


def test_every_sample_comes_back_exactly():
    for name in ("hdon_goc.xml", "hdon_kddv.xml", "tbao_04ss.xml", "bthdlieu.xml"):
        assert decompress(1, compress(sample(name))) == sample(name)


def test_the_packaged_dictionary_never_changes():
    """Stored invoices depend on these bytes: a new dictionary gets a new version, for ever."""
    assert (
        sha256(BUILT_IN.content).hexdigest()
        == "f0286c8d0d31361eb581b83f725dc2e0975cb23ce9b105a2718f4ba8dbd38c4b"
    )


def test_stored_bytes_that_do_not_unpack():
    packed = compress(sample("hdon_goc.xml"))
    for version, data in (
        (2, packed),
        (1, packed[:-3]),
        (1, packed + b"x"),
        (1, b""),
        (1, b"\xff"),
    ):
        with pytest.raises(UnableToReadStoredInvoice):
            decompress(version, data)
    bomb = compress(b"0" * (17 * 1024 * 1024))
    with pytest.raises(UnableToReadStoredInvoice):
        decompress(1, bomb)


def test_own_dictionaries_have_their_own_numbers():
    with pytest.raises(ValueError, match="1000"):
        dictionary_from(b"x", version=2)
