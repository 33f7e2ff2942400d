"""Sealed text: encrypted for one place, so that it opens nowhere else; and its blind index.

A sealed value reads ``k1.…``: the key's name, then nonce, cipher text and tag (AES-GCM). The place
(table, column, the row's own random key) is authenticated with it. The blind index is the same for
the same text, so that it can be looked for, and tells nothing to who lacks the key.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag

from kundenstamm.guard.keys import Key, KeysRefused, Ring, ring

NONCE, INDEX = 12, 16


class NotOpened(KeysRefused):
    """The value does not open; the message names the mend."""


class Place(NamedTuple):
    """Where a sealed value belongs."""

    table: str
    column: str
    row: UUID | str

    @property
    def associated(self) -> bytes:
        return f"{self.table}\0{self.column}\0{self.row}".encode()


def seal(text: str, place: Place, key: Key | None = None) -> str:
    """Encrypt for this place only, with the current key. Who seals many asks for it once."""
    key, nonce = key or ring().current, secrets.token_bytes(NONCE)
    # What is not valid Unicode can stand in a file and must come back as it was.
    raw = text.encode("utf-8", "surrogatepass")
    return f"{key.name}.{_written(nonce + key.cipher.encrypt(nonce, raw, place.associated))}"


def opened(sealed: str, place: Place, keys: Ring | None = None) -> str:
    """What was sealed for this place.

    Raises
    ------
    NotOpened
        Its key is missing; or it has been changed, or comes from another place.
    """
    name, _dot, rest = sealed.partition(".")
    key = (keys or ring()).keys.get(name)
    if key is None:
        raise NotOpened(
            f"{place.table}.{place.column} is sealed with {name[:12]!r}, and the key ring has no "
            "such key. Bring back the ring that belongs to this database."
        )
    try:
        raw = _read(rest)
        text = key.cipher.decrypt(raw[:NONCE], raw[NONCE:], place.associated)
    except (InvalidTag, ValueError):
        raise NotOpened(
            f"{place.table}.{place.column} of {place.row} does not open: it has been changed "
            "outside Kundenstamm, or comes from another row. Bring it back from a backup, or "
            "import it anew."
        ) from None
    return text.decode("utf-8", "surrogatepass")


def blind_index(normal: str, table: str, column: str, key: Key | None = None) -> str:
    """What equal texts have in common; under the current key, or the one that is named."""
    key = key or ring().current
    said = f"{table}\0{column}\0{normal}".encode("utf-8", "surrogatepass")
    return f"{key.name}.{_written(hmac.digest(key.indexing, said, 'sha256')[:INDEX])}"


def blind_indexes(normal: str, table: str, column: str, keys: Ring | None = None) -> list[str]:
    """What to look for: the same text may have been sealed with any key of the ring."""
    return [blind_index(normal, table, column, key) for key in (keys or ring()).keys.values()]


def key_name(sealed: str) -> str:
    return sealed.partition(".")[0]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Strict: each value has one spelling only."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not readable") from None
    if _written(raw) != text:
        raise ValueError("not readable")
    return raw
