"""Which questions of satisfaction one may know of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from kundenstamm.care.models import Survey
from kundenstamm.guard.models import User


def asked_of(actor: User, customers: Iterable[int]) -> QuerySet[Survey]:
    """All of some customers, by their ids, in no order."""
    return Survey.objects.visible_to(actor).filter(customer__in=list(customers))
