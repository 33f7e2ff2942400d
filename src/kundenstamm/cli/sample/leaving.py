"""Somebody of the cast may leave: a fear that only the owner knows, with hand-overs prepared."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kundenstamm.departures.actions import fear
from kundenstamm.departures.models import Departure
from kundenstamm.departures.planning import propose
from kundenstamm.guard.models import User

BERND = "bernd@example.com"
WHY = "Fragt nach einem Zeugnis und hat drei Urlaubstage einzeln genommen."


@transaction.atomic
def fear_for_bernd(*, actor: User, at: datetime) -> None:
    """Note it once; nothing is announced, and no task comes of it."""
    bernd = User.objects.filter(email=BERND, is_active=True).first()
    if bernd is None or Departure.objects.exists():
        return
    propose(fear(bernd, WHY, actor=actor, at=at), actor=actor, at=at)
