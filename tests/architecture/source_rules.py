"""House rules that no linter knows, each a function from one parsed file to its faults."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.exchange_names import EXCHANGE_NAMES

Fault = tuple[int, str]  # line, what is wrong

FLOAT_NAMES = {"float", "complex"}
FLOAT_TYPES = {"float16", "float32", "float64", "float128", "floating", "double", "longdouble"}
CLOCK_CALLS = {"now", "utcnow", "today", "localtime", "gmtime", "localdate"}
CLOCK_MODULES = {"time"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
VAGUE = re.compile(
    r"^(utils?|helpers?|commons?|misc|tools?lib|stuff)(_|$)|_(utils?|helpers?|misc)$"
)
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Where a program meets the world and may catch everything to report it and go on.
EDGES = ("interfaces/", "engine/worker")


def floats(tree: ast.Module) -> Iterator[Fault]:
    """A float literal, ``float`` as a type or a call, a NumPy float type."""
    inside_isinstance = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"float literal {node.value!r}"
        elif isinstance(node, ast.Name) and node.id in FLOAT_NAMES:
            if id(node) not in inside_isinstance:
                yield node.lineno, f"the type {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr in FLOAT_TYPES:
            yield node.lineno, f"the type {node.attr}"


def clocks(tree: ast.Module) -> Iterator[Fault]:
    """Reading the clock: ``datetime.now``, ``date.today``, ``time.…``, ``timezone.now``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS:
            yield node.lineno, f"reads the clock with .{node.attr}"
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] in CLOCK_MODULES:
                    yield node.lineno, f"imports {name.name}"
        elif isinstance(node, ast.ImportFrom) and node.module in CLOCK_MODULES:
            yield node.lineno, f"imports from {node.module}"


def managers(tree: ast.Module) -> Iterator[Fault]:
    """Reaching into tables: ``Model.objects``, ``apps.get_model``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS | {"get_model"}:
            yield node.lineno, f"reaches a table with .{node.attr}"


def broad_excepts(tree: ast.Module) -> Iterator[Fault]:
    """``except Exception``, ``except BaseException`` and a bare ``except``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        for kind in kinds:
            name = getattr(kind, "id", getattr(kind, "attr", None))
            if kind is None or name in ("Exception", "BaseException"):
                yield node.lineno, f"catches {name or 'everything'}"


def exchange_names(tree: ast.Module) -> Iterator[Fault]:
    """A field name of an exchange file or a tax document, as an identifier or inside a string."""
    docstrings = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        for text in _texts(node):
            if id(node) in docstrings:
                continue
            for token in EXCHANGE_NAMES.intersection(TOKEN.findall(text)):
                yield getattr(node, "lineno", 1), f"the exchange name {token}"


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for field in ("id", "attr", "arg", "name", "asname"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function with its length in lines, decorators and docstring left out."""
    docstrings = {id(node) for node in _docstrings(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        assert node.end_lineno is not None
        lines = node.end_lineno - node.lineno + 1
        first = node.body[0]
        if isinstance(first, ast.Expr) and id(first.value) in docstrings:
            assert first.end_lineno is not None
            lines -= first.end_lineno - first.lineno + 1
        yield node.name, lines


def vague(path: Path) -> bool:
    """A file or folder name that says nothing about what is inside."""
    return bool(VAGUE.search(path.stem))
