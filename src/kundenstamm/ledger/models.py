"""The ledger: append-only entries, the products they speak of, the batches they came in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY, SHARE


class Unchecked(TypedDict):
    db_index: bool
    db_constraint: bool


# Entries are written by joins with these tables and never changed: checking each of a million
# rows again would double the time of a load. The customer is checked all the same.
UNCHECKED: Unchecked = {"db_index": False, "db_constraint": False}


class EntryKind(models.IntegerChoices):
    """Twin of ``worth.levels.Kind`` with words for people; a test holds the two together."""

    SALE = 10, _("Sale")
    RETURN = 20, _("Return")
    CREDIT_NOTE = 21, _("Credit note")
    DISCOUNT = 30, _("Discount")
    REBATE = 31, _("Rebate")
    BONUS = 32, _("Bonus")
    PROMOTION = 33, _("Promotion")
    COGS = 40, _("Goods and services")
    ORDER = 50, _("Order handling")
    DELIVERY = 51, _("Delivery")
    VISIT = 52, _("Visit")
    SUPPORT = 53, _("Support")
    COMPLAINT = 54, _("Complaint")
    PAYMENT_DELAY = 55, _("Late payment")
    ACQUISITION = 60, _("Winning")
    RETENTION = 61, _("Keeping")


class Part(models.IntegerChoices):
    """What one line of a document gives rise to: itself, and entries it causes."""

    LINE = 0, _("Line")
    DISCOUNT = 1, _("Discount of the line")
    STATED_GOODS = 2, _("Goods at the cost that the file states")
    GOODS = 3, _("Goods at the product's cost")


class ProductCategory(models.Model):
    name = models.CharField(_("Category"), max_length=120, unique=True)
    margin = models.DecimalField(_("Margin"), **SHARE, null=True, blank=True)
    audited = ("name", "margin")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(margin__isnull=True) | Q(margin__gte=-1, margin__lte=1),
                name="category_margin_is_a_share",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A product or service; one without a number is known by its name."""

    number = models.CharField(_("Product number"), max_length=200, unique=True)
    name = models.CharField(_("Product"), max_length=300, blank=True)
    category = models.ForeignKey(ProductCategory, models.SET_NULL, null=True, blank=True)
    audited = ("number", "category_id")

    def __str__(self) -> str:
        return self.name or self.number


class ProductCost(models.Model):
    """What one unit costs us from a day on, until the next cost of the same product begins."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="costs")
    unit_cost = models.DecimalField(_("Unit cost"), **MONEY)
    valid_from = models.DateField(_("Valid from"))
    audited = ("product_id", "valid_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "valid_from"], name="one_cost_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.unit_cost}"


class Source(models.Model):
    """Where documents come from; the same document number in two sources is two documents."""

    name = models.CharField(_("Source"), max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """What was brought in at one go, and can be taken back at one go."""

    class Kind(models.TextChoices):
        SALES = "sales", _("Sales lines")
        CUSTOMERS = "customers", _("Customers")
        PRODUCTS = "products", _("Products")
        COSTS = "costs", _("Cost of goods")
        ACTIVITIES = "activities", _("Activities")
        PAYMENTS = "payments", _("Payments")
        INTERACTIONS = "interactions", _("Interactions")
        SELL_THROUGH = "sell_through", _("Sell-through")
        SPENDING = "spending", _("Spending on channels")
        TOUCHES = "touches", _("Touches by channels")
        ALLOCATION = "allocation", _("Allocation")
        ACCRUAL = "accrual", _("Accrual")
        MERGE = "merge", _("Merging of customers")
        UNDO = "undo", _("Undo")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    source = models.ForeignKey(Source, models.PROTECT)
    file_name = models.CharField(max_length=300, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    result = models.JSONField(default=dict)
    audited = ("kind", "source_id", "undoes_id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"


class LineQuerySet(NeedToKnowQuerySet["Line"]):
    """Entries and estimated goods, for reading."""


class EntryQuerySet(NeedToKnowQuerySet["Entry"]):
    """Entries of the ledger; sums need no care for reversals, they cancel."""

    def between(self, first: date, last: date) -> Self:
        return self.filter(date__gte=first, date__lte=last)


class Line(models.Model):
    """An entry, or the estimated goods of one: the view that ``ledger.costs`` defines.

    Reports and estimates read this; postings and reconciliation read ``Entry``.
    """

    entry = models.OneToOneField(
        "Entry", models.DO_NOTHING, primary_key=True, db_column="id", related_name="+"
    )
    customer = models.ForeignKey(Customer, models.DO_NOTHING, related_name="+")
    date = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=EntryKind)
    amount = models.DecimalField(**MONEY)
    quantity = models.DecimalField(**MONEY, null=True)
    product = models.ForeignKey(Product, models.DO_NOTHING, null=True, related_name="+")
    source = models.ForeignKey(Source, models.DO_NOTHING, related_name="+")
    document = models.CharField(max_length=120)
    line = models.BigIntegerField()
    estimated = models.BooleanField()

    objects = LineQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "ledger_line"

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.amount}"


class Entry(models.Model):
    """One amount for one customer on one day. Never changed, never deleted: the table forbids it.

    ``amount`` is signed as it acts on profit, in the company's currency. A correction is a
    reversal (same customer, day, kind; opposite amount and quantity) and, where something takes
    its place, a further entry with the next ``revision``.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="entries", db_index=False)
    date = models.DateField()
    kind = models.PositiveSmallIntegerField(choices=EntryKind)
    amount = models.DecimalField(**MONEY)
    quantity = models.DecimalField(**MONEY, null=True, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, **UNCHECKED)
    source = models.ForeignKey(Source, models.PROTECT, **UNCHECKED)
    document = models.CharField(max_length=120)
    line = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(choices=Part, default=Part.LINE)
    revision = models.PositiveSmallIntegerField(default=0)
    batch = models.ForeignKey(Batch, models.PROTECT, **UNCHECKED)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", **UNCHECKED
    )
    caused_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="effects", **UNCHECKED
    )
    currency = models.CharField(max_length=3, blank=True)
    original_amount = models.DecimalField(**MONEY, null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "document", "line", "part", "revision"],
                name="entry_once",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "date"], name="entry_customer_date"),
            models.Index(fields=["batch"], name="entry_batch"),
            models.Index(
                fields=["caused_by"], condition=Q(caused_by__isnull=False), name="entry_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.amount}"
