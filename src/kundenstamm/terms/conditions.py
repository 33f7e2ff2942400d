"""What two sides agree on: said once, for an agreement as for a proposal of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kundenstamm.ledger.models import Product, ProductCategory

# From this amount in a year on, this share.
Tier = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Conditions:
    """The terms themselves: neither whose they are, nor who agreed to them.

    ``kind`` is one of `models.Kind`; shares are 0.05 for 5 %; ``valid_to`` empty: until ended.
    Without ``product`` and ``category`` they hold for everything bought.
    """

    kind: str
    valid_from: date
    valid_to: date | None = None
    rate: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    product: Product | None = None
    category: ProductCategory | None = None
    free_quantity: Decimal | None = None
    per_quantity: Decimal | None = None
    payment_days: int | None = None
    discount_days: int | None = None
