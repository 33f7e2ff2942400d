"""Complaints as pages show them: rows with the next deadline, and the customer's card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from kundenstamm.care.models import Complaint

SHOWN = 5


@dataclass(frozen=True)
class Row:
    """A complaint as a list shows it; ``due``: until when it is answered, or else solved."""

    of: Complaint
    due: datetime
    late: bool

    @property
    def answered(self) -> bool:
        return self.of.answered_at is not None


def rows(found: Iterable[Complaint], now: datetime) -> list[Row]:
    return [row_of(each, now) for each in found]


def row_of(complaint: Complaint, now: datetime) -> Row:
    due = complaint.solve_due if complaint.answered_at else complaint.answer_due
    return Row(complaint, due, late=not complaint.solved and due < now)


def complaints_card(found: Sequence[Complaint]) -> dict[str, Any]:
    """The open ones of a customer's, and the last that were solved."""
    now = timezone.now()
    still_open = [each for each in found if not each.solved]
    solved = sorted(
        (each for each in found if each.solved), key=lambda each: each.opened_at, reverse=True
    )
    return {"rows": rows(still_open, now), "solved": rows(solved[:SHOWN], now)}
