"""What of serving moves when two customers become one.

What their work cost stands in the ledger and goes with its entries.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register


def register_all() -> None:
    register(
        Rows("serving.Activity", _("Activities")),
        Rows("serving.Payment", _("Payments")),
    )
