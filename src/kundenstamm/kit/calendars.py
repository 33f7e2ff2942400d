"""Calendars that other programs fetch: the few lines of RFC 5545 that whole days need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# RFC 5545, 3.1: without the line's end.
LONGEST_LINE = 75
END = "\r\n"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WholeDay:
    """Something on one day. ``uid`` stays when the rest changes, so that it is not there twice."""

    uid: str
    day: date
    title: str
    link: str
    changed: datetime


def calendar(name: str, days: Iterable[WholeDay]) -> str:
    """A calendar of whole days, as text."""
    head = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kundenstamm//Tasks//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}",
    ]  # fmt: skip
    lines = [*head, *(line for each in days for line in _lines(each)), "END:VCALENDAR"]
    return "".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    r"""A text as a value: what separates values or lines is marked.

    >>> print(escaped("Müller; Söhne, GmbH"))
    Müller\; Söhne\, GmbH
    """
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    one_end = marked.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in one_end if letter >= " " and letter != "\x7f")


def folded(line: str) -> str:
    """A line with its end, broken so that no part is longer than 75 bytes; no letter is split."""
    parts, part, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += width
    return END.join([*parts, part]) + END


def _lines(each: WholeDay) -> Iterator[str]:
    """One day lasts until the next begins; it makes nobody busy."""
    yield "BEGIN:VEVENT"
    yield f"UID:{each.uid}"
    yield f"DTSTAMP:{each.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{each.day + A_DAY:%Y%m%d}"
    yield f"SUMMARY:{escaped(each.title)}"
    yield f"URL:{each.link}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
