"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.playbooks.following import follow_due


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="playbooks follow")
def follow_stages(timestamp: int) -> None:
    """Every five minutes, on the owner's behalf; only after a valuation there is anything to do."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        follow_due(actor=owner, at=at)
