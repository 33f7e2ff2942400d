"""What each kind of interaction is: who spoke, whether both did, whether it takes time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kundenstamm.guard import normalising

# Whoever was there, needed help or complained, has spoken with us.
ALWAYS_REACHED = ("visit", "support", "complaint")
# One may call or write in vain: here it is asked.
MAY_REACH = ("call", "mail")
# Written down by one person alone: nobody was reached, and no time is charged.
WRITTEN_DOWN = ("note", "rival")
# A day has no more.
MOST_MINUTES = Decimal(1440)
LONGEST_NOTE = 4_000
# What is to be done is one line, and so is why it was put off.
LONGEST_TASK = 300
# A scan of many pages, or a picture of a phone, in full; a quotation of a supplier with drawings is
# more, and belongs where drawings are kept. Files lie in the database, and each backup has them.
MOST_FILE_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
MOST_BYTES_TOGETHER = 25 * 1024 * 1024
# Of what is entered without a time of day, nobody knows it: the middle is wrong by the least.
NOON = time(12)


def is_reached(kind: str, said: bool | None) -> bool:
    """Whether it was an exchange in both directions, as far as the kind leaves that open.

    A call that nobody answered is none, and neither is a mail without an answer; a visit always is.

    >>> is_reached("visit", False), is_reached("call", False), is_reached("note", True)
    (True, False, False)
    """
    if kind in ALWAYS_REACHED:
        return True
    return kind in MAY_REACH and bool(said)


def has_direction(kind: str) -> bool:
    """Of calls and mails it is told who began."""
    return kind in MAY_REACH


def takes_time(kind: str) -> bool:
    return kind not in WRITTEN_DOWN


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of some names (folded) that stand in a text after an @, each once, longest first.

    A mail address is none, and a longer name is not its beginning.

    >>> names_in("@Anna Ahorn, bitte; kontakt@bernd.example", ["anna", "anna ahorn", "bernd"])
    ['anna ahorn']
    """
    choices = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    if not choices:
        return []
    found = re.findall(rf"(?<![\w.])@({choices})(?!\w)", normalising.one_spelling(text).casefold())
    return sorted(set(found), key=lambda name: (-len(name), name))


def moment_of(day: date, at_time: time | None, now: datetime) -> datetime:
    """A local day and time as a moment; without a time: now for today, noon for another day.

    ``now`` is a local moment, and the answer is one, too.
    """
    if at_time is None and day == now.date():
        return now
    return datetime.combine(day, at_time or NOON, now.tzinfo)


def week_ends(today: date) -> date:
    """The Sunday of a day's week.

    >>> week_ends(date(2026, 11, 28)), week_ends(date(2026, 11, 29))
    (datetime.date(2026, 11, 29), datetime.date(2026, 11, 29))
    """
    return today + timedelta(days=6 - today.weekday())


def when_due(due: date, today: date) -> str:
    """In which part of one's list a task stands: overdue, today, this week, later.

    >>> [when_due(date(2026, 11, day), date(2026, 11, 25)) for day in (24, 25, 29, 30)]
    ['overdue', 'today', 'week', 'later']
    """
    if due < today:
        return "overdue"
    if due == today:
        return "today"
    return "week" if due <= week_ends(today) else "later"
