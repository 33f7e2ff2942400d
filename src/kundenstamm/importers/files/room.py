"""A full disk, the server's or ours, told as a refusal of the file."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import OperationalError

from kundenstamm.importers.files.refused import FileRefused
from kundenstamm.kit.words import gettext_noop

FULL = gettext_noop("The disk is full, so nothing was loaded.")
MAKE_ROOM = gettext_noop("Make room, then load the file again.")


@contextmanager
def room_needed(path: Path) -> Iterator[None]:
    """What runs out of disk space within is refused; the caller's transaction undoes it.

    Raises
    ------
    FileRefused
        There was no room left.
    """
    try:
        yield
    except (OSError, OperationalError, psycopg.errors.DiskFull) as failed:
        if not _is_full(failed):
            raise
        raise FileRefused(path, FULL, MAKE_ROOM) from failed


def _is_full(failed: BaseException) -> bool:
    """Django wraps what the driver raises, except within ``COPY``."""
    told = {failed, failed.__cause__}
    return any(
        isinstance(each, psycopg.errors.DiskFull)
        or (isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT))
        for each in told
    )
