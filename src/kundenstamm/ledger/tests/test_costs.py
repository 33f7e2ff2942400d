"""Goods that were never posted are estimated line by line, and give way to posted ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest
from django.db.models import Sum

from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.ledger.models import (
    Batch,
    Entry,
    EntryKind,
    Line,
    Product,
    ProductCategory,
    Source,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def post():
    """Post an entry to the one customer there is."""
    owner = ensure_owner(at=AT)
    source = Source.objects.create(name="books")
    batch = Batch.objects.create(kind="sales", source=source, actor=owner, made_at=AT)
    customer = Customer.objects.create(number="1", name="Bäcker", created_at=AT)
    numbers = count()

    def post(kind, amount, **more):
        return Entry.objects.create(
            customer=customer,
            date=date(2026, 2, 1),
            kind=kind,
            amount=Decimal(amount),
            source=source,
            batch=batch,
            document="R1",
            line=next(numbers),
            **more,
        )

    return post


def goods():
    found = Line.objects.filter(kind=EntryKind.COGS).aggregate(Sum("amount"))
    return found["amount__sum"] or Decimal(0)


def test_without_a_profile_the_overall_margin_is_the_models_default(post):
    post(EntryKind.SALE, "100")
    assert goods() == Decimal("-65")


def test_the_category_goes_before_the_company(post):
    CompanyProfile.objects.create(pk=1, default_margin=Decimal("0.4"))
    tools = ProductCategory.objects.create(name="Tools", margin=Decimal("0.1"))
    post(EntryKind.SALE, "100", product=Product.objects.create(number="1", category=tools))
    post(EntryKind.SALE, "10", product=Product.objects.create(number="2"))
    assert goods() == Decimal("-96")


def test_each_line_is_rounded_by_itself(post):
    for _ in range(3):
        post(EntryKind.SALE, "0.0010")
    assert goods() == 3 * Decimal("-0.0007")


def test_returns_bring_goods_back(post):
    post(EntryKind.SALE, "100")
    post(EntryKind.RETURN, "-40")
    assert goods() == Decimal("-39")


def test_posted_goods_replace_the_estimate_of_their_line_only(post):
    known = post(EntryKind.SALE, "100")
    post(EntryKind.COGS, "-50", caused_by=known)
    post(EntryKind.SALE, "10")
    assert goods() == Decimal("-56.5")
    assert Line.objects.filter(estimated=True).count() == 1


def test_goods_taken_back_leave_the_estimate_again(post):
    sale = post(EntryKind.SALE, "100")
    cost = post(EntryKind.COGS, "-50", caused_by=sale)
    post(EntryKind.COGS, "50", caused_by=sale, reverses=cost)
    assert goods() == Decimal("-65")


@pytest.mark.parametrize("with_cost", [True, False])
def test_a_reversed_sale_leaves_nothing(post, with_cost):
    sale = post(EntryKind.SALE, "100")
    if with_cost:
        cost = post(EntryKind.COGS, "-50", caused_by=sale)
        post(EntryKind.COGS, "50", caused_by=sale, reverses=cost)
    post(EntryKind.SALE, "-100", reverses=sale)
    assert goods() == 0


def test_a_discount_on_a_line_lowers_its_estimate_and_a_bonus_does_not(post):
    sale = post(EntryKind.SALE, "100")
    post(EntryKind.DISCOUNT, "-10", caused_by=sale)
    post(EntryKind.BONUS, "-20")
    assert goods() == Decimal("-58.5")
    post(EntryKind.COGS, "-50", caused_by=sale)
    assert goods() == Decimal("-50")


def test_cost_to_serve_has_no_goods(post):
    post(EntryKind.VISIT, "-80")
    assert goods() == 0
