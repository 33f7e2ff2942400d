"""What was looked at, and why."""

from __future__ import annotations

from datetime import datetime

from kundenstamm.guard.models import User


def note_reveal(customer: int, field: str, reason: str, *, actor: User, at: datetime) -> None:
    """Keep that a masked field was revealed to somebody, and for what reason."""
    raise NotImplementedError
