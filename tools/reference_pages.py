"""The generated pages of ``docs/reference``, each a function that gives its Markdown."""

import argparse
import csv
import os
from collections.abc import Callable, Iterable, Iterator

from tools.code_facts import ROOT, clauses, errors, settings

LAW_TABLE = ROOT / "docs" / "reference" / "law-table.csv"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars and line ends in cells are made harmless."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def errors_page() -> str:
    parts = [
        "# Error codes\n",
        "Every failure the system expects, with what happened and what to do next. The code is"
        " stable: quote it when you ask for help. `{…}` stands for a value of the case.",
    ]
    for fact in errors():
        parts.append(f"\n## {fact.code}\n")
        parts.append(f"*{fact.what[0]}* {fact.next_step[0]}\n")
        parts.append(f"{fact.what[1]} **{fact.next_step[1]}**\n")
        parts.append(f"`{fact.name}` in `{fact.place}`")
    return "\n".join(parts)


def settings_page() -> str:
    rows = [(f"`{fact.name}`", fact.default or "(empty)", fact.meaning) for fact in settings()]
    return (
        "# Settings\n\nWhat differs between installations comes from environment variables.\n\n"
        + table(("Variable", "Default", "Meaning"), rows)
    )


def commands_page() -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmis.project.settings")
    import django

    django.setup()
    from cmis.interfaces.commands.main import build_parser

    parser = build_parser()
    parts = [
        "# Commands\n",
        f"{parser.description}\n",
        "Exit codes: 0 done, 1 not done (the reason is on standard error), 2 called wrongly."
        " Options of every command, written before it:\n",
        _options(parser),
    ]
    for words, help_text, command in _commands(parser):
        parts += [f"\n## `{words}`\n", help_text]
        if rows := _options(command):
            parts += ["", rows]
    return "\n".join(parts)


def _commands(
    parser: argparse.ArgumentParser, words: str = "cmis"
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Every command that does something, depth first, with its help line."""
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
        for name, command in action.choices.items():
            inner = list(_commands(command, f"{words} {name}"))
            if inner:
                yield from inner
            else:
                yield f"{words} {name}", helps.get(name, ""), command


def _options(parser: argparse.ArgumentParser) -> str:
    rows = [
        (_written(action), _default(action), (action.help or "").replace("%%", "%"))
        for action in parser._actions
        if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction)
        and action.help is not argparse.SUPPRESS
    ]
    return table(("Argument", "Default", "Meaning"), rows) if rows else ""


def _written(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices:
        value = " or ".join(map(str, action.choices))
    many = "…" if action.nargs in ("*", "+") else ""
    if not action.option_strings:
        return f"`{value}{many}`" + (" (may be left out)" if action.nargs in ("?", "*") else "")
    names = ", ".join(action.option_strings)
    return f"`{names}`" if action.nargs == 0 else f"`{names} {value}{many}`"


def _default(action: argparse.Action) -> str:
    plain = action.default not in (None, False, argparse.SUPPRESS, [])
    return str(action.default) if plain and action.option_strings else ""


def glossary_page() -> str:
    from cmis.kernel.glossary import glossary

    rows = [
        (
            term.term_en,
            term.term_vi,
            ", ".join(f"`{field}`" for field in term.exchange_fields),
            term.definition,
            term.law,
        )
        for term in glossary().values()
    ]
    heads = ("English", "Tiếng Việt", "Exchange field", "Meaning", "Source")
    return "# Glossary\n\nOne concept, one word, for ever.\n\n" + table(heads, rows)


def vee_page() -> str:
    from cmis.rules.vee.registry import POINT_RULES, ROW_RULES, SENTENCES

    readings = [rule.CODE for rule in (*ROW_RULES, *POINT_RULES)]
    bills = [code for code in SENTENCES if code not in readings]

    def rows(codes: list[str]) -> Iterator[tuple[str, str, str]]:
        for code in codes:
            why, usual = SENTENCES[code].why, SENTENCES[code].usual
            yield f"`{code}`", f"{why.vi} {usual.vi}", f"{why.en} {usual.en}"

    heads = ("Rule", "Tiếng Việt", "English")
    return "\n".join(
        [
            "# Rules that check readings and bills\n",
            "A rule raises a finding; people decide. `{…}` stands for a value of the case. Limits"
            " are dated data in `src/cmis/rules/vee/data`.\n",
            "## Readings (gate 1)\n",
            table(heads, rows(readings)),
            "\n## Bills (gate 2)\n",
            table(heads, rows(bills)),
        ]
    )


def refusals_page() -> str:
    from cmis.rules.rating.refusals import NEXT_STEP, WHAT, RefusalCode

    rows = [
        (
            f"`{refusal.code}`",
            f"{WHAT[refusal].vi} {NEXT_STEP[refusal].vi}",
            f"{WHAT[refusal].en} {NEXT_STEP[refusal].en}",
        )
        for refusal in RefusalCode
    ]
    return (
        "# Why a bill is not calculated\n\nThe calculation refuses rather than guesses; the point"
        " is held with one of these codes.\n\n" + table(("Code", "Tiếng Việt", "English"), rows)
    )


def verdicts_page() -> str:
    from cmis.formats.hhu.verdict_codes import Verdict

    rows = [
        (
            f"`{verdict.value}`",
            verdict.kind.value,
            f"{verdict.explanation.what.vi} {verdict.explanation.next_step.vi}",
            f"{verdict.explanation.what.en} {verdict.explanation.next_step.en}",
        )
        for verdict in Verdict
    ]
    return (
        "# Verdicts on rows of returned books\n\nThe first that applies, in this order, stands in"
        " the report. E refuses the row, W needs a person, F is about the file or book.\n\n"
        + table(("Code", "Kind", "Tiếng Việt", "English"), rows)
    )


def switches_page() -> str:
    from cmis.rules.rating.switches import ALLOWED, DEFAULTS

    values = DEFAULTS.as_dict()
    rows = [
        (
            f"`{name}`",
            f"`{values[name]}`",
            ", ".join(f"`{value}`" for value in ALLOWED.get(name, ("", "any of its kind"))[1:]),
        )
        for name in values
    ]
    return (
        "# Switches of the calculation\n\nPoints that the texts leave open, each with the value"
        " that is used when nothing else is said. Values that differ are stored with each bill.\n\n"
        + table(("Switch", "Default", "Also possible"), rows)
    )


def law_page() -> str:
    with LAW_TABLE.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    code, tests = clauses(ROOT / "src" / "cmis"), clauses(ROOT / "tests")
    cited = [
        (clause, _files(code.get(clause, ())), _files(tests.get(clause, ())))
        for clause in sorted(code.keys() | tests.keys())
    ]
    return "\n".join(
        [
            "# The law and where it stands\n",
            "Article → where it is built → what proves it. Numbers of the law stand in the data"
            " files, never in code.\n",
            table(("Article", "Says", "Built in", "Proved by"), rows),
            "\n## Clauses of the business process cited in the code\n",
            "Codes are those of our reading of the business process: ORG organisation, CUS"
            " customers, MTR meters, READ readings, BILL bills, SEC security.\n",
            table(("Clause", "Code", "Tests"), cited),
        ]
    )


def _files(paths: Iterable[str]) -> str:
    return " · ".join(f"`{path.removeprefix('src/cmis/')}`" for path in sorted(paths))


def permissions_page() -> str:
    from cmis.modules.organisation.permissions import permissions_table

    return permissions_table()


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "glossary.md": glossary_page,
    "verdicts.md": verdicts_page,
    "vee-rules.md": vee_page,
    "refusals.md": refusals_page,
    "switches.md": switches_page,
    "law-table.md": law_page,
    "permissions.md": permissions_page,
}
