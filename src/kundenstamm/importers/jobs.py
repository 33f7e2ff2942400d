"""When? Each job calls one action."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from kundenstamm.guard.models import User
from kundenstamm.importers import uploads
from kundenstamm.importers.models import ImportJob
from kundenstamm.ledger.models import Batch


@app.task(queueing_lock=None)
def load_upload(job: int, at: str) -> None:
    """Load one uploaded file."""
    uploads.run(
        ImportJob.objects.select_related("actor").get(pk=job), at=datetime.fromisoformat(at)
    )


@app.task
def undo(batch: int, actor: int, at: str) -> None:
    """Take one batch back."""
    uploads.run_undo(
        Batch.objects.get(pk=batch),
        actor=User.objects.get(pk=actor),
        at=datetime.fromisoformat(at),
    )
