"""When? Each job calls one action."""

from __future__ import annotations

from datetime import date, datetime

from procrastinate.contrib.django import app

from kundenstamm.guard.jobs import job_for
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.actions import value_all


@app.task(queueing_lock="value")
def value(as_of: str, actor: int, at: str) -> None:
    """Value all customers; one such job waits at most, however often it is asked for."""
    person, moment = User.objects.get(pk=actor), datetime.fromisoformat(at)
    with job_for(person, at=moment):
        value_all(as_of=date.fromisoformat(as_of), actor=person, at=moment)
