"""What waits for somebody, as numbers: asked on every page, so in one statement."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kundenstamm.care.complaint_queries import complaints
from kundenstamm.care.mentioning import unseen
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of


class Waiting(NamedTuple):
    """Notes that speak to the actor and were not seen; open complaints that were escalated."""

    mentions: int = 0
    escalated: int = 0


def waiting(actor: User) -> Waiting:
    if reach_of(actor) is Reach.NONE:
        return Waiting()
    escalated = complaints(actor).filter(solved_at=None, escalated_at__isnull=False)
    counts = {"mentions": _number(unseen(actor)), "escalated": _number(escalated)}
    found = User.objects.filter(pk=actor.pk).values_list(*counts.values()).first()
    return Waiting(*found) if found else Waiting()


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.select_related(None).order_by().values(all=Value(1))
    number = counted.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
