"""Which files may be attached, told by what is in them; and under which name they are kept.

Neither the name's ending nor what a browser says of a file is believed: each kind is known by its
first bytes, packed documents by what is packed in them, text by being text.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

LONGEST_NAME = 120
# What browsers and old programs would run as a page, however it is called.
_MARKUP = re.compile(
    rb"\s*(<!doctype|<\?xml|<html|<svg|<script|<head|<body|<iframe)", re.IGNORECASE
)
_HEADER = re.compile(rb"[!-9;-~]+:|[ \t]")
_MOST_HEADERS = 65_536
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/|Scripts/)", re.IGNORECASE)
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


class Active(ValueError):  # noqa: N818
    """It holds macros or scripts."""


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(starts)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_text(content: bytes) -> bool:
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise Active
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _is_written(content, "utf-16")
    return _is_written(content, "utf-8") or _is_written(content, "cp1252")


def _is_written(content: bytes, encoding: str) -> bool:
    """Words and line ends only: whatever steers a machine is no text."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)


def _is_mail(content: bytes) -> bool:
    """A block of headers with a sender and one of what every mail has besides."""
    block = content[:_MOST_HEADERS].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = block.split(b"\n")
    if not all(_HEADER.match(line) for line in lines):
        return False
    names = {line.partition(b":")[0].lower() for line in lines}
    return b"from" in names and bool(names & {b"date", b"message-id", b"received", b"subject"})


def _packed(*needed: str) -> Callable[[bytes], bool]:
    """A document of Office Open XML, by parts that only this kind has."""

    def is_one(content: bytes) -> bool:
        names = _names(content)
        return "[Content_Types].xml" in names and all(
            any(name.startswith(part) for name in names) for part in needed
        )

    return is_one


def _open_document(kind: str) -> Callable[[bytes], bool]:
    """One of OpenDocument says in its first, unpacked part what it is."""
    told = f"mimetypeapplication/vnd.oasis.opendocument.{kind}PK".encode()

    def is_one(content: bytes) -> bool:
        return told in content[:256] and "content.xml" in _names(content)

    return is_one


def _names(content: bytes) -> list[str]:
    """What is packed in it, without unpacking any of it.

    Raises
    ------
    Active
        Macros are.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return []
    if any(_MACROS.search(name) for name in names):
        raise Active
    return names


Known = Callable[[bytes], bool]
_OPENXML = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"
# Ending, what it is sent as, how it is known.
KINDS: dict[str, tuple[str, Known]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "webp": ("image/webp", _is_webp),
    "txt": ("text/plain", _is_text),
    "csv": ("text/csv", _is_text),
    "eml": ("message/rfc822", _is_mail),
    "docx": (f"{_OPENXML}.wordprocessingml.document", _packed("word/")),
    "xlsx": (f"{_OPENXML}.spreadsheetml.sheet", _packed("xl/")),
    "pptx": (f"{_OPENXML}.presentationml.presentation", _packed("ppt/")),
    "odt": (f"{_OASIS}.text", _open_document("text")),
    "ods": (f"{_OASIS}.spreadsheet", _open_document("spreadsheet")),
    "odp": (f"{_OASIS}.presentation", _open_document("presentation")),
}


def ending(name: str) -> str:
    """
    >>> ending("Vertrag.PDF"), ending("Vertrag")
    ('pdf', '')
    """
    return PurePosixPath(name).suffix.removeprefix(".").lower()


def is_what_it_says(name: str, content: bytes) -> bool:
    """Whether the content is of the kind that the name's ending (one of `KINDS`) says.

    Raises
    ------
    Active
        It holds macros or scripts.
    """
    return KINDS[ending(name)][1](content)


def sent_as(name: str) -> str:
    """The content type of a kept file; what is of no kind goes as bytes."""
    kind = KINDS.get(ending(name))
    return kind[0] if kind else "application/octet-stream"


def safe_name(told: str) -> str:
    r"""A name that leads to no folder, turns no letters around and breaks no line.

    >>> safe_name("..\\..\\etc/Vertrag.pdf"), safe_name("a.\u202egnp.pdf"), safe_name("a\r\nb.pdf")
    ('Vertrag.pdf', 'a.gnp.pdf', 'ab.pdf')
    >>> safe_name("  .pdf"), safe_name("CON.txt"), safe_name("a:b?.pdf")
    ('pdf', '_CON.txt', 'a_b_.pdf')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]
    # Cc, Cf, Cs, Co, Cn: what steers, turns around or is nothing; Zl, Zp: ends of lines.
    shown = "".join(
        c for c in last if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029"
    )
    name = " ".join(re.sub(r'[<>:"|?*]', "_", shown).split()).strip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    suffix = PurePosixPath(name).suffix[:12]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(suffix)] + suffix
