"""One night as a page shows it: progress while it runs, sums and what is held afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import words
from cmis.interfaces.ui.formatting import vn_datetime
from cmis.modules.translog.types import NightFacts, StepFacts

PHASES = tuple(name for name in words.NIGHT_PHASES if name)


def night_view(night: NightFacts, steps: Sequence[StepFacts]) -> dict[str, Any]:
    state, tone = words.tag(words.NIGHT_STATES, night.state)
    summary = night.summary
    return {
        "state": state,
        "tone": tone,
        "facts": _facts(night),
        "phases": _phases(night),
        "progress": progress_of(night) if night.state == "running" else None,
        "summary": summary,
        "files": summary.get("files", []),
        "held": [
            (words.rule_name(rule), count, f"{reverse('console:findings')}?rule={rule}")
            for rule, count in _held(summary).items()
        ],
        "steps": [(words.word(words.LEDGER_STEPS, step.step), step) for step in steps],
    }


def progress_of(night: NightFacts) -> dict[str, Any]:
    """Values of the progress component; a night between two phases is not yet at its end."""
    is_over = night.state != "running"
    done, total = night.done_count, night.total_count
    if not is_over and done >= total:
        total = done + 1
    return {
        "label": words.word(words.NIGHT_PHASES, night.phase),
        "done": done,
        "total": total if not is_over else max(done, 1),
        "url": reverse("console:run_progress", kwargs={"night_id": night.id}),
    }


def _facts(night: NightFacts) -> list[tuple[str, object]]:
    return [
        (_("Bắt đầu"), vn_datetime(night.started_at)),
        (_("Kết thúc"), vn_datetime(night.finished_at)),
        (_("Tín hiệu cuối"), vn_datetime(night.heartbeat_at)),
        (_("Tiến trình"), night.worker),
        (_("Số lần khởi động"), night.start_count),
    ]


def _phases(night: NightFacts) -> list[dict[str, str]]:
    at = PHASES.index(night.phase) if night.phase in PHASES else -1
    found = []
    for place, name in enumerate(PHASES):
        state = "done" if night.state == "finished" or place < at else "todo"
        if place == at and night.state != "finished":
            state = "running" if night.state == "running" else "failed"
        found.append({"label": words.word(words.NIGHT_PHASES, name), "state": state})
    return found


def _held(summary: Mapping[str, Any]) -> Mapping[str, int]:
    held: Mapping[str, int] = summary.get("held_rows", {}).get("by_rule", {})
    return held
