"""When? Each job calls one action."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from kundenstamm.guard.jobs import job_for
from kundenstamm.guard.models import User
from kundenstamm.importers import uploads
from kundenstamm.importers.models import ImportJob
from kundenstamm.ledger.models import Batch


@app.task(queueing_lock=None)
def load_upload(job: int, at: str) -> None:
    """Load one uploaded file."""
    found, moment = (
        ImportJob.objects.select_related("actor").get(pk=job),
        datetime.fromisoformat(at),
    )
    with job_for(found.actor, at=moment):
        uploads.run(found, at=moment)


@app.task
def undo(batch: int, actor: int, at: str) -> None:
    """Take one batch back."""
    person, moment = User.objects.get(pk=actor), datetime.fromisoformat(at)
    with job_for(person, at=moment):
        uploads.run_undo(Batch.objects.get(pk=batch), actor=person, at=moment)
