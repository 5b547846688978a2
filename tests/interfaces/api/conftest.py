"""Open JSON needs no database and no static files."""

import pytest


@pytest.fixture(autouse=True)
def _assets_come_from_the_source(settings):
    # WhiteNoise warns about a folder that does not exist, and a warning is an error here.
    settings.STATIC_ROOT = None
