"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for
from kundenstamm.today import mailing, outcomes
from kundenstamm.today.preparing import prepare_due


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="today")
def prepare(timestamp: int) -> None:
    """Every five minutes, on the owner's behalf; mostly nothing has happened, and it is done."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        prepare_due(actor=owner, at=at, today=timezone.localtime(at).date())


@app.periodic(cron="40 3 * * 1")
@app.task(queueing_lock="outcomes")
def judge_outcomes(timestamp: int) -> None:
    """Once a week, on the owner's behalf: a window of thirty days moves slowly."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        outcomes.judge(actor=owner, at=at, today=timezone.localtime(at).date())


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="morning mails")
def mail_mornings(timestamp: int) -> None:
    """Asked every quarter of an hour, each mail on behalf of whoever gets it."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    for person in mailing.due(at=at):
        with job_for(person, at=at):
            mailing.send(person, at=at)
