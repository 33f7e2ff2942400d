"""How a file is written: what was guessed, shown to the person, and may be overridden."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Format = Literal["csv", "xlsx", "parquet"]

SEPARATORS = (";", ",", "\t", "|")
SAMPLE_BYTES = 256 * 1024
PREAMBLE_LINES = 30

# The first bytes tell a file's format more truly than its name.
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xlsx"),
    (b"PAR1", "parquet"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Dialect:
    """How to read a file. ``header_row`` counts from 1; ``decimal`` and ``date_order`` are found
    from the columns' contents later, where None stands here.

    ``date_order`` is one of ``dmy``, ``mdy``, ``ymd``.
    """

    format: Format
    encoding: str = ""
    separator: str = ""
    header_row: int = 1
    sheet: str = ""
    decimal: str | None = None
    date_order: str | None = None

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def overridden(self, choices: Mapping[str, Any]) -> Dialect:
        """With what the person chose instead; unknown names are an error of the caller."""
        return replace(self, **{name: value for name, value in choices.items() if value})


def guess(head: bytes) -> Dialect:
    """The dialect of a file from its first bytes."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return Dialect(kind)
    encoding = guess_encoding(head)
    lines = _whole_lines(head, encoding)
    separator = guess_separator(lines)
    return Dialect(
        "csv",
        encoding=encoding,
        separator=separator,
        header_row=guess_header_row(_rows(lines, separator)),
    )


def guess_encoding(head: bytes) -> str:
    """UTF-8 where it is valid, a byte-order mark where there is one, else CP1252 or CP850.

    CP850 is what older German systems write. CP1252 leaves five bytes undefined; a file with one
    of them that is not CP850 either is read as Latin-1, so that no byte is lost.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head[1:200:2].count(0) > len(head[1:200:2]) // 2:
        return "utf-16-le"
    if head[0:200:2].count(0) > len(head[0:200:2]) // 2:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head, final=False)
    except UnicodeDecodeError:
        return _single_byte(head)
    return "utf-8"


def _single_byte(head: bytes) -> str:
    found = set(head)
    if found & _CP850_UMLAUTS and not found & _CP1252_UMLAUTS:
        return "cp850"
    return "latin-1" if found & _CP1252_GAPS else "cp1252"


# ä ö ü Ä Ö Ü in either; ß is 0xDF in one and 0xE1 in the other, where it would be an á.
_CP850_UMLAUTS = {0x84, 0x94, 0x81, 0x8E, 0x99, 0x9A}
_CP1252_UMLAUTS = {0xE4, 0xF6, 0xFC, 0xC4, 0xD6, 0xDC, 0xDF}
_CP1252_GAPS = {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def guess_separator(lines: list[str]) -> str:
    """The sign that splits most lines into the same number (at least two) of fields."""

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in _rows(lines, separator) if len(row) > 1)
        if not counts:
            return (0, 0)
        fields, same = counts.most_common(1)[0]
        return (same, fields)

    return max(SEPARATORS, key=agreement)


def guess_header_row(rows: list[list[str]]) -> int:
    """The first row that fills at least half of the table's columns, most of them with words.

    Titles above a table fill one field, periods and print dates are no words.
    """
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width = widths.most_common(1)[0][0] if widths else 1
    for number, row in enumerate(rows[:PREAMBLE_LINES], start=1):
        filled = [field for field in row if field.strip()]
        words = [field for field in filled if not _NUMBER_OR_DATE.match(field)]
        wide = len(row) >= width and len(filled) >= max(min(width, 2), (width + 1) // 2)
        if wide and 2 * len(words) > len(filled):
            return number
    return 1


_NUMBER_OR_DATE = re.compile(r"^[\d\s.,:/€$£%+-]+$")


def _whole_lines(head: bytes, encoding: str) -> list[str]:
    text = head.decode(encoding, errors="replace")
    lines = text.splitlines()
    return lines[:-1] if len(lines) > 1 and len(head) >= SAMPLE_BYTES else lines


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines[:400], delimiter=separator))
    except csv.Error:
        return [line.split(separator) for line in lines[:400]]
