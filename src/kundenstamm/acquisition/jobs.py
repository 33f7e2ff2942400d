"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.acquisition.preparing import prepare_due
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="growth")
def prepare_growth(timestamp: int) -> None:
    """Every five minutes, on the owner's behalf; only after a change there is anything to do."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        prepare_due(actor=owner, at=at)
