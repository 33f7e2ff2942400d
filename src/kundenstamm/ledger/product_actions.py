"""What happens to products: costs and margins are entered by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from kundenstamm.guard.models import User
from kundenstamm.ledger.actions import Document, open_batch, post_goods
from kundenstamm.ledger.models import Batch, Product, ProductCategory, ProductCost

BY_HAND = Document("By hand")


@transaction.atomic
def enter_cost(
    product: Product, unit_cost: Decimal, valid_from: date, *, actor: User, at: datetime
) -> ProductCost:
    """What one unit costs from a day on; the goods of its lines are posted anew."""
    cost, _made = ProductCost.objects.update_or_create(
        product=product, valid_from=valid_from, defaults={"unit_cost": unit_cost}
    )
    batch = open_batch(Batch.Kind.COSTS, BY_HAND, actor=actor, at=at)
    post_goods(batch, [product.pk])
    return cost


def enter_margin(
    category: ProductCategory,
    margin: Decimal | None,
    *,
    actor: User,  # noqa: ARG001
    at: datetime,  # noqa: ARG001
) -> None:
    """The share of net sales left after the goods, where no cost of a product is known."""
    category.margin = margin
    category.full_clean()
    category.save(update_fields=["margin"])
