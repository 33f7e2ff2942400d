"""What of pursuits moves when two customers become one: all of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Change, Moving, Rows, register
from kundenstamm.customers.timeline import local_day
from kundenstamm.pursuits.models import State


def _over(of: Moving) -> Change:
    """Both were pursued: one sheet goes on, that of the dropped one is over."""
    return {"state": State.LOST.value, "over_on": local_day(of.at)}


def register_all() -> None:
    register(
        Rows("pursuits.Pursuit", _("Pursuits"), fit=_over),
        Rows("pursuits.PursuitNeed", _("Pursuits")),
        Rows("pursuits.PursuitStep", _("Pursuits")),
        Rows("pursuits.PursuitSpending", _("Pursuits")),
        Rows("pursuits.PursuitChange", _("Pursuits")),
        Rows("pursuits.ScenarioPursuit", _("Scenarios")),
    )
