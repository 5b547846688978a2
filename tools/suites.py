"""The whole test run, suite by suite, with one summary line each at the end.

``python tools/suites.py [sqlite] [browser] [postgres]`` (all of them when none is named). A suite
that cannot run is named loudly with the reason; a suite that fails does not stop the next one.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: What runs again on PostgreSQL: everything that touches the database.
ON_POSTGRES = ("tests/modules", "tests/stories", "tests/interfaces", "tests/engine")
SUMMARY = re.compile(r"\b\d+ (passed|failed|error|errors|skipped|deselected)\b.* in [\d.:]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one suite ended; ``code`` is nothing when it was skipped."""

    name: str
    code: int | None
    summary: str
    seconds: int = 0

    def line(self) -> str:
        state = {None: "SKIPPED", 0: "passed"}.get(self.code, "FAILED")
        return f"{self.name:<10} {state:<8} {self.seconds:>5} s  {self.summary}"


def workers() -> list[str]:
    """Two processes or more where there are processors for them."""
    count = min(os.cpu_count() or 1, 4)
    return ["-n", str(count), "--dist", "loadfile"] if count > 1 else []


def _run(name: str, command: list[str]) -> Outcome:
    """Run a suite, passing its output through and keeping pytest's last line."""
    print(f"\n=== {name}: {' '.join(command[1:])}", flush=True)
    started = time.monotonic()
    summary = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if SUMMARY.search(line):
                summary = line.strip().strip("=").strip()
    seconds = round(time.monotonic() - started)
    return Outcome(name, process.returncode, summary or f"exit code {process.returncode}", seconds)


def _skip(name: str, reason: str) -> Outcome:
    print(f"\n*** {name} is SKIPPED: {reason}", flush=True)
    return Outcome(name, None, reason)


def sqlite() -> Outcome:
    """Every test but the browser's, on SQLite."""
    os.environ.pop("CMIS_DATABASE_URL", None)
    return _run("sqlite", [sys.executable, "-m", "pytest", "-q", "-m", "not browser", *workers()])


def browser() -> Outcome:
    """Pages in a real browser, on SQLite."""
    if not (ROOT / "tests" / "browser").is_dir():
        return _skip("browser", "there are no browser tests")
    if not any(shutil.which(name) for name in BROWSERS):
        return _skip("browser", "Chromium is not installed (Debian: apt install chromium)")
    os.environ.pop("CMIS_DATABASE_URL", None)
    return _run("browser", [sys.executable, "-m", "pytest", "-q", "-m", "browser", "tests/browser"])


def postgres() -> Outcome:
    """The suites that use the database, on a private PostgreSQL."""
    sys.path.insert(0, str(ROOT))
    from tests.postgres import NoPostgres, cluster

    folders = [folder for folder in ON_POSTGRES if (ROOT / folder).is_dir()]
    if not folders:
        return _skip("postgres", "there are no database tests")
    pytest = [sys.executable, "-m", "pytest", "-q", "-m", "not browser", *workers(), *folders]
    try:
        with cluster() as url:
            os.environ["CMIS_DATABASE_URL"] = url
            return _run("postgres", pytest)
    except NoPostgres as problem:
        return _skip("postgres", f"{problem} (Debian: apt install postgresql)")
    finally:
        os.environ.pop("CMIS_DATABASE_URL", None)


SUITES: dict[str, Callable[[], Outcome]] = {
    "sqlite": sqlite,
    "browser": browser,
    "postgres": postgres,
}


def main(names: list[str]) -> int:
    """Run the named suites; the exit code is 1 when any of them failed."""
    unknown = sorted(set(names) - set(SUITES))
    if unknown:
        print(f"unknown suite {', '.join(unknown)}; there are {', '.join(SUITES)}")
        return 2
    outcomes = [SUITES[name]() for name in names or SUITES]
    print("\n=== Test suites")
    for outcome in outcomes:
        print(outcome.line())
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
