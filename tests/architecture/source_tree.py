"""The files of the project, as the architecture tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cmis"
#: Floors 0 to 2: no float, no clock, no Django, no network.
PURE = ("kernel", "rules", "formats")
#: Made by tools or taken from others.
LEFT_OUT = {".venv", ".git", "build", "__pycache__", "node_modules", "var"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that exists, or every file when there is no git."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.parts)]
    return tuple(sorted(path for path in paths if path.is_file() and not path.is_symlink()))


@cache
def python_files() -> tuple[Path, ...]:
    """Our own Python: product, tests, tools, measurements; without migrations."""
    folders = (SOURCE, ROOT / "tests", ROOT / "tools", ROOT / "bench")
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return tuple(
        sorted(
            path
            for path in found
            if "migrations" not in path.parts and not LEFT_OUT & set(path.parts)
        )
    )


def product_files() -> Iterator[Path]:
    """Python of the product itself."""
    return (path for path in python_files() if path.is_relative_to(SOURCE))


def place(path: Path) -> str:
    """``src/cmis/kernel/text.py`` → ``kernel/text.py``: where a file stands in the house."""
    return path.relative_to(SOURCE).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
