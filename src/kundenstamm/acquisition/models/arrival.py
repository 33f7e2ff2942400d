"""How each customer was won and what it brought since, and sums of it by channel: made by a job.

The growth page reads these and never the ledger. Of each customer amounts are exact; sums by
channel are of amounts times the channel's credit, so they are no money of the books.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY
from kundenstamm.lifecycle.models import ValuationRun


class Path(models.Model):
    """Channels in the order in which they touched; customers share it, and so their credits."""

    # Codes with commas between; empty: nobody knows.
    codes = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.codes


class Credit(models.Model):
    """What part of a customer of a path a channel is credited with; ``channel`` "": nobody knows.

    Parts of a path and way are one together.
    """

    path = models.ForeignKey(Path, models.CASCADE, related_name="credits", db_index=False)
    way = models.CharField(max_length=10)
    channel = models.CharField(max_length=40, blank=True)
    part = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "way", "channel"], name="credited_once"),
            models.CheckConstraint(condition=Q(part__gt=0, part__lte=1), name="credit_is_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.part}"


class Arrival(models.Model):
    """One customer that was won since the books began, or has not bought yet (``day`` is empty).

    All amounts of the ledger up to the valuation's day stand in one of four places: in ``months``,
    ``beyond``, ``before`` and, with the sign turned, in its `ArrivalCost` rows.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="arrival")
    path = models.ForeignKey(Path, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(null=True)
    regular = models.BooleanField()
    lifetime = models.DecimalField(**MONEY, null=True)
    # Contribution before what winning cost: of each whole month since; and added up.
    months = ArrayField(models.DecimalField(**MONEY))
    so_far = ArrayField(models.DecimalField(**MONEY))
    # Of the running month and of what is longer ago than is counted; of sales before the first day.
    beyond = models.DecimalField(**MONEY)
    before = models.DecimalField(**MONEY)

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=False) | Q(months=[]), name="arrival_brings_since_its_day"
            ),
            models.CheckConstraint(
                condition=Q(months__len=F("so_far__len")), name="arrival_added_up"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=Q(day=None), name="arrival_prospects")
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.day}"


class ArrivalCost(models.Model):
    """What winning a customer took in the ledger in a month, money, mostly above 0."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="arrival_costs", db_index=False
    )
    month = models.DateField()
    amount = models.DecimalField(**MONEY)

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "month"], name="arrival_cost_once")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.amount}"


class Circle(models.Model):
    """Over whom sums by channel are stored: everybody but a few, or whom one person knows.

    Without a person it is for all who know everybody but single ones, and ``customers`` are who
    stands in no sum: confidential, or closed to somebody. Else they are whom the person knew at the
    last pass. Who may be told now is decided when it is read: see
    `kundenstamm.acquisition.known_sums`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    customers = ArrayField(models.BigIntegerField())
    prospects = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], nulls_distinct=False, name="circle_of_a_person_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.person or "")


class ChannelMonth(models.Model):
    """Customers of a circle that a channel won in a month.

    ``took``: what the ledger says of winning in that month, also of prospects. The last five are
    the sums of what is expected of them: see `kundenstamm.worth.acquisition.sums.Sums`.
    """

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="+", db_index=False)
    way = models.CharField(max_length=10)
    channel = models.CharField(max_length=40, blank=True)
    month = models.DateField()
    customers = models.IntegerField()
    won = models.FloatField()
    regulars = models.FloatField()
    took = models.FloatField()
    number = models.IntegerField()
    weight = models.FloatField()
    weight_squared = models.FloatField()
    amount = models.FloatField()
    squared = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "way", "channel", "month"], name="channel_month_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.month}: {self.won}"


class ChannelAge(models.Model):
    """What customers of a channel and year brought in one month since they were won, the same way.

    ``brought``: in this month; the last five are the sums of what each brought up to its end.
    """

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="+", db_index=False)
    way = models.CharField(max_length=10)
    channel = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    brought = models.FloatField()
    number = models.IntegerField()
    weight = models.FloatField()
    weight_squared = models.FloatField()
    amount = models.FloatField()
    squared = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "way", "channel", "year", "month"], name="channel_age_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.year}, month {self.month}: {self.brought}"


class Growing(models.Model):
    """The pass that made all of these."""

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="+")
    books = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.run} {self.made_at}"


class Touched(models.Model):
    """Something was noted of a customer that may change its path; gone once it was looked at.

    Written by triggers.
    """

    # Without a constraint: an import that is taken back deletes customers, touches and all.
    customer = models.ForeignKey(
        Customer, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    objects = NeedToKnowQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.customer_id)
