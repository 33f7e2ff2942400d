"""What of departures moves when two customers become one: all of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register


def register_all() -> None:
    register(
        Rows("departures.HandoverLine", _("Hand-overs")),
        Rows("departures.KnowledgeSheet", _("Hand-overs")),
    )
