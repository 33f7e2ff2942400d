"""What happens to products: costs and margins are entered by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand
from kundenstamm.ledger.actions import Document, open_batch, post_goods
from kundenstamm.ledger.models import Batch, Product, ProductCategory, ProductCost

BY_HAND = Document("By hand")


@transaction.atomic
def enter_cost(
    product: Product, unit_cost: Decimal, valid_from: date, *, actor: User, at: datetime
) -> None:
    """What one unit costs from a day on; the goods of its lines are posted anew."""
    demand(actor, Right.COMPANY)
    post_goods(_recorded(product, unit_cost, valid_from, actor, at), [product.pk])


@transaction.atomic
def enter_cost_for_job(
    product: Product, unit_cost: Decimal, valid_from: date, *, actor: User, at: datetime
) -> None:
    """The same from the site: a job posts the goods, for it may post to the whole ledger."""
    from kundenstamm.ledger.jobs import goods

    demand(actor, Right.COMPANY)
    batch = _recorded(product, unit_cost, valid_from, actor, at)
    goods.defer(batch=batch.pk, products=[product.pk])


def _recorded(
    product: Product, unit_cost: Decimal, valid_from: date, actor: User, at: datetime
) -> Batch:
    ProductCost.objects.update_or_create(
        product=product, valid_from=valid_from, defaults={"unit_cost": unit_cost}
    )
    return open_batch(Batch.Kind.COSTS, BY_HAND, actor=actor, at=at)


def enter_margin(
    category: ProductCategory,
    margin: Decimal | None,
    *,
    actor: User,
    at: datetime,  # noqa: ARG001
) -> None:
    """The share of net sales left after the goods, where no cost of a product is known."""
    demand(actor, Right.COMPANY)
    category.margin = margin
    category.full_clean()
    category.save(update_fields=["margin"])
