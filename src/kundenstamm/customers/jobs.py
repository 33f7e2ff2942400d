"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.customers import background, matching
from kundenstamm.customers.models import Merge
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for


@app.task
def merge(merge: int, at: str) -> None:
    """Merge what somebody asked for."""
    asked, moment = Merge.objects.select_related("asked_by").get(pk=merge), _moment(at)
    with job_for(asked.asked_by, at=moment):
        background.run(asked, at=moment)


@app.task
def undo(merge: int, at: str) -> None:
    """Undo a merge."""
    asked, moment = Merge.objects.select_related("undone_by").get(pk=merge), _moment(at)
    if asked.undone_by is not None:
        with job_for(asked.undone_by, at=moment):
            background.run_back(asked, actor=asked.undone_by, at=moment)


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="doubles")
def find_doubles(timestamp: int) -> None:
    """Every night, on the owner's behalf."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        matching.find(actor=owner, at=at)
