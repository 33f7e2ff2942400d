"""What of a customer's coming moves when two become one; an origin that is known stays."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register


def register_all() -> None:
    register(
        Rows("acquisition.Touch", _("Touches")),
        Rows("acquisition.Origin", _("Origin")),
        Rows("acquisition.Referral", _("Referrals")),
        Rows("acquisition.Referral", _("Referrals"), field="sender"),
    )
