"""What of pursuits moves when two customers become one: all of it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Change, Moving, Rows, register
from kundenstamm.pursuits.models import State


def _over(of: Moving) -> Change:
    """Both were pursued: one sheet goes on, that of the dropped one is over."""
    return {"state": State.LOST.value, "over_on": timezone.localtime(of.at).date()}


def register_all() -> None:
    register(
        Rows("pursuits.Pursuit", _("Pursuits"), fit=_over),
        Rows("pursuits.PursuitNeed", _("Pursuits")),
        Rows("pursuits.PursuitStep", _("Pursuits")),
        Rows("pursuits.PursuitSpending", _("Pursuits")),
        Rows("pursuits.PursuitChange", _("Pursuits")),
    )
