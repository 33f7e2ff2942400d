"""When? Each job calls one action."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kundenstamm.guard.jobs import job_for
from kundenstamm.ledger.actions import post_goods
from kundenstamm.ledger.models import Batch


@app.task
def goods(batch: int, products: list[int]) -> None:
    """Goods anew for all lines of products whose costs have changed."""
    found = Batch.objects.select_related("actor").get(pk=batch)
    with job_for(found.actor, at=found.made_at):
        post_goods(found, products)
