"""What is offered to one customer, before anybody has signed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.ledger.models import Product, ProductCategory
from kundenstamm.terms.conditions import Conditions, Tier
from kundenstamm.terms.models import Agreement, Kind

NIL, WHOLE = Decimal(0), Decimal(1)
# A rebate may be granted as one of these; by tiers as the first or the second.
GRANTED = (Kind.REBATE, Kind.BONUS, Kind.PROMOTION)


@dataclass(frozen=True)
class Offer:
    """Terms as they would be signed; nothing by default. Shares are 0.05 for 5 %.

    ``payment_days`` are all days, not those beyond today's. ``renews`` falls away on the day
    before ``valid_from``: what it granted is no longer given beside the new terms.
    """

    valid_from: date
    valid_to: date | None
    kind: str = Kind.REBATE
    rebate: Decimal = NIL
    tiers: tuple[Tier, ...] = ()
    payment_days: int | None = None
    price: Decimal = NIL
    service: Decimal = WHOLE
    volume: Decimal = NIL
    renews: Agreement | None = None
    product: Product | None = None
    category: ProductCategory | None = None

    @property
    def grants_rebate(self) -> bool:
        return bool(self.rebate or self.tiers)

    @property
    def is_empty(self) -> bool:
        """Expected volume alone is no offer."""
        return not self.grants_rebate and self.payment_days is None and (
            self.price == NIL and self.service == WHOLE
        )  # fmt: skip

    @property
    def renews_rebate(self) -> Agreement | None:
        return self.renews if self.renews and self.renews.kind != Kind.PAYMENT_TERM else None

    def check(self) -> None:
        """What cannot be offered.

        Raises
        ------
        ValidationError
            Nothing or without an end is offered, a rate beside tiers, or days that renew a rebate.
        """
        if self.is_empty:
            raise ValidationError(_("Nothing is proposed yet."))
        if self.valid_to is None:
            raise ValidationError({"valid_to": _("Enter the last day: nothing renews itself.")})
        if self.rebate and self.tiers:
            raise ValidationError({"tiers": _("Enter one rebate or tiers, not both.")})
        renews = self.renews
        if renews and renews.kind == Kind.PAYMENT_TERM and self.payment_days is None:
            raise ValidationError({"payment_days": _("Enter the days to pay.")})
        if self.renews_rebate and not self.grants_rebate:
            raise ValidationError({"rebate": _("Enter what takes the place of the old rebate.")})

    def conditions(self) -> Iterator[Conditions]:
        """The agreements to be made: of the rebate, and of the days to pay."""
        if self.grants_rebate:
            tiered = Kind.TIERED if self.kind == Kind.REBATE else self.kind
            yield Conditions(
                tiered if self.tiers else self.kind, self.valid_from, self.valid_to,
                None if self.tiers else self.rebate, self.tiers, self.product, self.category,
            )  # fmt: skip
        if self.payment_days is not None:
            yield Conditions(
                Kind.PAYMENT_TERM, self.valid_from, self.valid_to, payment_days=self.payment_days
            )


def of_conditions(told: Conditions, renews: Agreement | None = None) -> Offer:
    """An agreement that somebody wants to make at once, as an offer to be judged."""
    rebate = told.rate or NIL
    if told.free_quantity and told.per_quantity:
        # At sales prices, so it is not less than what they are worth.
        rebate = min(told.free_quantity / told.per_quantity, Decimal("0.9999"))
    return Offer(
        told.valid_from, told.valid_to, told.kind, rebate, told.tiers, told.payment_days,
        renews=renews, product=told.product, category=told.category,
    )  # fmt: skip
