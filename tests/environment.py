"""Loaded before Django's settings (``-p tests.environment``): tests never see a user's own data.

``conftest.py`` would be too late, because pytest-django reads the settings before it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

#: Set by a controller process so that its workers share one place; a worker adds its own folder.
SHARED = "CMIS_TEST_HOME"
#: Settings of the developer's own shell that must not reach a test.
LEFT_OUT = (
    "CMIS_CLOCK",
    "CMIS_DROP",
    "CMIS_EMAIL_URL",
    "CMIS_SMS_URL",
    "CMIS_SMS_TOKEN",
    "CMIS_HTTPS",
    "CMIS_DEBUG",
    "CMIS_HOSTS",
    "CMIS_ALLOW_UNVERIFIED_PRICES",
)


def private_home() -> Path:
    """A state folder for this test process, removed when the session ends."""
    if SHARED not in os.environ:
        folder = tempfile.mkdtemp(prefix="cmis-tests-")
        os.environ[SHARED] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = Path(os.environ[SHARED]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


for _name in LEFT_OUT:
    os.environ.pop(_name, None)
os.environ["CMIS_HOME"] = str(private_home())
