"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.pursuits.learning import learn
from kundenstamm.pursuits.owning import follow_customers


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="pursuits follow")
def follow_owners(timestamp: int) -> None:
    """Every five minutes, on the owner's behalf."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        follow_customers(actor=owner, at=at)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="pursuits learn")
def learn_from_the_won(timestamp: int) -> None:
    """Every night: what the pursuits of a year ago came to."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        learn(local_day(at), actor=owner, at=at)
