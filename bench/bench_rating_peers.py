"""What others would use for the six-tier household bill, beside ours in one run: speed and whether
the đồng is right. The peers live in their own environment, made here (build/peers).

    PYTHONPATH=src:. python bench/bench_rating_peers.py [BILLS]
"""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from cmis.engine.partitions import CHUNK_BILLS
from cmis.rules.rating import columns_from_rows, price_tables, rate
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.schema import LadderPrice

HERE = Path(__file__).parent / "peers"
ROOM = Path(__file__).parents[1] / "build" / "peers"
#: Bills of the slow peers; they are timed on fewer.
FEWER = {"pysam_utilityrate5": 300}
PEERS = (
    "plain_loop", "voltengine", "openfisca_core", "openfisca_core_traced", "pysam_utilityrate5",
)  # fmt: skip


def environment() -> Path:
    """The peers' interpreter; packages that cannot be installed are reported by their peer."""
    python = ROOM / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ROOM)], check=True)
    for line in (HERE / "requirements.txt").read_text(encoding="utf-8").split():
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", line]
        if subprocess.run(pip, check=False, capture_output=True).returncode:
            print(f"peer_not_installed: {line}")
    return python


def ours(bills: int) -> dict[str, object]:
    """The cases of all, with the totals of this project, whose speed is printed first."""
    law = load_law()
    # one bill in a thousand is large: there the floats of others leave the đồng
    rng = np.random.default_rng(7)
    kwh = rng.gamma(2.0, 110.0, bills).astype(np.int64)
    kwh[::1000] *= 100
    item = price_tables(law).item_id("SH")
    totals: list[int] = []
    began = perf_counter()
    for first in range(0, bills, CHUNK_BILLS):
        some = kwh[first : first + CHUNK_BILLS]
        start = np.full(len(some), "2026-05-14", "datetime64[D]")
        columns = columns_from_rows(
            law,
            period_start=start,
            period_end=start + 31,
            term_bill=np.arange(len(some)),
            term_register=np.zeros(len(some), np.int64),
            term_item=np.full(len(some), item),
            term_kwh=some,
        )
        totals += rate(columns, law).bills.total_vnd.tolist()
    print(f"peer_cmis_bills_per_s: {bills / (perf_counter() - began):.0f}")
    print("peer_cmis_note: with every line, from dates to VAT; the others give totals only")
    form = law.decision("1279").items["SH"].form
    assert isinstance(form, LadderPrice)
    return {
        "tiers": list(zip(form.norms_kwh, form.prices_vnd_per_kwh, strict=True)),
        "vat_percent": 8,
        "kwh": kwh.tolist(),
        "total": totals,
    }


def main(bills: int) -> None:
    python = environment()
    path = ROOM / "cases.json"
    path.write_text(json.dumps(ours(bills)), encoding="utf-8")
    for peer in PEERS:
        count = min(bills, FEWER.get(peer, bills))
        command = [str(python), str(HERE / "adapters.py"), peer, str(count), str(path)]
        ran = subprocess.run(command, check=False, capture_output=True, text=True)
        if ran.returncode:
            print(f"peer_{peer}_failed: {ran.stderr.strip().splitlines()[-1]}")
            continue
        found = json.loads(ran.stdout.splitlines()[-1])
        print(f"peer_{peer}_bills_per_s: {found['bills'] / found['seconds']:.0f}")
        print(f"peer_{peer}_wrong: {found['wrong']} of {found['bills']}")
        if found["wrong"]:
            print(f"peer_{peer}_largest_error_vnd: {found['largest_error_vnd']:.0f}")
        if found["why"]:
            print(f"peer_{peer}_note: {found['why']}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
