"""Customers that we consider winning: by what they are weighed, what was spent, what became."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.normalising import one_spelling
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MINUTES, MONEY, SHARE
from kundenstamm.serving.models import Pool

NIL, WHOLE = Decimal(0), Decimal(1)
A_SHARE = [MinValueValidator(NIL), MaxValueValidator(WHOLE)]
LONGEST = 300


class State(models.TextChoices):
    CONSIDERING = "considering", _("Considering")
    GO = "go", _("Go")
    NEGOTIATING = "negotiating", _("Negotiating")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    PARKED = "parked", _("Parked")


OVER = (State.WON, State.LOST)


class Verdict(models.TextChoices):
    """Twin of ``worth.pursuit.verdict``; a test holds the two together."""

    GO = "go", _("Go")
    LATER = "later", _("Go later")
    SMALLER = "smaller", _("Smaller")
    NO = "no", _("No")


class PursuitQuerySet(NeedToKnowQuerySet["Pursuit"]):
    def open(self) -> Self:
        return self.exclude(state__in=OVER)


class Pursuit(models.Model):
    """One customer weighed before negotiating; turnover nil: nobody has filled in the sheet yet.

    Shares are of turnover at our prices. What it was judged by and with what result is kept as it
    was then (``figures``); the limit is the one of the day on which it was decided to go.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="pursuits")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("State"), max_length=12, choices=State, default=State.CONSIDERING)

    turnover = models.DecimalField(_("Turnover a year"), **MONEY, default=NIL)
    margin = models.DecimalField(_("Margin before rebates"), **SHARE, default=NIL)
    rebate = models.DecimalField(_("Rebate asked"), **SHARE, default=NIL, validators=A_SHARE)
    bonus = models.DecimalField(_("Bonus asked"), **SHARE, default=NIL, validators=A_SHARE)
    payment_days = models.PositiveSmallIntegerField(_("Days to pay"), default=0)
    chance = models.DecimalField(
        _("Chance of winning"), **SHARE, default=Decimal("0.3"), validators=A_SHARE
    )
    staying = models.DecimalField(
        _("Still there after a year"), **SHARE, default=Decimal("0.8"), validators=A_SHARE
    )
    first_month = models.DateField(_("First deliveries in"))
    ramp = models.PositiveSmallIntegerField(
        _("Months until all of it is bought"), default=3, validators=[MinValueValidator(1)]
    )
    # Whose minutes winning takes: of what they cost.
    won_by = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True, related_name="+")

    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default="")
    expected = models.DecimalField(**MONEY, null=True, blank=True)
    limit = models.DecimalField(**MONEY, null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)

    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Since when it is won or lost.
    over_on = models.DateField(null=True, blank=True)
    # What was bought in the first twelve months, once they are over.
    came = models.DecimalField(**MONEY, null=True, blank=True)
    audited = ("owner_id", "state", "verdict", "over_on")

    objects = PursuitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "owner"], name="pursuit_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=~Q(state__in=["won", "lost"]),
                name="one_open_pursuit",
            ),
            models.CheckConstraint(condition=Q(turnover__gte=0), name="pursuit_turnover"),
            models.CheckConstraint(condition=Q(staying__gt=0), name="pursuit_staying"),
            models.CheckConstraint(condition=Q(first_month__day=1), name="pursuit_begins_a_month"),
            models.CheckConstraint(
                condition=Q(state__in=["won", "lost"], over_on__isnull=False)
                | ~Q(state__in=["won", "lost"]) & Q(over_on__isnull=True),
                name="pursuit_over_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state not in OVER

    @property
    def is_filled(self) -> bool:
        return self.turnover > 0


class PursuitNeed(models.Model):
    """What serving the customer would take of a pool a month."""

    pursuit = models.ForeignKey(Pursuit, models.CASCADE, related_name="needs")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    minutes = models.DecimalField(**MINUTES)
    audited = ("pursuit_id", "pool_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pursuit", "pool"], name="one_need_a_pool"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="pursuit_needs_something"),
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.minutes}"


class PursuitStep(SealedFields):
    """One step of the plan of winning: what, how many minutes, how much money."""

    sealed_fields = {"what": one_spelling}

    pursuit = models.ForeignKey(Pursuit, models.CASCADE, related_name="steps")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    what_index = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    money = models.DecimalField(**MONEY, default=NIL)
    audited = ("pursuit_id", "position")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [
            *only_sealed("what"),
            models.UniqueConstraint(fields=["pursuit", "position"], name="one_pursuit_step_each"),
            models.CheckConstraint(condition=Q(money__gte=0), name="pursuit_step_money"),
        ]

    def __str__(self) -> str:
        return str(self.position)


class PursuitSpending(SealedFields):
    """What was spent on winning: minutes and money, and what both cost by then."""

    sealed_fields = {"what": one_spelling}

    pursuit = models.ForeignKey(Pursuit, models.CASCADE, related_name="spendings")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    day = models.DateField(_("Day"))
    what = models.TextField(blank=True)
    what_index = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes"), default=0)
    money = models.DecimalField(_("Money"), **MONEY, default=NIL)
    cost = models.DecimalField(**MONEY)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    audited = ("pursuit_id", "day", "minutes", "cost", "booked_by_id", "taken_back_at")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "-pk")
        constraints = [
            *only_sealed("what"),
            models.CheckConstraint(
                condition=Q(money__gte=0) & (Q(money__gt=0) | Q(minutes__gt=0)),
                name="pursuit_spending_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.cost}"


class PursuitChange(SealedFields):
    """A pursuit went from one state to another, or to another owner: kept for good."""

    sealed_fields = {"because": one_spelling}

    pursuit = models.ForeignKey(Pursuit, models.CASCADE, related_name="changes")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    # Empty: it was opened.
    before = models.CharField(max_length=12, choices=State, blank=True)
    after = models.CharField(max_length=12, choices=State)
    to_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    because = models.TextField(blank=True)
    because_index = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    audited = ("pursuit_id", "before", "after", "to_owner_id", "by_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [*only_sealed("because")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Scenario(SealedFields):
    """A way to grow that somebody thinks through: theirs alone, until it is deleted.

    What nothing is said of is as planned, so one without rows is the plan itself.
    """

    sealed_fields = {"note": one_spelling}

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=80)
    note = models.TextField(blank=True)
    note_index = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    audited = ("owner_id",)

    class Meta:
        ordering = ("pk",)
        constraints = [
            *only_sealed("note"),
            models.UniqueConstraint(fields=["owner", "name"], name="scenario_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioPursuit(models.Model):
    """What a scenario says of a pursuit: taken or not, from which month; how many more like it."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="pursuits")
    pursuit = models.ForeignKey(Pursuit, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    # Null: as planned.
    taken = models.BooleanField(null=True)
    month = models.DateField(null=True, blank=True)
    more = models.PositiveSmallIntegerField(default=0)
    more_month = models.DateField(null=True, blank=True)
    audited = ("scenario_id", "pursuit_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "pursuit"], name="scenario_pursuit_once"),
            models.CheckConstraint(
                condition=Q(more=0) | Q(more_month__isnull=False), name="scenario_more_from_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id}: {self.pursuit_id}"


class ScenarioKind(models.Model):
    """So many further customers like those of a value class, or as they were typed."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="kinds")
    # Empty: as typed.
    value_class = models.CharField(max_length=1, blank=True)
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    month = models.DateField()
    turnover = models.DecimalField(**MONEY, default=NIL)
    margin = models.DecimalField(**SHARE, default=NIL)
    # What winning one of them costs, money.
    winning = models.DecimalField(**MONEY, default=NIL)
    # Pool's id → minutes a month, as text.
    minutes = models.JSONField(default=dict, blank=True)
    audited = ("scenario_id", "value_class", "number")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="scenario_kind_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.number} × {self.value_class}"


class ScenarioHands(models.Model):
    """More minutes a month in a pool from a month on, and what they cost a month."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="hands")
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="+")
    month = models.DateField()
    minutes = models.DecimalField(**MINUTES)
    cost = models.DecimalField(**MONEY, default=NIL)
    audited = ("scenario_id", "pool_id", "minutes", "cost")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0, cost__gte=0), name="scenario_hands_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.minutes}"


class Learning(models.Model):
    """What plans came to: real ÷ promised of every pursuit that was won and is a year old.

    Ratios only, in order of size, so that it says nothing about a single customer.
    """

    as_of = models.DateField()
    ratios = models.JSONField(default=list)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.as_of}: {len(self.ratios)}"
