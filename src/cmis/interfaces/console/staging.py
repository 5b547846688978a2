"""Uploaded files between their preview and the decision to take them.

A file lies under ``CMIS_HOME/uploads``, readable by nobody else, named by its content and by the
person who brought it; only the session that brought it knows its name. It goes away when it is
taken, and after a day.
"""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from cmis.interfaces.console.desk import Desk
from cmis.kernel.text import nfc

SESSION_KEY = "uploads"
KEPT_SECONDS = 24 * 3600
NAME_LENGTH = 200
#: Larger than any reading book; the reader of the format has tighter limits of its own.
LARGEST_BYTES = 64 * 1024 * 1024


def keep(request: HttpRequest, desk: Desk, *, name: str, data: bytes) -> str:
    """Put a file aside and give back its hash."""
    digest = sha256(data).hexdigest()
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder, desk)
    path = _path(digest, desk)
    path.touch(mode=0o600)
    path.write_bytes(data)
    shown = Path(nfc(name)).name[:NAME_LENGTH] or "book.xml"
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), digest: shown}
    return digest


def kept(request: HttpRequest, desk: Desk, digest: str) -> tuple[str, bytes] | None:
    """Name and bytes of a file this session put aside, or nothing."""
    name = request.session.get(SESSION_KEY, {}).get(digest)
    path = _path(digest, desk)
    return (name, path.read_bytes()) if name is not None and path.exists() else None


def drop(request: HttpRequest, desk: Desk, digest: str) -> None:
    names = {**request.session.get(SESSION_KEY, {})}
    names.pop(digest, None)
    request.session[SESSION_KEY] = names
    _path(digest, desk).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.CMIS_HOME) / "uploads"


def _path(digest: str, desk: Desk) -> Path:
    owner = sha256(desk.actor.username.encode()).hexdigest()[:16]
    return _folder() / f"{digest}.{owner}"


def _sweep(folder: Path, desk: Desk) -> None:
    for path in folder.iterdir():
        if desk.at.timestamp() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
