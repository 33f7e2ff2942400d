"""Sealed files: each has a key of its own, and only that one is sealed with the ring.

So a rotation seals a few bytes anew however large the file is, and a file whose key is gone is
gone. The place (table, column, the row's own random key) is authenticated, as with sealed text.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kundenstamm.guard.keys import BYTES
from kundenstamm.guard.sealed import NONCE, NotOpened, Place


def fresh_key() -> str:
    """A key for one file, as text that is itself sealed."""
    return base64.b64encode(secrets.token_bytes(BYTES)).decode()


def seal_file(content: bytes, place: Place, key: str) -> bytes:
    """Encrypt for this place only: nonce, cipher text and tag (AES-GCM)."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(base64.b64decode(key)).encrypt(nonce, content, place.associated)


def opened_file(sealed: bytes, place: Place, key: str) -> bytes:
    """What was sealed for this place.

    Raises
    ------
    NotOpened
        It has been changed, or comes from another place.
    """
    try:
        cipher = AESGCM(base64.b64decode(key))
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place.associated)
    except (InvalidTag, ValueError):
        raise NotOpened(
            f"{place.table}.{place.column} of {place.row} does not open: it has been changed "
            "outside Kundenstamm, or comes from another row. Bring it back from a backup."
        ) from None
