"""A private PostgreSQL for one test run: own folder, own port, gone when the run ends.

``python -m tests.postgres -- COMMAND…`` starts it, sets ``CMIS_DATABASE_URL``, runs the command
and gives back its exit code. As a library: ``with cluster() as url: …``.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "cmis"
DATABASE = "cmis"
START_SECONDS = 60
#: A test cluster may forget everything at a crash; it is thrown away anyway.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class NoPostgres(RuntimeError):
    """PostgreSQL's server programs are not on this machine, or do not start."""


def binaries() -> Path | None:
    """The folder of the newest ``initdb``, or nothing when PostgreSQL is not installed."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as. initdb refuses root, so root borrows another name."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("running as root, and there is no user postgres or nobody to run it as")


def _die_with_parent() -> Callable[[], None]:
    """A hook for the child: the kernel stops the server when this process is killed."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def hook() -> None:
        if prctl is not None:
            prctl(_DIE_WITH_PARENT, signal.SIGINT)

    return hook


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as_owner(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _run(command: list[str], folder: Path, owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **_as_owner(owner),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise NoPostgres(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


def _ready(programs: Path, port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    command = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


@contextmanager
def cluster(*, durable: bool = False, options: dict[str, str] | None = None) -> Iterator[str]:
    """Start a cluster, give its ``postgresql://`` address, stop and remove it.

    Args:
        durable: keep fsync and friends on, as production has them (for measurements).
        options: further server settings.

    Raises:
        NoPostgres: PostgreSQL is not installed or does not start.
    """
    programs = binaries()
    if programs is None:
        raise NoPostgres("PostgreSQL is not installed")
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="cmis-pg-"))
    try:
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", ROLE, "--auth=trust"]
        _run([*initdb, "--encoding=UTF8", "--locale=C", "--no-sync"], folder, owner)
        port = _free_port()
        chosen = {
            "port": str(port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(folder),
            "timezone": "UTC",
            "max_connections": "60",
        }
        chosen |= ({} if durable else FORGETFUL) | (options or {})
        command = [str(programs / "postgres"), "-D", str(data)]
        for name, value in chosen.items():
            command += ["-c", f"{name}={value}"]
        with _server(command, folder, owner) as server:
            _ready(programs, port, server, folder / "log")
            createdb = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port)]
            _run([*createdb, "-U", ROLE, DATABASE], folder, owner)
            yield f"postgresql://{ROLE}@127.0.0.1:{port}/{DATABASE}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(
    command: list[str], folder: Path, owner: pwd.struct_passwd | None
) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent(),
            **_as_owner(owner),  # type: ignore[call-overload]
        )
    try:
        yield server
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: disconnects everybody
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)


def main(arguments: list[str]) -> int:
    """Run a command with ``CMIS_DATABASE_URL`` set to a private cluster."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.postgres -- COMMAND…", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster() as url:
            environment = os.environ | {"CMIS_DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
    except NoPostgres as problem:
        print(f"tests.postgres: {problem}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
