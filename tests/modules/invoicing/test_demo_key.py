"""The trial key follows the seller's tax code: another code is another certificate."""

import pytest

from cmis.formats.einvoice.signer import tax_code_of
from cmis.modules.invoicing import signing_keys
from cmis.modules.invoicing.signing_keys import key_source, open_signer


@pytest.fixture
def home(tmp_path, settings):
    settings.CMIS_HOME = tmp_path
    settings.CMIS_DEMO_SIGNING = True
    settings.CMIS_SIGNER = ""
    return tmp_path


def tax_code(source):
    from cryptography.x509 import load_der_x509_certificate

    return tax_code_of(load_der_x509_certificate(open_signer(source).certificate_der))


def test_a_seller_who_declares_a_tax_code_later_gets_a_key_of_that_code(home):
    before = key_source("PX09", tax_code="0000000000", name="Chưa khai báo")
    assert tax_code(before) == "0000000000"
    after = key_source("PX09", tax_code="0000000017", name="Công ty Thử")
    assert tax_code(after) == "0000000017"
    assert tax_code(key_source("PX09", tax_code="0000000000", name="x")) == "0000000000"
    assert sorted(path.name for path in (home / "keys" / "PX09").iterdir()) == [
        "demo-0000000000-certificate.pem",
        "demo-0000000000.pem",
        "demo-0000000017-certificate.pem",
        "demo-0000000017.pem",
    ]


def test_the_key_is_made_once(home):
    first = open_signer(key_source("PX09", tax_code="0000000017", name="Công ty Thử"))
    open_signer.cache_clear()
    again = open_signer(key_source("PX09", tax_code="0000000017", name="Công ty Thử"))
    assert first.certificate_der == again.certificate_der


def test_without_demo_signing_there_is_no_key(home, settings):
    settings.CMIS_DEMO_SIGNING = False
    with pytest.raises(signing_keys.UnableToFindSigningKey):
        key_source("PX09", tax_code="0000000017", name="Công ty Thử")
    assert not (home / "keys").exists()
