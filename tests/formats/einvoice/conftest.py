"""One demo key for the suite: making one takes a moment."""

from datetime import UTC, datetime

import pytest

from cmis.formats.einvoice.demo_key import DemoKey, make_demo_key
from cmis.formats.einvoice.signer import SoftwareSigner


@pytest.fixture(scope="session")
def demo_key() -> DemoKey:
    return make_demo_key(
        company_name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
        tax_code="0000000017",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2029, 1, 1, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def signer(demo_key: DemoKey) -> SoftwareSigner:
    return SoftwareSigner.from_pem(demo_key.key_pem, demo_key.certificate_pem)
