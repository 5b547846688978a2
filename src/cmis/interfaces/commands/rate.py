"""``cmis rate [FILE|-]``: JSON cases in, one JSON answer a line out; no database."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from cmis.rules.rating.worked_cases import UnreadableCase, answer
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.schema import Law

#: Code of a line that is no case at all; the codes of the rating itself start at RATE-001.
UNREADABLE = "RATE-000"


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "rate",
        help="tính tiền điện từ các trường hợp JSONL / rate bills from JSON lines",
        description=(
            "Mỗi dòng vào là một trường hợp, mỗi dòng ra là kết quả có căn cứ, hoặc 'refused'."
            " / Each input line is a case, each output line its bill with the law beside it, or"
            " 'refused' with code and reason."
        ),
    )
    parser.add_argument(
        "file", nargs="?", default="-", help="tệp JSONL, - = đầu vào chuẩn / file, - = stdin"
    )
    parser.add_argument(
        "--allow-unverified",
        action="append",
        default=[],
        metavar="'DECISION ITEM'",
        help=(
            "cho phép đích danh một giá chưa đối chiếu, như '2699/QĐ-BCT SX_LT6'"
            " / allow one unverified price by name"
        ),
    )
    parser.set_defaults(func=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """0 when every line got an answer (a refusal is one), 1 when some line was no case."""
    allowed = tuple(arguments.allow_unverified)
    if arguments.file == "-":
        return write_answers(sys.stdin, sys.stdout, load_law(), allowed)
    with Path(arguments.file).open(encoding="utf-8") as lines:
        return write_answers(lines, sys.stdout, load_law(), allowed)


def write_answers(lines: TextIO, out: TextIO, law: Law, allowed: tuple[str, ...]) -> int:
    """Answer line by line, so that the input may be of any length."""
    unreadable = 0
    for result in answers(lines, law, allowed):
        refused = result.get("refused")
        unreadable += isinstance(refused, dict) and refused["code"] == UNREADABLE
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 1 if unreadable else 0


def answers(lines: TextIO, law: Law, allowed: tuple[str, ...] = ()) -> Iterator[dict[str, object]]:
    for position, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: object = None
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise UnreadableCase("a JSON object is expected")
            name = row.get("id")
            yield answer(row, law, allowed)
        except (UnreadableCase, json.JSONDecodeError) as error:
            yield {
                "id": name,
                "refused": {
                    "code": UNREADABLE,
                    "reason": f"Line {position} is not a case: {error}",
                    "reason_vi": f"Dòng {position} không phải là một trường hợp: {error}",
                },
            }
