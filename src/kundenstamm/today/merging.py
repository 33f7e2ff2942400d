"""What of the day's list moves when two customers become one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.moving import Rows, register, stays


def register_all() -> None:
    register(Rows("today.Answer", _("Answers to the day's list")))
    stays("today.Step", "the next preparation works the day's list out anew")
