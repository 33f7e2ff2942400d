"""What of decisions moves when two customers become one; one repair plan is left running."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Change, Moving, Rows, register


def _ended(of: Moving) -> Change:
    return {
        "ended_at": of.at,
        "ended_by_id": of.actor.pk,
        "end_reason": gettext("The customer was merged with one that has a plan."),
    }


def register_all() -> None:
    register(
        Rows("decisions.Proposal", _("Proposed terms")),
        Rows("decisions.RepairPlan", _("Repair plans"), fit=_ended),
    )
