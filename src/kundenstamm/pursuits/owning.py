"""Pursuits go along with their customers: whoever serves one now pursues it.

A customer may be handed over in many ways, at once or from a day on; so it is looked at every few
minutes who may still pursue whom, instead of at every way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kundenstamm.customers.models import Assignment
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.pursuits.actions import give, may_own
from kundenstamm.pursuits.models import Pursuit


@transaction.atomic
def follow_customers(*, actor: User, at: datetime) -> int:
    """Give each open pursuit whose owner may no longer have it to who serves the customer; how
    many. Where nobody does who pursues, it stays as it is, and the board shows whose it was."""
    found = Pursuit.objects.open().select_related("owner", "customer").order_by("pk")
    given = 0
    for each in found.select_for_update(of=("self",)):
        if not may_own(each.owner, each.customer_id) and (to := _serving(each, at)) is not None:
            give(each, to, actor=actor, at=at)
            given += 1
    return given


def _serving(pursuit: Pursuit, at: datetime) -> User | None:
    """Who serves the customer on that day and may pursue it, the latest first."""
    day = local_day(at)
    found = Assignment.objects.filter(
        Q(ends=None) | Q(ends__gte=day), customer=pursuit.customer_id, starts__lte=day
    ).exclude(representative__user=None)
    related = found.select_related("representative__user").order_by("-starts", "-pk")
    people = (each.representative.user for each in related)
    return next((who for who in people if who and may_own(who, pursuit.customer_id)), None)
