"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.departures import absences
from kundenstamm.departures.ending import follow
from kundenstamm.departures.looking_back import learn
from kundenstamm.departures.watching import forget
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="departures follow")
def end_rights(timestamp: int) -> None:
    """Every minute: the rights whose hour has come end."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        follow(actor=owner, at=at)


@app.periodic(cron="2 * * * *")
@app.task(queueing_lock="departures absences")
def stand_in(timestamp: int) -> None:
    """Every hour: tasks of who is away go to the deputy, and come back afterwards."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        absences.follow(actor=owner, at=at)


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="departures forget")
def forget_what_was_watched(timestamp: int) -> None:
    """Every night: what was asked and looked at, once a departure is over for long enough."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        forget(at=at)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="departures learn")
def learn_what_went(timestamp: int) -> None:
    """Every night: what the year after a departure told, once it is over."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        learn(actor=owner, at=at)
