"""One spelling for what people write in many: mail addresses, phone numbers, words to compare."""

from __future__ import annotations

import re
import unicodedata

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[\d\s()/.\-–]+")
# From so many digits on it is no postcode any more.
SHORTEST_PHONE = 6


def mail(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def phone(text: str) -> str:
    """Digits only, as dialled within Germany: ``+49 (0)30 231`` is ``030231``, ``+43`` ``0043``.

    What has no digit stays as it is: somebody wrote “only by mail” there.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    international = re.sub(r"^\+", "00", plain)
    if international.startswith("00"):
        international = international.replace("(0)", "", 1)
    digits = re.sub(r"[^0-9]", "", international)
    return re.sub(r"^0049", "0", digits) or plain.casefold()


def one_spelling(text: str) -> str:
    """Two notes that differ in blanks only say the same.

    >>> one_spelling("  Preise \\n besprochen ")
    'Preise besprochen'
    """
    return " ".join(text.split())


def looks_like_mail(text: str) -> bool:
    return _MAIL.fullmatch(text.strip()) is not None


def looks_like_phone(text: str) -> bool:
    plain = text.strip()
    return _PHONE.fullmatch(plain) is not None and len(phone(plain)) >= SHORTEST_PHONE
