"""Texts of the pages: Vietnamese in the source, English in ``locale/en`` of each app.

    python tools/messages.py            collect texts, keep translations, compile
    python tools/messages.py --check    change nothing; exit 1 when English is missing or stale
    python tools/messages.py --app ui   only this app

A message id is the Vietnamese text itself. A new one arrives in the ``.po`` with an empty
``msgstr`` (or with the English another app gave it: Django merges all catalogs, so one text has one
English everywhere); write the English there and run the tool again. No gettext programs are needed.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/cmis"
CATALOG = Path("locale/en/LC_MESSAGES/django.po")
METADATA = {
    "Project-Id-Version": "CMIS",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
#: Where in the arguments of each gettext function context, text and plural stand.
PLACES = {
    "gettext": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_LITERAL = r"""[uU]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
_VIETNAMESE = re.compile(r"[À-ÖØ-öø-ỹ]")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text: ``text`` is the Vietnamese, ``plural`` and ``context`` are mostly empty."""

    text: str
    plural: str = ""
    context: str = ""


def _message(function: str, arguments: list[str]) -> Message:
    context, text, plural = PLACES[function]
    return Message(
        arguments[text],
        "" if plural is None else arguments[plural],
        "" if context is None else arguments[context],
    )


def in_template(source: str) -> Iterator[Message]:
    """The texts of a Django template: translate, blocktranslate and ``_("…")`` in any tag."""
    for found in _CALL.finditer(templatize(source)):
        function = found[1]
        arguments = [ast.literal_eval(part) for part in re.findall(_LITERAL, found[2])]
        if function == "_":
            # At run time Django doubles the percent signs of these before it looks them up.
            function, arguments = "gettext", [arguments[0].replace("%", "%%")]
        yield _message(function, arguments)


def in_python(source: str, where: str) -> Iterator[Message]:
    """The texts given as constants to the gettext functions of a Python file.

    Raises:
        SystemExit: a text put together with an f-string can never be translated.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        function = "gettext" if name == "_" else name.removesuffix("_lazy")
        if function not in PLACES:
            continue
        needed = max(place for place in PLACES[function] if place is not None) + 1
        arguments = node.args[:needed]
        if any(isinstance(argument, ast.JoinedStr) for argument in arguments):
            sys.exit(f"{where}:{node.lineno}: an f-string cannot be translated; use %(name)s")
        texts = [a.value for a in arguments if isinstance(a, ast.Constant)]
        if len(texts) == needed and all(isinstance(text, str) for text in texts):
            yield _message(function, texts)


def app_of(path: Path) -> Path | None:
    """The nearest folder above that is a Django app: its catalog holds the texts of the file."""
    return next((folder for folder in path.parents if (folder / "apps.py").exists()), None)


Texts = dict[Message, set[str]]


def collect(source: Path = SOURCE) -> dict[Path, Texts]:
    """The texts of each app, with the files they stand in; apps with a catalog are always there.

    Raises:
        SystemExit: a text outside of every app has no catalog to be translated in.
    """
    found: dict[Path, Texts] = defaultdict(lambda: defaultdict(set))
    for catalog in source.rglob(str(CATALOG)):
        found[catalog.parents[len(CATALOG.parts) - 1]] = defaultdict(set)
    for path in sorted([*source.rglob("*.py"), *source.rglob("templates/**/*.*")]):
        where = path.relative_to(source).as_posix()
        text = path.read_text(encoding="utf-8")
        messages = in_python(text, where) if path.suffix == ".py" else in_template(text)
        for message in messages:
            app = app_of(path)
            if app is None:
                sys.exit(f"{where}: {message.text!r} stands outside of every app")
            found[app][message].add(path.relative_to(app).as_posix())
    return found


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def catalog_of(app: Path) -> polib.POFile:
    path = app / CATALOG
    return polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)


def updated(
    old: polib.POFile,
    texts: Texts,
    elsewhere: Mapping[Message, polib.POEntry] = MappingProxyType({}),
) -> polib.POFile:
    """A catalog with exactly these texts: translations kept, texts no longer used put aside.

    ``elsewhere`` holds the entries of the other apps, to borrow English from.
    """
    before = {**elsewhere, **{_key(e): e for e in old if any(_translations(e))}}
    own = {_key(entry): entry for entry in old}
    new = polib.POFile(wrapwidth=100)
    new.metadata = dict(METADATA)
    for message in sorted(texts):
        known = before.get(message)
        entry = polib.POEntry(
            msgid=message.text,
            msgctxt=message.context or None,
            occurrences=[(file, "") for file in sorted(texts[message])],
            msgstr=known.msgstr if known else "",
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = known.msgstr_plural if known else {0: "", 1: ""}
        new.append(entry)
    for message in sorted(own.keys() - texts.keys()):
        if any(_translations(own[message])):
            own[message].obsolete = True
            own[message].occurrences = []
            new.append(own[message])
    return new


def _translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation, in words."""
    for english in _translations(entry):
        if not english:
            yield f"no English for {entry.msgid!r}"
        elif english == entry.msgid and _VIETNAMESE.search(english):
            yield f"still Vietnamese: {entry.msgid!r}"
        elif not set(_PLACEHOLDER.findall(english)) <= set(
            _PLACEHOLDER.findall(entry.msgid + entry.msgid_plural)
        ) or (
            not entry.msgid_plural
            and set(_PLACEHOLDER.findall(english)) != set(_PLACEHOLDER.findall(entry.msgid))
        ):
            yield f"the places in {english!r} differ from those in {entry.msgid!r}"


def faults(app: Path, texts: Texts) -> list[str]:
    """Everything that keeps an app from being complete in English."""
    catalog = catalog_of(app)
    known = {_key(entry) for entry in catalog if not entry.obsolete}
    found = [f"not collected: {message.text!r}" for message in sorted(texts.keys() - known)]
    found += [f"no longer used: {message.text!r}" for message in sorted(known - texts.keys())]
    for entry in catalog:
        if not entry.obsolete:
            found += entry_faults(entry)
    compiled = (app / CATALOG).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalog.to_binary():
        found.append(f"{compiled.name} is older than {CATALOG.name}")
    return [f"{app.relative_to(app.parents[1]).as_posix()}: {fault}" for fault in found]


def conflicts(apps: Iterable[Path]) -> list[str]:
    """Texts to which two apps give different English: which one people see would be chance."""
    given: dict[Message, dict[str, str]] = defaultdict(dict)
    for app in apps:
        for entry in catalog_of(app):
            if not entry.obsolete and any(_translations(entry)):
                given[_key(entry)].setdefault(" / ".join(_translations(entry)), app.name)
    return [
        f"{message.text!r} has different English: "
        + ", ".join(f"{english!r} ({app})" for english, app in sorted(variants.items()))
        for message, variants in sorted(given.items())
        if len(variants) > 1
    ]


def write(app: Path, texts: Texts, others: Iterable[Path] = ()) -> None:
    path = app / CATALOG
    path.parent.mkdir(parents=True, exist_ok=True)
    elsewhere = {
        _key(entry): entry
        for other in others
        for entry in catalog_of(other)
        if any(_translations(entry)) and not entry.obsolete
    }
    catalog = updated(catalog_of(app), texts, elsewhere)
    catalog.save(str(path))
    path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 on a fault")
    parser.add_argument("--app", action="append", help="folder name of an app; default: all")
    given = parser.parse_args()
    found: list[str] = []
    every = collect()
    for app, texts in sorted(every.items()):
        if given.app and app.name not in given.app:
            continue
        if not given.check:
            write(app, texts, every.keys() - {app})
        found += faults(app, texts)
        print(f"{app.relative_to(ROOT).as_posix()}: {len(texts)} texts")
    found += conflicts(every)
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
