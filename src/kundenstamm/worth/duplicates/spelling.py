"""One spelling for what companies are called and where they sit, to compare it.

Umlauts are folded as the search folds them (``ä``, ``ae`` and ``a`` are one), legal forms and words
that say nothing ("Firma") go, the order of the words does not count.
"""

from __future__ import annotations

import re
import unicodedata

_PLAIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d"})
# As they stand once dots and spaces between single letters are gone.
_FORMS = re.compile(
    r"\b(gmbh|mbh|ag|kg|kgaa|ohg|ek|ekfm|ekfr|gbr|ug|se|ev|eg|partg|haftungsbeschrankt|co|cie|ltd"
    r"|limited|inc|llc|sarl|sa|srl|spa|bv|nv|kft|sro|aps|oy|ab|as|plc|inh|inhaber|inhaberin)\b"
)
_NOISE = re.compile(r"\b(fa|firma|herr|frau|und|u|the|der|die|das)\b")
_SINGLE = re.compile(r"\b(?:[a-z]\b[.\s]*){2,}")
_STREET = re.compile(r"(strasse|str\b\.?)")
_HOUSE = re.compile(r"\d+\s*[a-z]?(?=\W|$)")
# Mail addresses there are anybody's: they say nothing about a company.
ANYBODYS = frozenset({
    "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de",
    "t-online.de", "freenet.de", "arcor.de", "outlook.com", "outlook.de", "hotmail.com",
    "hotmail.de", "live.de", "yahoo.com", "yahoo.de", "icloud.com", "me.com", "aol.com",
    "mail.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com", "online.de",
    "1und1.de",
})  # fmt: skip


def folded(text: str) -> str:
    """Small letters without accents; umlauts in all three ways of writing become one.

    >>> folded("Müller Großhandel") == folded("MUELLER Grosshandel")
    True
    """
    small = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    plain = "".join(sign for sign in small if not unicodedata.combining(sign))
    return plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def words(name: str) -> list[str]:
    """What tells a company from others, in alphabetical order; all its words if nothing does.

    >>> words("Fa. Müller & Söhne G.m.b.H. & Co. KG")
    ['muller', 'sohne']
    >>> words("KG")
    ['kg']
    """
    plain = folded(name)
    joined = _SINGLE.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", plain)
    bare = _NOISE.sub(" ", _FORMS.sub(" ", re.sub(r"[^a-z0-9]+", " ", joined)))
    return sorted(bare.split()) or sorted(re.findall(r"[a-z0-9]+", plain))


def core(name: str) -> str:
    """The words of a name as one text.

    >>> core("Sanitär Ahornberg e. K.") == core("Ahornberg Sanitär GmbH")
    True
    """
    return " ".join(words(name))


def street(text: str) -> str:
    """A street with its number, whichever way "Straße" is written.

    >>> street("Lange Straße 12 a"), street("LANGE-STR. 12A")
    ('langestr 12a', 'langestr 12a')
    """
    plain = _STREET.sub("str", folded(text))
    house = _HOUSE.search(plain)
    name = re.sub(r"[^a-z]", "", plain[: house.start()] if house else plain)
    return f"{name} {re.sub(r'[^0-9a-z]', '', house[0])}" if house else name


def postcode(text: str) -> str:
    """Digits and letters only: ``D-10115`` and ``10115`` are one.

    >>> postcode(" D-10115 ")
    '10115'
    """
    plain = re.sub(r"[^0-9a-z]", "", folded(text))
    return re.sub(r"^[a-z]{1,2}(?=\d{4,5}$)", "", plain)


def vat_id(text: str) -> str:
    """A VAT id without blanks and dots, capital letters.

    >>> vat_id("de 123.456 789")
    'DE123456789'
    """
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def domain(mail: str) -> str:
    """Where a mail address is at; empty for what is anybody's, as gmx.de.

    >>> domain("info@Ahornberg.example"), domain("ahornberg@gmx.de")
    ('ahornberg.example', '')
    """
    found = mail.strip().casefold().rpartition("@")[2]
    return "" if found in ANYBODYS or "." not in found else found


_SOUNDS = {
    **dict.fromkeys("aeiouy", "0"), **dict.fromkeys("bp", "1"), **dict.fromkeys("dt", "2"),
    **dict.fromkeys("fvw", "3"), **dict.fromkeys("gkqc", "4"), "l": "5", **dict.fromkeys("mn", "6"),
    "r": "7", **dict.fromkeys("szx", "8"), "j": "0", "h": "",
}  # fmt: skip


def sound(text: str) -> str:
    """How a name sounds in German, coarsely: after Postel's Kölner Phonetik (1969).

    Leaner than the original: letters are grouped one by one, without regard to their neighbours.

    >>> sound("meier") == sound("mayr")
    True
    """
    coded = "".join(_SOUNDS.get(sign, "") for sign in text.replace("ph", "f").replace("ck", "k"))
    once = re.sub(r"(.)\1+", r"\1", coded)
    return once[:1] + once[1:].replace("0", "")
