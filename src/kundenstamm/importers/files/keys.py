"""A key ring that is missing or does not fit, told as a refusal of the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kundenstamm.guard.keys import KeysRefused
from kundenstamm.importers.files.refused import FileRefused
from kundenstamm.kit.words import gettext_noop

UNSEALED = gettext_noop(
    "Contacts cannot be encrypted, for the key is missing or damaged; nothing was loaded."
)
MEND_RING = gettext_noop("`kundenstamm keys show` says what to do. Then load the file again.")


@contextmanager
def keys_needed(path: Path) -> Iterator[None]:
    """What cannot be sealed within is refused; the caller's transaction undoes it.

    Raises
    ------
    FileRefused
        The ring is missing or cannot be read.
    """
    try:
        yield
    except KeysRefused as refused:
        raise FileRefused(path, UNSEALED, MEND_RING) from refused
