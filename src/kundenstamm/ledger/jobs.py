"""When? Each job calls one action."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kundenstamm.ledger.actions import post_goods
from kundenstamm.ledger.models import Batch


@app.task
def goods(batch: int, products: list[int]) -> None:
    """Goods anew for all lines of products whose costs have changed."""
    post_goods(Batch.objects.get(pk=batch), products)
