"""How long customers wait, and what complaints come from and cost, over those one knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from django.utils import timezone

from kundenstamm.care.complaint_queries import complaints
from kundenstamm.guard.models import User
from kundenstamm.kit.quarters import Quarter

# This quarter, and a year before it.
QUARTERS = 5
HALF, MOST = 0.5, 0.9


class Told(NamedTuple):
    """What the figures need of one complaint."""

    opened_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None
    cause: str
    cost: Decimal | None


@dataclass(frozen=True)
class Wait:
    """Of so many: half waited no longer than ``half``, nine of ten no longer than ``most``."""

    number: int
    half: timedelta | None
    most: timedelta | None


@dataclass(frozen=True)
class Sum:
    """Complaints of a quarter or a cause. Waits are of those that were answered and solved."""

    of: str
    number: int
    still_open: int
    answer: Wait
    solution: Wait
    cost: Decimal


def figures(actor: User, today: date) -> tuple[list[Sum], list[Sum]]:
    """By quarter, the latest first; and by cause, the dearest first, of the same quarters."""
    quarters = [Quarter.of(today).earlier(n) for n in range(QUARTERS)]
    since = timezone.make_aware(datetime.combine(quarters[-1].first, time()))
    found = complaints(actor).filter(opened_at__gte=since)
    told = [Told(*row) for row in found.values_list(*Told._fields)]
    by_quarter = [summed(str(each), [t for t in told if _quarter(t) == each]) for each in quarters]
    causes = sorted({each.cause for each in told})
    by_cause = [summed(each, [t for t in told if t.cause == each]) for each in causes]
    return by_quarter, sorted(by_cause, key=lambda each: (-each.cost, -each.number, each.of))


def summed(of: str, told: Sequence[Told]) -> Sum:
    answers = [t.answered_at - t.opened_at for t in told if t.answered_at]
    solutions = [t.solved_at - t.opened_at for t in told if t.solved_at]
    return Sum(
        of=of,
        number=len(told),
        still_open=len(told) - len(solutions),
        answer=wait(answers),
        solution=wait(solutions),
        cost=sum((t.cost or Decimal(0) for t in told), Decimal(0)),
    )


def wait(spans: Sequence[timedelta]) -> Wait:
    return Wait(len(spans), quantile(spans, HALF), quantile(spans, MOST))


def quantile(spans: Sequence[timedelta], share: float) -> timedelta | None:
    """That share of them is no longer; between two of them it lies in proportion.

    >>> hours = [timedelta(hours=n) for n in (1, 2, 3, 10)]
    >>> str(quantile(hours, 0.5)), str(quantile(hours, 0.9)), quantile([], 0.5)
    ('2:30:00', '7:54:00', None)
    """
    if not spans:
        return None
    seconds = [each.total_seconds() for each in spans]
    return timedelta(seconds=float(np.quantile(seconds, share)))


def _quarter(told: Told) -> Quarter:
    return Quarter.of(timezone.localtime(told.opened_at).date())
