"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.guard.models import User
from kundenstamm.lifecycle import evidence
from kundenstamm.lifecycle.actions import value_all, value_nightly
from kundenstamm.lifecycle.allocating import run_allocation
from kundenstamm.lifecycle.evidence.queries import QUEUE_LOCK
from kundenstamm.serving.models import AllocationJob


@app.task(queueing_lock="value")
def value(as_of: str, actor: int, at: str) -> None:
    """Value all customers; one such job waits at most, however often it is asked for."""
    person, moment = User.objects.get(pk=actor), datetime.fromisoformat(at)
    with job_for(person, at=moment):
        value_all(as_of=date.fromisoformat(as_of), actor=person, at=moment)


@app.task
def allocation(job: int, at: str) -> None:
    """Allocate the month that somebody asked for, and value the customers it touched."""
    found, moment = AllocationJob.objects.get(pk=job), datetime.fromisoformat(at)
    with job_for(found.actor, at=moment):
        run_allocation(found, at=moment)


@app.task(queueing_lock=QUEUE_LOCK)
def judge(as_of: str, actor: int, at: str) -> None:
    """Judge the estimates on the company's own history."""
    person, moment = User.objects.get(pk=actor), datetime.fromisoformat(at)
    with job_for(person, at=moment):
        evidence.judge(as_of=date.fromisoformat(as_of), actor=person, at=moment)


@app.periodic(cron="20 2 1 * *")
@app.task(queueing_lock=QUEUE_LOCK)
def judge_monthly(timestamp: int) -> None:
    """In the first night of each month, on the owner's behalf: history grows slowly."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    judge(timezone.localtime(at).date().isoformat(), ensure_owner(at=at).pk, at.isoformat())


@app.periodic(cron="10 * * * *")
@app.task(queueing_lock="value nightly")
def nightly(timestamp: int) -> None:
    """Asked every hour, since the worker knows no company's clock; the action knows its night."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    owner = ensure_owner(at=moment)
    with job_for(owner, at=moment):
        value_nightly(actor=owner, at=moment)
