"""What of playbooks moves when two customers become one; one play at a time is left running."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Change, Moving, Rows, register
from kundenstamm.playbooks.models import Play


def _left(of: Moving) -> Change:
    """Its tasks go on as they are: they are somebody's already."""
    return {"ended_at": of.at, "ended_by_id": of.actor.pk, "end": Play.End.LEFT.value}


def register_all() -> None:
    register(
        Rows("playbooks.Play", _("Playbooks"), fit=_left),
        Rows("playbooks.PlayTask", _("Playbooks")),
    )
