"""What dealers report to have sold on, and what the last reckoning found about each link.

A report is somebody else's turnover. It stands here and not in the ledger, and is never summed into
it: it tells whose end customers are whose, and how much of a dealer's turnover ends where.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY
from kundenstamm.ledger.models import Source
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.worth.chain.loss import Weakest
from kundenstamm.worth.chain.profit import Profit
from kundenstamm.worth.chain.standing import Standing as Reckoned


class SellThroughQuerySet(NeedToKnowQuerySet["SellThrough"]):
    """Reports of dealers. Of a hidden end customer also the report is hidden."""

    customer_path = "dealer"
    further_paths = ("end_customer",)

    def named(self) -> Self:
        """Those whose end customer is in the base."""
        return self.filter(end_customer__isnull=False)


class SellThrough(models.Model):
    """A dealer says what it sold to an end customer in some days, at its own prices.

    The end customer is a customer of ours, or only a name. Both days count.
    """

    dealer = models.ForeignKey(Customer, models.PROTECT, related_name="sold_on", db_index=False)
    end_customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="bought_behind"
    )
    end_name = models.CharField(_("End customer"), max_length=200, blank=True)
    first_day = models.DateField(_("From"))
    last_day = models.DateField(_("Until"))
    amount = models.DecimalField(_("Amount"), **MONEY)
    quantity = models.DecimalField(
        _("Quantity"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    document = models.CharField(max_length=120)
    line = models.BigIntegerField(default=1)
    audited = ("dealer_id", "end_customer_id", "first_day", "last_day", "source_id", "line")

    objects = SellThroughQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "document", "line"], name="sold_on_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="sold_on_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(end_customer__isnull=True) | ~Q(end_customer=models.F("dealer")),
                name="sold_on_to_another",
            ),
            models.CheckConstraint(
                condition=Q(end_customer__isnull=False) | ~Q(end_name=""), name="sold_on_to_whom"
            ),
        ]
        indexes = [models.Index(fields=["dealer", "last_day"], name="sold_on_by_dealer")]

    def __str__(self) -> str:
        return f"{self.dealer} {self.first_day} {self.amount}"


class Change(models.Model):
    """A statement that changed links or reports; rows are only added, and counted.

    Written by triggers. A reckoning that has seen fewer than there are is out of date.
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)


class Reckoning(models.Model):
    """What all chains bring and risk, of one valuation and as the links held on a day."""

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="+")
    day = models.DateField()
    # How many changes there were when it began to read.
    changes_seen = models.PositiveBigIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.day} {self.run}"


class Standing(models.Model):
    """What the newest reckoning found about somebody in a chain. Money; risks are estimates.

    ``own`` and ``behind`` add up to the ledger's contribution III of the run's twelve months: see
    `kundenstamm.worth.chain.profit`. ``weakest``: of it and everyone behind it.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="standing")
    top = models.BooleanField()
    own = models.DecimalField(**MONEY)
    behind = models.DecimalField(**MONEY)
    # Customers supplied by it directly, and at any depth.
    direct = models.PositiveIntegerField()
    members = models.PositiveIntegerField()
    chance = models.FloatField()
    lost = models.FloatField()
    hanging = models.PositiveIntegerField()
    at_risk = models.FloatField()
    # Expected to go within the year of it and of everyone who hangs on it, each counted once.
    expected_loss = models.FloatField()
    # Expected to stay of it and of everyone who hangs on it.
    kept = models.FloatField()
    weakest = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    weakest_at_risk = models.FloatField()
    # End customers behind it that are served directly, too.
    conflicts = models.PositiveIntegerField()
    # It is itself one of those.
    conflict = models.BooleanField()
    # Nobody behind it has a supplier elsewhere.
    closed = models.BooleanField()

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["weakest_at_risk", "customer"], condition=Q(top=True), name="chain_by_risk"
            ),
            models.Index(fields=["customer"], condition=Q(conflict=True), name="chain_in_conflict"),
            models.Index(
                fields=["customer"],
                include=["closed"],
                condition=Q(direct__gt=0),
                name="chain_supplying",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.own} + {self.behind}"

    def as_reckoned(self) -> Reckoned:
        """As `worth.chain` told it, names being ids; without any risk it is itself the weakest."""
        pk = self.customer_id
        return Reckoned(
            profit=Profit(self.own, self.behind),
            risk=Weakest(pk, self.at_risk, self.chance, self.lost, self.hanging),
            kept=self.kept,
            weakest=self.weakest_id or pk,
            weakest_at_risk=self.weakest_at_risk,
            direct=self.direct,
            members=self.members,
            marked=self.conflicts,
            closed=self.closed,
        )
