"""Where one installation keeps what is its own: database cluster, keys, uploads."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_data_dir

VARIABLE = "KUNDENSTAMM_HOME"


def home() -> Path:
    """The installation's folder, made on first use and readable by nobody else.

    ``KUNDENSTAMM_HOME`` names it; otherwise it is the platform's data folder. The folder itself
    may be crossed but not listed (0711), because PostgreSQL, which refuses to run as root, must
    reach its own sub-folder as another user; every secret inside is 0600 or 0700.
    """
    named = os.environ.get(VARIABLE)
    folder = Path(named).expanduser() if named else Path(user_data_dir("kundenstamm", False))
    folder = folder.absolute()
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    return folder


def private_folder(name: str) -> Path:
    """A sub-folder of the home that only its owner may enter."""
    folder = home() / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write ``text`` so that the file appears whole, and never with loose permissions."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Held by one process at a time; the kernel lets go of it with the process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
