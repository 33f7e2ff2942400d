"""What of a customer's coming moves when two become one; an origin that is known stays."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register, stays


def register_all() -> None:
    register(
        Rows("acquisition.Touch", _("Touches")),
        Rows("acquisition.Origin", _("Origin")),
        Rows("acquisition.Referral", _("Referrals")),
        Rows("acquisition.Referral", _("Referrals"), field="sender"),
    )
    stays("acquisition.Arrival", "worked out anew after the next valuation")
    stays("acquisition.ArrivalCost", "worked out anew after the next valuation")
    stays("acquisition.Touched", "a note for the job, gone once it was looked at")
