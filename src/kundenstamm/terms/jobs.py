"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.terms import booking

QUEUE_LOCK = "terms recognise"


@app.task(queueing_lock=QUEUE_LOCK)
def recognise(actor: int, at: str) -> None:
    """Find what agreements caused; one such job waits at most."""
    person, moment = User.objects.get(pk=actor), datetime.fromisoformat(at)
    with job_for(person, at=moment):
        booking.recognise_all(actor=person, at=moment)


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="terms nightly")
def recognise_nightly(timestamp: int) -> None:
    """Once a night, on the owner's behalf: what came in by day."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    recognise(ensure_owner(at=at).pk, at.isoformat())


@app.periodic(cron="50 1 2 * *")
@app.task(queueing_lock="terms accrue")
def accrue_monthly(timestamp: int) -> None:
    """On the second of each month the bonuses of the month before."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    ended = timezone.localtime(at).date().replace(day=1) - timedelta(days=1)
    with job_for(owner, at=at):
        booking.accrue(Month(ended.replace(day=1)), actor=owner, at=at)
