"""A night killed by SIGKILL, wherever and however often, is simply started again.

Every trial begins with the same adopted district (three units, sixty customers, planted faults),
ends with everything a night leaves behind, and must be equal to an undisturbed night: bytes of
invoices, numbers, bills, lines, readings, doubts, messages, moved files, ledger.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.stories import kill_databases

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
KILLS_AT_LEAST = 50


@dataclass
class Range:
    """Where nights are killed: the process that runs them and the template they begin with."""

    process: "subprocess.Popen[str]"
    folder: Path
    databases: kill_databases.Databases
    kill_count: int = 0

    def order(self, home: Path, act: str, **more: Any) -> dict[str, Any]:
        url = self.databases.url(home)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(
            json.dumps({"home": str(home), "url": url, "act": act} | more) + "\n"
        )
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.kill_count += bool(answer["killed"])
        assert answer["killed"] or answer["code"] == 0, f"{act} failed: see stderr"
        return answer

    def fresh(self, name: str) -> Path:
        """A copy of the template: state folder and database."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.folder / "template", home)
        self.databases.copy(self.folder / "template", home)
        return home

    def finish(self, home: Path) -> dict[str, Any]:
        """Start the night again without harm and tell what it left."""
        night = self.order(home, "night")["answer"]
        assert night["failures"] == []
        assert night["summary"]["balanced"] is True
        paper: dict[str, Any] = self.order(home, "paper")["answer"]
        paper["sums of the day"] = night["summary"]["invoices"]
        return paper


@pytest.fixture(scope="module")
def shooting_range(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    folder = tmp_path_factory.mktemp("kills")
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "CMIS_HOME": str(folder / "none"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.night_under_fire"],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with kill_databases.of_this_run() as databases:
        target = Range(process, folder, databases)
        (folder / "template").mkdir()
        target.order(folder / "template", "adopt")
        yield target
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="module")
def undisturbed(shooting_range: Range) -> dict[str, Any]:
    paper = shooting_range.finish(shooting_range.fresh("undisturbed"))
    assert len(paper["invoices"]) == int(paper["sums of the day"]["count"]) > 45
    assert len(paper["messages"]) >= 4
    assert len(paper["doubts"]) >= 2
    return paper


def expect_same(actual: dict[str, Any], expected: dict[str, Any], trial: str) -> None:
    for section, lines in expected.items():
        if actual[section] == lines:
            continue
        missing = [line for line in lines if line not in actual[section]]
        extra = [line for line in actual[section] if line not in lines]
        pytest.fail(f"{trial}: {section} differs\nlost: {missing[:3]}\nnew: {extra[:3]}")


def test_killed_at_every_boundary(shooting_range: Range, undisturbed: dict[str, Any]) -> None:
    home = shooting_range.fresh("counted")
    boundaries = shooting_range.order(home, "night")["answer"]["boundaries"]
    assert boundaries >= KILLS_AT_LEAST
    before = shooting_range.kill_count
    for boundary in range(1, boundaries + 1):
        home = shooting_range.fresh("killed")
        answer = shooting_range.order(home, "night", kill_at=boundary)
        assert answer["killed"], f"boundary {boundary} was not reached"
        expect_same(shooting_range.finish(home), undisturbed, f"killed at boundary {boundary}")
    assert shooting_range.kill_count - before == boundaries


def test_killed_again_and_again_until_it_is_done(
    shooting_range: Range, undisturbed: dict[str, Any]
) -> None:
    home = shooting_range.fresh("again")
    attempts = 1
    while shooting_range.order(home, "night", kill_at=attempts)["killed"]:
        attempts += 1
    assert attempts > 10
    expect_same(shooting_range.finish(home), undisturbed, f"killed {attempts} times in a row")


def test_killed_at_random_times_with_two_workers(
    shooting_range: Range, undisturbed: dict[str, Any]
) -> None:
    home = shooting_range.fresh("timed")
    seconds = shooting_range.order(home, "night", workers=2)["answer"]["seconds"]
    rng = random.Random(20260713)
    kills = 0
    for trial in range(6):
        home = shooting_range.fresh("random")
        while kills < 2 * (trial + 1):
            answer = shooting_range.order(
                home, "night", workers=2, kill_after_seconds=rng.uniform(0.01, seconds)
            )
            if not answer["killed"]:
                break
            kills += 1
        expect_same(shooting_range.finish(home), undisturbed, f"random trial {trial}")
    assert kills >= 6
