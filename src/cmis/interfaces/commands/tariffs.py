"""``cmis tariffs list|show|check|diff|export|rehearse``: the law as the system uses it; only the
rehearsal reads the database."""

import argparse
import json
from pathlib import Path
from typing import Any

from cmis.interfaces.commands import tariffs_rehearsal
from cmis.kernel.text import group_thousands
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.loader import DATA
from cmis.rules.tariffs.open_data import open_data
from cmis.rules.tariffs.price_listing import (
    PriceRow,
    decision_values,
    price_differences,
    price_rows,
)
from cmis.rules.tariffs.review import review
from cmis.rules.tariffs.schema import Confidence, PriceDecision

_TITLES = {
    "vi": "Quyết định|Từ ngày|Đến ngày|Giá bình quân|Số giá|Đã đối chiếu|Một nguồn|Chưa đối chiếu",
    "en": "Decision|From|To|Average|Items|Verified|One source|Unverified",
}


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "tariffs",
        help="giá điện và căn cứ pháp lý / electricity prices and their law",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="các quyết định giá / the price decisions")
    show = actions.add_parser("show", help="biểu giá của một quyết định / prices of one decision")
    show.add_argument("decision", help="1279 hoặc / or 1279/QĐ-BCT")
    check = actions.add_parser(
        "check", help="kiểm tra dữ liệu pháp lý / check the legal data strictly"
    )
    check.add_argument("directory", nargs="?", type=Path, default=DATA)
    diff = actions.add_parser("diff", help="so sánh hai quyết định / compare two decisions")
    diff.add_argument("before")
    diff.add_argument("after")
    export = actions.add_parser(
        "export", help="toàn bộ giá và căn cứ dạng JSON mở / all prices as open JSON"
    )
    export.set_defaults(func=run_export, needs_database=False)
    tariffs_rehearsal.add_action(actions)
    for action, run in (
        (listing, run_list),
        (show, run_show),
        (check, run_check),
        (diff, run_diff),
    ):
        action.add_argument("--json", action="store_true", help="ra JSON / as JSON")
        action.set_defaults(func=run, needs_database=False)


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _table(rows: list[list[str]]) -> None:
    """Columns aligned by their longest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _json(values: object) -> int:
    print(json.dumps(values, ensure_ascii=False, indent=2))
    return 0


def run_export(_arguments: argparse.Namespace) -> int:
    """The price file that the independent verifier of receipts takes."""
    return _json(open_data(load_law()))


def run_list(arguments: argparse.Namespace) -> int:
    law = load_law()
    if arguments.json:
        return _json([decision_values(decision) for decision in law.decisions])
    rows = [_TITLES[_language(arguments)].split("|")]
    for decision in law.decisions:
        sure = [item.confidence for item in decision.items.values()]
        rows.append(
            [
                decision.code,
                _day(decision.effective_from),
                _day(decision.effective_to),
                str(decision.average_retail_price_vnd_per_kwh),
                str(len(sure)),
                *(str(sure.count(confidence)) for confidence in Confidence),
            ]
        )
    _table(rows)
    return 0


def _language(arguments: argparse.Namespace) -> str:
    return getattr(arguments, "language", "vi")


def run_show(arguments: argparse.Namespace) -> int:
    decision = load_law().decision(arguments.decision)
    if arguments.json:
        return _json({**decision_values(decision), "prices": _rows_as_values(decision)})
    language = _language(arguments)
    print(f"{decision.reference} · {_day(decision.effective_from)} – {_day(decision.effective_to)}")
    print(decision.legal_basis)
    _table([_shown(row, language) for row in price_rows(decision)])
    for note in decision.notes:
        print(f"* {note}")
    return 0


def _shown(row: PriceRow, language: str) -> list[str]:
    name = row.item.name.render(language)
    price = group_thousands(row.price_vnd_per_kwh).rjust(7)
    return [row.item.code, row.label, price, row.item.confidence.value, name]


def _rows_as_values(decision: PriceDecision) -> list[dict[str, object]]:
    return [
        {
            "item": row.item.code,
            "group": row.item.group,
            "name_vi": row.item.name.vi,
            "name_en": row.item.name.en,
            "label": row.label,
            "price_vnd_per_kwh": row.price_vnd_per_kwh,
            "norm_kwh": row.norm_kwh,
            "confidence": row.item.confidence.value,
        }
        for row in price_rows(decision)
    ]


def run_check(arguments: argparse.Namespace) -> int:
    """0 when the data load; findings are shown, they do not fail. A broken schema is raised."""
    law = load_law(arguments.directory)
    findings = review(law)
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    if arguments.json:
        return _json(
            {
                "digest": law.digest,
                "decisions": len(law.decisions),
                "findings": [{"rule": finding.rule, **finding.values} for finding in findings],
            }
        )
    print(f"decisions: {len(law.decisions)}")
    print(f"digest: {law.digest}")
    for finding in findings:
        if finding.rule != "LAW-PRICE-NOT-VERIFIED":
            values = ", ".join(f"{name} {value}" for name, value in finding.values.items())
            print(f"{finding.rule}: {values}")
    for rule, count in sorted(counts.items()):
        print(f"{rule}: {count}")
    return 0


def run_diff(arguments: argparse.Namespace) -> int:
    law = load_law()
    before, after = law.decision(arguments.before), law.decision(arguments.after)
    differences = price_differences(before, after)
    if arguments.json:
        return _json(
            [
                {
                    "item": code,
                    "label": label,
                    "before_vnd_per_kwh": old,
                    "after_vnd_per_kwh": new,
                }
                for code, label, old, new in differences
            ]
        )
    rows = [["", "", before.code, after.code, "±"]]
    for code, label, old, new in differences:
        change = group_thousands(new - old) if old is not None and new is not None else ""
        rows.append([code, label, _price(old), _price(new), change])
    _table(rows)
    return 0


def _price(price: int | None) -> str:
    return "–" if price is None else group_thousands(price)
