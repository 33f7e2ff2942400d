"""What of the chain moves when two customers become one; links are the customers' own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register, stays


def register_all() -> None:
    register(
        Rows("chain.SellThrough", _("Sell-through"), field="dealer"),
        Rows("chain.SellThrough", _("Sell-through"), field="end_customer"),
    )
    for field in ("customer", "weakest"):
        stays("chain.Standing", "reckoned anew", field)
