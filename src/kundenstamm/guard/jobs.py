"""What every domain's jobs have in common: whom they work for."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime

from kundenstamm.guard.acting import Way, working_for
from kundenstamm.guard.models import AuditEntry, User


def job_for(actor: User, *, at: datetime) -> AbstractContextManager[None]:
    """What the block writes stands in the audit as done by a job for this person."""
    return working_for(actor, at=at, way=Way(uuid.uuid4().hex, AuditEntry.Channel.JOB))
