"""A chain in which every name is an attack."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.ledger.models import Source


def page_of_chain(customer: Customer) -> str:
    """It stands between two others, and reports what it sold to the lower one, who buys of us."""
    if not customer.downstream_links.exists():
        upper, lower = Customer.objects.exclude(pk=customer.pk).order_by("pk")[:2]
        ChainLink.objects.create(upstream=upper, downstream=customer)
        ChainLink.objects.create(upstream=customer, downstream=lower)
        source, _made = Source.objects.get_or_create(name="Reports")
        today = timezone.localdate()
        SellThrough.objects.create(
            dealer=customer, end_customer=lower, first_day=today - timedelta(days=9),
            last_day=today, amount=50, source=source, document="Meldung",
        )  # fmt: skip
    return reverse("chain-of", args=[customer.key])
