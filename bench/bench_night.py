"""The night of a whole district, end to end, against the bare cost of its signatures.

``make bench-night`` runs 10,000 and 100,000 customers on a private PostgreSQL that keeps its
promises (fsync on). Adoption and contacts are outside the timed part; inside are: returned books in
the drop folder → readings judged, checked, confirmed → bills → signed invoices → notices queued.
Delivery is timed apart. Prints plain ``name: value`` lines; sizes other than the largest carry
their number in the name.

``night_to_rsa_ratio`` is the time of the night ÷ the time that the same number of raw RSA-2048
signatures takes in the same number of processes, measured before and after the night.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
RSA_COUNT = 3_000
SMALLER = 10
DELIVERED_AT_MOST = 10_000
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1_048_576


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--without-growth", action="store_true", help="only the one size")
    parser.add_argument("--profile", type=Path, help="write cProfile data of the parent here")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one_night(options.customers, options.workers, options.profile)))
        return
    small = None
    if not options.without_growth:
        small = measured(options.customers // SMALLER, options)
        show(small, f"_{options.customers // SMALLER}")
    large = measured(options.customers, options)
    show(large, "")
    if small is not None:
        growth = large["night_s"] / large["invoices"] / (small["night_s"] / small["invoices"])
        print(f"night_growth_ratio: {growth:.2f}")


def show(found: dict[str, float], suffix: str) -> None:
    for name, value in found.items():
        shown = value if isinstance(value, int) else f"{value:.2f}"
        print(f"{name if name.startswith('night_') else f'night_{name}'}{suffix}: {shown}")
    sys.stdout.flush()


def measured(customers: int, options: argparse.Namespace) -> dict[str, float]:
    """One size in a process, a state folder and a database server of its own."""
    from tests.postgres import cluster

    home = tempfile.mkdtemp(prefix="cmis-bench-")
    command = [
        sys.executable, __file__, "--one", "--customers", str(customers), "--workers",
        str(options.workers), *(["--profile", str(options.profile)] if options.profile else []),
    ]  # fmt: skip
    server = {"shared_buffers": "512MB", "max_wal_size": "4GB", "synchronous_commit": "on"}
    try:
        with cluster(durable=True, options=server) as url:
            environment = os.environ | {
                "CMIS_DATABASE_URL": url,
                "CMIS_HOME": home,
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
                "OPENBLAS_NUM_THREADS": "1",
            }
            done = subprocess.run(
                command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one_night(customers: int, workers: int, profile: Path | None) -> dict[str, float]:
    from cmis.engine.pool import start_django

    start_django()
    from cmis.engine.clock import fixed_clock, local_date
    from cmis.journeys.deliver_messages import deliver_due
    from cmis.journeys.run_the_night import NightOrder, run_the_night

    drop = Path(os.environ["CMIS_HOME"]) / "drop"
    note("adopting")
    adopt(customers, drop)
    clock = fixed_clock("2026-07-13T23:30:00")
    before = rsa_per_second(workers)
    note("night")
    phases = Phases()
    started = time.perf_counter()
    with peak_memory() as memory, profiled(profile):
        result = run_the_night(
            NightOrder(date=local_date(clock()), drop=drop, workers=workers, deliver=False),
            clock=clock,
            progress=phases,
        )
    night_s = time.perf_counter() - started
    phases.end()
    rsa = (before + rsa_per_second(workers)) / 2
    invoices = result.issued.done
    assert result.summary["balanced"] is True
    assert result.failures == []
    assert result.summary["invoices"]["count"] == invoices
    found: dict[str, float] = {
        "customers": customers,
        "invoices": invoices,
        "night_s": night_s,
        "night_invoices_per_s": invoices / night_s,
        "rsa_per_s": rsa,
        "night_to_rsa_ratio": night_s / (invoices / rsa),
        "night_peak_mb": memory[0],
    }
    found |= {f"night_phase_{name}_s": seconds for name, seconds in phases.seconds.items()}
    if customers <= DELIVERED_AT_MOST:
        note("delivery")
        started = time.perf_counter()
        sent = deliver_due(clock=clock)
        found["night_delivery_per_s"] = sent.done / (time.perf_counter() - started)
    return found


def adopt(customers: int, drop: Path) -> None:
    """Books are out, every customer has an e-mail address, the returns lie in the drop folder."""
    from django.core.management import call_command
    from django.db import connection

    from cmis.engine.clock import fixed_clock
    from cmis.engine.simulation.district import simulate
    from cmis.engine.simulation.population import District
    from cmis.journeys.adopt_books import adopt_file
    from cmis.kernel.period import BillingMonth

    call_command("migrate", verbosity=0)
    drop.mkdir(parents=True)
    at = fixed_clock("2026-07-01T08:00:00")()
    for book in simulate(District(customers, SEED, BillingMonth(2026, 7))):
        adopt_file(book.outbound, name=book.file_name, at=at, actor="bench")
        (drop / book.file_name).write_bytes(book.returned)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_customerversion SET email ="
            " 'khach' || customer_id || '@example.invalid'"
        )
        cursor.execute("VACUUM ANALYZE")


class Phases:
    """Seconds of each phase of the night."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name = ""
        self._since = 0.0

    def phase(self, name: str, total: int) -> None:
        self.end()
        self._name, self._since = name, time.perf_counter()
        note(f"{name}: {total}")

    def step(self, count: int = 1) -> None:
        pass

    def end(self) -> None:
        if self._name:
            self.seconds[self._name] = time.perf_counter() - self._since
        self._name = ""


@contextmanager
def profiled(target: Path | None) -> Iterator[None]:
    if target is None:
        yield
        return
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()
    profile.dump_stats(target)


@contextmanager
def peak_memory() -> Iterator[list[float]]:
    """The largest sum of resident memory of this process and its children, in MB."""
    peak, stop = [0.0], threading.Event()

    def look() -> None:
        while not stop.wait(0.25):
            peak[0] = max(peak[0], resident_mb(os.getpid()))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield peak
    stop.set()
    watcher.join()


def resident_mb(pid: int) -> float:
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return own + sum(resident_mb(int(child)) for child in children)


def rsa_per_second(workers: int) -> float:
    """Raw RSA-2048 signatures (PKCS#1 1.5, SHA-256) a second in ``workers`` processes at once."""
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(sign_many, [10] * workers))  # processes are up
        started = time.perf_counter()
        list(pool.map(sign_many, [RSA_COUNT] * workers))
        return RSA_COUNT * workers / (time.perf_counter() - started)


_key: rsa.RSAPrivateKey | None = None


def sign_many(count: int) -> None:
    global _key
    if _key is None:
        _key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for number in range(count):
        _key.sign(number.to_bytes(8), padding.PKCS1v15(), hashes.SHA256())


def note(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
