"""Recompile ``requirements/*.txt`` from ``*.in``: every version with hashes, no index address.

The locks hold for every supported Python and platform at once. ``--upgrade`` takes newer versions;
without it the versions already locked stay. Needs ``uv`` (``pip install uv``).
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
LOWEST_PYTHON = "3.11"
#: Lines that would tie a lock to one machine or one mirror.
TIED = re.compile(r"^\s*(--(extra-)?index-url|--find-links|-i |-f )|https?://|file:/", re.MULTILINE)


def uv() -> list[str]:
    """How to call uv here, or a message that says what to do."""
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    found = shutil.which("uv")
    if found:
        return [found]
    sys.exit("lock: uv is not installed; run .venv/bin/python -m pip install uv and try again")


def compile_lock(name: str, arguments: list[str]) -> None:
    """Write ``requirements/NAME.txt``; refuse one that names an index or a path."""
    target = FOLDER / f"{name}.txt"
    command = [*uv(), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", LOWEST_PYTHON, "--no-header", "--no-emit-index-url"]
    command += ["--no-emit-find-links", *arguments]
    command += [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
    # Wheels that happen to lie on this machine must not decide what is locked.
    environment = {key: value for key, value in os.environ.items() if key != "UV_FIND_LINKS"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL)
    if tied := TIED.search(target.read_text()):
        sys.exit(f"lock: {target.name} is tied to a place: {tied.group().strip()!r}")
    pins = len(re.findall(r"^[a-zA-Z0-9].*==", target.read_text(), re.MULTILINE))
    print(f"lock: {target.relative_to(ROOT)}: {pins} packages")


def main(arguments: list[str]) -> None:
    """Compile base first; dev includes it."""
    for name in ("base", "dev"):
        compile_lock(name, arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
