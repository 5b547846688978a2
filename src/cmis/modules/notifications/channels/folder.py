"""Messages as files: what a new installation and the demo use instead of a server."""

import hashlib
from pathlib import Path

from cmis.modules.notifications.channels import Letter, Reply
from cmis.modules.notifications.operations import Outcome


class FolderChannel:
    """One text file a message; a repetition overwrites the file of its key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def send(self, letter: Letter) -> Reply:
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:16]
        path = self._folder / f"{name}.txt"
        path.write_text(
            f"To: {letter.to}\nSubject: {letter.subject}\n\n{letter.text}\n", encoding="utf-8"
        )
        return Reply(Outcome.ACCEPTED, "file")

    def close(self) -> None:
        return
