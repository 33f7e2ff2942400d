"""A customer's name for those who may know that somebody was looked at, and not who it was.

The number behind it is enciphered as one block (AES, FIPS 197), so the same customer always has
the same pseudonym, it tells nothing, and leads back only with the installation's secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

SHOWN = 8


def pseudonym(customer: int) -> str:
    """26 letters and digits; the first eight are enough for people to tell customers apart."""
    encryptor = _cipher().encryptor()
    block = encryptor.update(customer.to_bytes(16)) + encryptor.finalize()
    return base64.b32encode(block).decode().rstrip("=").lower()


def behind(pseudonym: str) -> int | None:
    """The customer's id; None for what is no pseudonym of ours."""
    try:
        block = base64.b32decode(pseudonym.upper() + "======")
    except (binascii.Error, ValueError):
        return None
    if len(block) != 16:
        return None
    decryptor = _cipher().decryptor()
    found = int.from_bytes(decryptor.update(block) + decryptor.finalize())
    return found if found < 2**63 else None


def _cipher() -> Cipher[modes.ECB]:
    """One block each, and never the same number twice in one text: ECB hides what it should."""
    key = hashlib.sha256(b"pseudonyms" + settings.SECRET_KEY.encode()).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
