"""Secrets that are made once and kept in a file, not in the repository."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def kept_secret(path: Path) -> str:
    """Return the secret in this file; make it first if there is none.

    Web server and cluster may start at once: the link is made whole or not at all.
    """
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            with suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text(encoding="ascii").strip()
