"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.relations.reckoning import reckon_due


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="relations reckon")
def reckon_relations(timestamp: int) -> None:
    """Every five minutes, on the owner's behalf; mostly nothing has happened, and it is done."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        reckon_due(actor=owner, at=at, today=timezone.localtime(at).date())
