"""The night as a process of its own: it goes on when the page is left or the web server stops."""

import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

from django.conf import settings

import cmis


def launch_night(day: date, unit_code: str) -> None:
    """Start ``cmis night``. What it says goes into a log under ``CMIS_HOME/nights``."""
    folder = Path(settings.CMIS_HOME) / "nights"
    folder.mkdir(parents=True, exist_ok=True)
    name = "all" if unit_code == "*" else unit_code
    command = [
        sys.executable, "-m", "cmis.interfaces.commands.main", "night",
        "--date", day.isoformat(), "--unit", unit_code, "--quiet",
    ]  # fmt: skip
    packages = str(Path(cmis.__file__).resolve().parent.parent)
    paths = [packages, *filter(None, [os.environ.get("PYTHONPATH")])]
    with (folder / f"{day.isoformat()}-{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - no shell; a day and a unit code that was looked up
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
    # A dead child that nobody waits for would look alive, and its night could not be taken over.
    threading.Thread(target=process.wait, daemon=True).start()
