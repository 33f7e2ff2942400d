"""When? Each job calls one action."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from kundenstamm.care import escalating, survey_actions, survey_mailing
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.jobs import job_for


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="complaints escalate")
def escalate_late_complaints(timestamp: int) -> None:
    """Every quarter of an hour, on the owner's behalf."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        escalating.escalate(actor=owner, at=at)


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="surveys end")
def end_survey_links(timestamp: int) -> None:
    """Every night: of a link that has ended nothing is kept that could open it."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        survey_actions.end_links(actor=owner, at=at)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="surveys mail")
def mail_surveys(timestamp: int) -> None:
    """Every five minutes: what somebody asked of many customers, or is to ask by mail."""
    at = datetime.fromtimestamp(timestamp, tz=UTC)
    owner = ensure_owner(at=at)
    with job_for(owner, at=at):
        survey_mailing.mail_waiting(actor=owner, at=at)
