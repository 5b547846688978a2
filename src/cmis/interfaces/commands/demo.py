"""``cmis demo``: a demo utility from nothing, then the web pages."""

import argparse
import os
import threading
import webbrowser
from pathlib import Path

BOOKS = Path(__file__).parent / "demo_books"
OUTBOUND = (
    "PX0100101-2026-7-1.xml",
    "PX0100102-2026-7-1.xml",
    "PX01004GI-2026-6-3.xml",
)
RETURNED = ("PX0100102-2026-7-1.returned.xml",)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("demo", help="dựng và mở bản trình diễn / build and open a demo")
    parser.add_argument("--customers", type=int, default=2_000)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-serve", action="store_true", help="không mở web / do not serve")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from cmis.interfaces.commands.night import TerminalProgress
    from cmis.interfaces.commands.serve import run_server
    from cmis.journeys.night_report import summary_text
    from cmis.journeys.set_up_a_demo import is_set_up, set_up_a_demo

    notes = settings.CMIS_HOME / "demo-logins.txt"
    if not is_set_up():
        with TerminalProgress() as progress:
            demo = set_up_a_demo(
                sample_books=[BOOKS / name for name in OUTBOUND],
                returned_samples=[BOOKS / name for name in RETURNED],
                customers=arguments.customers,
                work_folder=settings.CMIS_HOME,
                workers=settings.CMIS_WORKERS,
                say=lambda text: print(f"• {text}", flush=True),
                progress=progress,
            )
        for summary in demo.night_texts:
            print("\n" + summary_text(summary))
        notes.touch(mode=0o600)
        notes.write_text(_log_ins(demo, arguments.port), encoding="utf-8")
    if notes.exists():
        print(notes.read_text(encoding="utf-8"))
    if arguments.no_serve:
        return 0
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        url = f"http://127.0.0.1:{arguments.port}/console/"
        threading.Timer(1.5, webbrowser.open, [url]).start()
    run_server(host="127.0.0.1", port=arguments.port)
    return 0


def _log_ins(demo: "Demo", port: int) -> str:  # noqa: F821 - imported late
    lines = [
        f"Bàn làm việc / console: http://127.0.0.1:{port}/console/",
        *(f"   {name:<14} {password}" for name, password in demo.passwords.items()),
        f"Cổng khách hàng / customer portal: http://127.0.0.1:{port}/",
        "   mã khách hàng / customer codes: " + ", ".join(demo.customer_codes),
        "   mã đăng nhập nằm trong / the one-time code arrives in: CMIS_HOME/outbox/",
    ]
    return "\n".join(lines) + "\n"
