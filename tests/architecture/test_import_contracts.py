"""The floors hold, and a planted fault in each contract makes import-linter fail."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, SOURCE

CONFIG = ROOT / ".importlinter.toml"
#: A line of Python for each contract that must break it: contract name → (file, line).
PLANTED = {
    "Floors: a lower floor never imports a higher one": (
        "rules/planted_floor.py",
        "import cmis.engine",
    ),
    "Modules: one direction of business dependency": (
        "modules/organisation/planted_direction.py",
        "import cmis.modules.invoicing",
    ),
    "Rules: rating and vee are siblings, tariffs and calendar below": (
        "rules/calendar/planted_sibling.py",
        "import cmis.rules.vee",
    ),
    "Pure floors know neither Django nor the network nor the clock": (
        "formats/planted_django.py",
        "import django.utils.timezone",
    ),
    "Interfaces do not know each other": (
        "interfaces/portal/planted_neighbour.py",
        "import cmis.interfaces.console",
    ),
}


def contracts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    return found


def lint(source: Path, config: Path) -> "subprocess.CompletedProcess[str]":
    program = "from importlinter.cli import lint_imports_command as c; c()"
    return subprocess.run(
        [sys.executable, "-c", program, "--config", str(config), "--no-cache"],
        cwd=config.parent,
        env=os.environ | {"PYTHONPATH": str(source), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def planted_for(contract: dict[str, object]) -> tuple[str, str]:
    if contract["type"] == "protected":
        module = str(contract["protected_modules"][0])  # type: ignore[index]
        name = module.split(".")[2]
        return f"journeys/planted_{name}_tables.py", f"import {module}"
    return PLANTED[str(contract["name"])]


def test_the_floors_hold() -> None:
    done = lint(ROOT / "src", CONFIG)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in done.stdout


def test_each_contract_breaks_on_a_planted_fault(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "src" / "cmis", ignore=shutil.ignore_patterns("static"))
    shutil.copy(CONFIG, tmp_path)
    for contract in contracts():
        where, line = planted_for(contract)
        (tmp_path / "src" / "cmis" / where).write_text(line + "\n")
    done = lint(tmp_path / "src", tmp_path / CONFIG.name)
    assert done.returncode == 1
    broken = {
        line[: -len(" BROKEN")] for line in done.stdout.splitlines() if line.endswith("BROKEN")
    }
    assert broken == {str(contract["name"]) for contract in contracts()}


def test_a_package_without_a_floor_is_a_fault(tmp_path: Path) -> None:
    """The contracts are exhaustive: a new package must be placed."""
    shutil.copytree(SOURCE, tmp_path / "src" / "cmis", ignore=shutil.ignore_patterns("static"))
    shutil.copy(CONFIG, tmp_path)
    for where in ("attic", "modules/attic", "rules/attic"):
        package = tmp_path / "src" / "cmis" / where
        package.mkdir()
        (package / "__init__.py").write_text("")
    done = lint(tmp_path / "src", tmp_path / CONFIG.name)
    assert done.returncode == 1
    assert done.stdout.count("attic") == 3


def modules_with_tables() -> list[str]:
    return sorted(path.parent.name for path in (SOURCE / "modules").glob("*/models.py"))


def test_every_module_protects_its_tables() -> None:
    protected = {
        str(contract["protected_modules"][0]): contract["allowed_importers"]  # type: ignore[index]
        for contract in contracts()
        if contract["type"] == "protected"
    }
    assert protected == {
        f"cmis.modules.{name}.models": [f"cmis.modules.{name}"] for name in modules_with_tables()
    }


@pytest.mark.parametrize("floor", ["kernel", "rules", "formats", "engine"])
def test_mypy_reads_every_strict_floor(floor: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert f"cmis.{floor}" in settings["packages"]


def test_interfaces_are_all_in_the_independence_contract() -> None:
    """Portal, console and their like: every package that serves pages to other people."""
    serving = {
        f"cmis.interfaces.{path.parent.name}"
        for path in (SOURCE / "interfaces").glob("*/urls.py")
        if path.parent.name != "ui"
    }
    (independent,) = [contract for contract in contracts() if contract["type"] == "independence"]
    assert set(independent["modules"]) == serving  # type: ignore[call-overload]
