"""What customers said of us: the net promoter score over those one knows, and who answered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from kundenstamm.care.models import Survey
from kundenstamm.guard.models import User
from kundenstamm.worth.promoters import Score, score

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Part:
    """Answers that have something in common, and their score."""

    of: str
    score: Score


@dataclass(frozen=True)
class Satisfaction:
    """Of twelve months: each customer's last answer counts once. ``answers``: the latest first."""

    asked: int
    answered: int
    score: Score
    answers: list[Survey]

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None


def satisfaction(actor: User, at: datetime) -> Satisfaction:
    """Over customers that the actor knows; a link revoked unanswered asked nobody.

    How a complaint was handled is another question and does not count.
    """
    asked = Survey.objects.visible_to(actor).filter(asked_at__gt=at - YEAR, complaint=None)
    counted = asked.exclude(revoked_at__isnull=False, answered_at__isnull=True)
    found = list(counted.select_related("customer").order_by("-answered_at", "-pk"))
    answers = [each for each in found if each.answered_at]
    last = last_of_each(answers)
    return Satisfaction(len(found), len(answers), score(map(given, last)), last)


def last_of_each(answers: Iterable[Survey]) -> list[Survey]:
    """Of answers, the latest first, the first of each customer."""
    found: dict[int, Survey] = {}
    for each in answers:
        found.setdefault(each.customer_id, each)
    return list(found.values())


def given(answer: Survey) -> int:
    return answer.score or 0


def parts(answers: Iterable[Survey], key: Callable[[Survey], str]) -> list[Part]:
    """The score of each part, by what ``key`` calls it; in the order of their names."""
    grouped: dict[Hashable, list[Survey]] = {}
    for each in answers:
        grouped.setdefault(key(each), []).append(each)
    return [Part(str(of), score(map(given, own))) for of, own in sorted(grouped.items(), key=str)]


def month(answer: Survey) -> str:
    """``2026-11``."""
    at = answer.answered_at
    return timezone.localtime(at).strftime("%Y-%m") if at else ""
