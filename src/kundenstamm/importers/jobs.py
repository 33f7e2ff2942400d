"""When? Each job calls one action."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from kundenstamm.importers import uploads
from kundenstamm.importers.models import ImportJob


@app.task(queueing_lock=None)
def load_upload(job: int, at: str) -> None:
    """Load one uploaded file."""
    uploads.run(
        ImportJob.objects.select_related("actor").get(pk=job), at=datetime.fromisoformat(at)
    )
