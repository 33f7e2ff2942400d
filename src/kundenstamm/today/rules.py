"""How long an answer lets a customer rest, and when it can still be taken back."""

from __future__ import annotations

from datetime import date, timedelta

A_DAY = timedelta(days=1)
# One day's work on the list, minutes, if the person does not say otherwise.
USUAL_MINUTES, FEWEST_MINUTES, MOST_MINUTES = 180, 15, 720
# What was given to somebody comes back so many days after it was due, if nothing became of it.
GIVEN_RESTS = 7
LONGEST_REASON = 300
REACHED = ("reached", "promised", "ordered")


def done_until(outcome: str, day: date, least: int) -> date:
    """The first day on which the customer may stand on the list again.

    Whoever was spoken to is left alone for as long as nobody is called again; whoever was not
    reached is tried the next day.

    >>> day = date(2026, 11, 27)
    >>> done_until("not_reached", day, 14), done_until("ordered", day, 14)
    (datetime.date(2026, 11, 28), datetime.date(2026, 12, 11))
    """
    return day + (timedelta(days=least) if outcome in REACHED else A_DAY)


def given_until(due: date) -> date:
    return due + timedelta(days=GIVEN_RESTS)


def usual_way(cause: str) -> str:
    """How one speaks to a customer for a cause, as a kind of interaction."""
    return "visit" if cause in ("drift", "cover") else "call"
