"""Which products and categories?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kundenstamm.ledger.models import Product, ProductCategory, ProductCost

PAGE = 50


@dataclass(frozen=True)
class Products:
    """Products by number; each with ``unit_cost`` and ``cost_since`` of its newest cost."""

    rows: Sequence[Product]
    after: str


def products_page(words: str = "", *, after: str = "") -> Products:
    """A page of products, from the number after ``after`` on."""
    newest = ProductCost.objects.filter(product=OuterRef("pk")).order_by("-valid_from")
    found = Product.objects.select_related("category").annotate(
        unit_cost=Subquery(newest.values("unit_cost")[:1]),
        cost_since=Subquery(newest.values("valid_from")[:1]),
    )
    if words:
        found = found.filter(Q(number__icontains=words) | Q(name__icontains=words))
    if after:
        found = found.filter(number__gt=after)
    rows = list(found.order_by("number")[: PAGE + 1])
    return Products(rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else "")


def categories() -> QuerySet[ProductCategory]:
    return ProductCategory.objects.order_by("name")
