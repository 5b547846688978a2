"""The pages of these tests are served from the source tree, without collected static files."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _assets_come_from_the_source(settings: Settings) -> None:
    # WhiteNoise warns about a folder that does not exist, and a warning is an error here.
    settings.STATIC_ROOT = None
