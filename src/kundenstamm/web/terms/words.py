"""Agreements in words: what they say, and why one is marked."""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.guard.masks import HIDDEN
from kundenstamm.lifecycle.rules import money
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.terms.rules import Finding, Ratchet
from kundenstamm.web.shell.figures import number, share


def says(agreement: Agreement, currency: str, *, plain: bool) -> str:
    """``5 %``, ``1 free for every 10``; masked for whoever sees no prices."""
    if not plain:
        return HIDDEN
    if agreement.kind == Kind.FREE_GOODS:
        told = {"n": _few(agreement.free_quantity), "m": _few(agreement.per_quantity)}
        return _("%(n)s free for every %(m)s") % told
    if agreement.kind == Kind.PAYMENT_TERM:
        return _days(agreement)
    if agreement.rate is not None:
        return _rate(agreement.rate)
    tiers = [
        _("%(rate)s from %(amount)s")
        % {"rate": _rate(tier.rate), "amount": money(tier.from_amount, currency, decimals=0)}
        for tier in agreement.tiers.all()
    ]
    return ", ".join(tiers)


def why(ratchet: Ratchet, *, plain: bool) -> str:
    """The sentence beside a mark."""
    told = {
        "n": ratchet.periods,
        "day": formats.date_format(ratchet.since, "SHORT_DATE_FORMAT"),
        "before": _rate(ratchet.rate_before) if plain else HIDDEN,
        "now": _rate(ratchet.rate) if plain else HIDDEN,
    }
    if ratchet.finding is Finding.PERMANENT:
        return _("Permanent: granted %(n)s times without a pause since %(day)s.") % told
    return _("Only ever grew: from %(before)s on %(day)s to %(now)s.") % told


def _days(agreement: Agreement) -> str:
    days = agreement.payment_days or 0
    told = ngettext("%(n)s day to pay", "%(n)s days to pay", days) % {"n": days}
    if agreement.discount_days is None:
        return told
    discount = {"rate": _rate(agreement.rate), "n": agreement.discount_days}
    return f"{told}, " + _("%(rate)s off within %(n)s") % discount


def _rate(rate: Decimal | None) -> str:
    """``5 %``, ``1,5 %``: with decimals where there are any."""
    return share(rate, _places((rate or Decimal(0)) * 100))


def _few(quantity: Decimal | None) -> str:
    return number(quantity, _places(quantity or Decimal(0)))


def _places(value: Decimal) -> int:
    return max(-int(value.normalize().as_tuple().exponent), 0)
