"""What customers with agreements bring in all, after everything."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.terms.models import Agreement


def brought(actor: User, agreements: Iterable[Agreement]) -> dict[int, Decimal]:
    """Customer → contribution III of 12 months by the newest valuation; empty before the first."""
    customers = {each.customer_id for each in agreements}
    known = Estimate.objects.visible_to(actor).filter(run=latest_run(), customer__in=customers)
    return dict(known.values_list("customer_id", "year_contribution_3"))
