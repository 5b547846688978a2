"""Write ``docs/reference`` from the code, or with ``--check`` say where it differs.

Run as ``python -m tools.docs``. Each page is one function of ``tools.reference_pages``.
"""

import difflib
import os
import sys
import tempfile
from pathlib import Path

from tools.reference_pages import PAGES

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
HEADER = "<!-- Written by make docs from the code. Do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its file name; needs no database and touches no user's state."""
    with tempfile.TemporaryDirectory(prefix="cmis-docs-") as folder:
        before = os.environ.get("CMIS_HOME")
        os.environ["CMIS_HOME"] = folder
        try:
            return {name: HEADER + page().strip() + "\n" for name, page in PAGES.items()}
        finally:
            if before is None:
                del os.environ["CMIS_HOME"]
            else:
                os.environ["CMIS_HOME"] = before


def differences(wanted: dict[str, str]) -> list[str]:
    """A unified diff for each page that is missing or differs."""
    found = []
    for name, text in wanted.items():
        path = FOLDER / name
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        diff = difflib.unified_diff(
            there.splitlines(),
            text.splitlines(),
            f"docs/reference/{name}",
            "code",
            lineterm="",
            n=1,
        )
        found += ["\n".join(lines)] if (lines := list(diff)) else []
    return found


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them: exit code 1 when they differ."""
    sys.path.insert(0, str(ROOT / "src"))
    wanted = pages()
    if "--check" in arguments:
        found = differences(wanted)
        print("\n\n".join(found) or f"docs: {len(wanted)} reference pages agree with the code")
        if found:
            print("\ndocs/reference differs from the code; run make docs and commit the result")
        return int(bool(found))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"docs: wrote {len(wanted)} reference pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
