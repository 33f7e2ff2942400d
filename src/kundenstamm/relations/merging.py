"""When two customers become one, what was said of them moves; the rest is reckoned anew."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register, stays


def register_all() -> None:
    register(Rows("relations.Correction", _("Corrections of who holds whom")))
    stays("relations.Bond", "reckoned anew from the conversations")
    stays("relations.Tie", "reckoned anew from the conversations")
