"""What happens to products: costs and margins are entered by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.ledger.actions import Document, open_batch
from kundenstamm.ledger.models import Batch, Product, ProductCategory, ProductCost

BY_HAND = Document("By hand")


@transaction.atomic
def enter_cost(
    product: Product, unit_cost: Decimal, valid_from: date, *, actor: User, at: datetime
) -> Batch:
    """What one unit costs from a day on; a job posts the goods of its lines anew.

    It posts to the whole ledger, which whoever enters the cost may not.
    """
    from kundenstamm.ledger.jobs import goods

    demand(actor, Right.COMPANY)
    ProductCost.objects.update_or_create(
        product=product, valid_from=valid_from, defaults={"unit_cost": unit_cost}
    )
    batch = open_batch(Batch.Kind.COSTS, BY_HAND, actor=actor, at=at)
    goods.defer(batch=batch.pk, products=[product.pk])
    return batch


def enter_margin(
    category: ProductCategory,
    margin: Decimal | None,
    *,
    actor: User,
    at: datetime,
) -> None:
    """The share of net sales left after the goods, where no cost of a product is known."""
    demand(actor, Right.COMPANY)
    category.margin = margin
    category.full_clean()
    category.save(update_fields=["margin"])
