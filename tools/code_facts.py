"""Facts read from the source text, without importing it: error codes, settings, cited clauses."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cmis"
#: Clauses of the business process as docstrings, comments and tests cite them.
CLAUSE = re.compile(r"\b(?:ORG|CUS|MTR|READ|BILL|COLL|SVC|CARE|SEC)-\d\d\b(?!\d)")
CLAUSES = re.compile(r"\b(ORG|CUS|MTR|READ|BILL|COLL|SVC|CARE|SEC)-(\d\d) (?:…|to|–|-) \1-(\d\d)\b")
#: Variables read without ``setting(…)``, because they are needed before or beside the settings.
OTHER_VARIABLES = {
    "CMIS_HOME": (
        "XDG_DATA_HOME/cmis or ~/.local/share/cmis",
        "Folder of all state: database (SQLite), keys, drop folder, archives.",
    ),
    "CMIS_AUTO_MIGRATE": (
        "1",
        "0: commands leave the tables alone; run python -m django migrate yourself.",
    ),
    "CMIS_KEY_PASSWORD": ("", "Password of the key file, read by cmis keys set and when signing."),
}


@dataclass(frozen=True, slots=True)
class ErrorFact:
    """One anticipated failure: code, texts and where it is raised from."""

    code: str
    name: str
    what: tuple[str, str]
    next_step: tuple[str, str]
    place: str


@dataclass(frozen=True, slots=True)
class SettingFact:
    name: str
    default: str
    meaning: str


@cache
def trees() -> dict[Path, ast.Module]:
    """Every file of the product, parsed."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def errors(sources: Mapping[Path, ast.Module] | None = None) -> list[ErrorFact]:
    """Every ``UnableTo…`` class that has a code, by code.

    Raises:
        SystemExit: a class without code, text or next step, or two classes with one code.
    """
    found: dict[str, ErrorFact] = {}
    for node, path in _failures(trees() if sources is None else sources):
        fact = _error(node, path)
        if fact.code in found:
            raise SystemExit(f"docs: {fact.name} and {found[fact.code].name} share {fact.code}")
        found[fact.code] = fact
    return [found[code] for code in sorted(found)]


def _failures(sources: Mapping[Path, ast.Module]) -> list[tuple[ast.ClassDef, Path]]:
    """Classes below ``UnableTo``, at any depth and under any name."""
    classes = [
        (node, path)
        for path, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    names, grown = {"UnableTo"}, True
    while grown:
        more = {node.name for node, _ in classes if names & _bases(node)} - names
        names, grown = names | more, bool(more)
    return [(node, path) for node, path in classes if names & _bases(node)]


def _bases(node: ast.ClassDef) -> set[str]:
    return {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}


def _error(node: ast.ClassDef, path: Path) -> ErrorFact:
    place = path.relative_to(ROOT).as_posix()
    values = {
        target.id: assign.value
        for assign in node.body
        if isinstance(assign, ast.Assign | ast.AnnAssign) and assign.value is not None
        for target in (assign.targets if isinstance(assign, ast.Assign) else [assign.target])
        if isinstance(target, ast.Name)
    }
    try:
        return ErrorFact(
            str(ast.literal_eval(values["code"])),
            node.name,
            _bilingual(values["what"]),
            _bilingual(values["next_step"]),
            place,
        )
    except (KeyError, ValueError) as problem:
        raise SystemExit(
            f"docs: {place}: {node.name} needs code, what and next_step as plain texts ({problem})"
        ) from problem


def _bilingual(node: ast.expr) -> tuple[str, str]:
    if not isinstance(node, ast.Call):
        raise ValueError("not a Bilingual(…)")
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    vi, en = [*node.args, *(named[name] for name in ("vi", "en") if name in named)]
    return str(ast.literal_eval(vi)), str(ast.literal_eval(en))


def settings(sources: Mapping[Path, ast.Module] | None = None) -> list[SettingFact]:
    """Every environment variable of ours that the code reads, by name.

    Raises:
        SystemExit: a variable is read that nothing describes.
    """
    found: dict[str, SettingFact] = {}
    read: dict[str, str] = {}
    for path, tree in (trees() if sources is None else sources).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setting":
                name, default, meaning = (str(ast.literal_eval(value)) for value in node.args)
                found[name] = SettingFact(name, default, meaning)
            read |= {name: path.relative_to(ROOT).as_posix() for name in _variables(node)}
    for name, (default, meaning) in OTHER_VARIABLES.items():
        if name in read:
            found.setdefault(name, SettingFact(name, default, meaning))
    if unknown := sorted(set(read) - set(found)):
        raise SystemExit(f"docs: {unknown} are read in {read[unknown[0]]} but described nowhere")
    return [found[name] for name in sorted(found)]


def _variables(node: ast.AST) -> Iterator[str]:
    """Names in ``os.environ[…]``, ``os.environ.get(…)``, ``os.getenv(…)``."""
    if isinstance(node, ast.Subscript) and getattr(node.value, "attr", "") == "environ":
        yield from _ours(node.slice)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        on_environ = getattr(node.func.value, "attr", "") == "environ"
        if node.args and (on_environ or node.func.attr == "getenv"):
            yield from _ours(node.args[0])


def _ours(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and str(node.value).startswith("CMIS_"):
        yield str(node.value)


def clauses(folder: Path) -> dict[str, set[str]]:
    """Clause → files below the folder that cite it."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        cited = set(CLAUSE.findall(text))
        for kind, first, last in CLAUSES.findall(text):
            cited |= {f"{kind}-{number:02d}" for number in range(int(first), int(last) + 1)}
        for clause in cited:
            found.setdefault(clause, set()).add(path.relative_to(ROOT).as_posix())
    return found
