"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.decisions import actions
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for


@app.periodic(cron="30 0 * * *")
@app.task(queueing_lock="proposals expire")
def expire_nightly(timestamp: int) -> None:
    """Once a night, on the owner's behalf."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        actions.expire(actor=owner, at=at)
