"""What whoever holds a survey's link can do: see the question, and answer it.

Nobody is signed in: both go through functions of the database that take the link's digest and
reach this one survey. Before the digest is looked for nothing is told, and after it nothing of the
customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kundenstamm.care.models import Survey
from kundenstamm.guard.people import hashed
from kundenstamm.guard.sealed_fields import sealed_columns

# So long an answer may be corrected by the same link.
CORRECTABLE = timedelta(days=14)
LONGEST = 2_000


@dataclass(frozen=True)
class Asked:
    """What the page of a link shows: a score that was given, no words that were written.

    ``handling``: asked is how a complaint was handled.
    """

    key: UUID
    language: str
    question: str
    score: int | None
    open_until: datetime
    handling: bool


@dataclass(frozen=True)
class Answer:
    """0 to 10, the answer to the free question, a remark."""

    score: int
    said: str = ""
    remark: str = ""


def asked_by(token: str) -> Asked | None:
    """What a link asks; None if it is unknown, revoked or has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, language, question, score, open_until, handling"
            " FROM care_survey_behind(%s)",
            [hashed(token)],
        )
        row = cursor.fetchone()
    return Asked(*row) if row else None


def answer(token: str, given: Answer) -> bool:
    """Write the answer, or correct it; False if the link answers no more.

    Words that were written before are replaced, also by none.
    """
    asked = asked_by(token)
    if asked is None:
        return False
    said = sealed_columns(Survey, asked.key, "said", given.said.strip()[:LONGEST])
    remark = sealed_columns(Survey, asked.key, "remark", given.remark.strip()[:LONGEST])
    told: list[Any] = [hashed(token), given.score, *said.values(), *remark.values(), CORRECTABLE]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT care_survey_answer(%s, %s::smallint, %s, %s, %s, %s, %s::interval)", told
        )
        written: bool = cursor.fetchone()[0]
    return written
