"""What serving customers takes: pools and their months, activity types, activities, allocations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MINUTES, MONEY, SHARE
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Batch, EntryKind, Source
from kundenstamm.worth import activities as worth
from kundenstamm.worth.activities import PRACTICAL

# Late payment takes money and no minutes, so no activity leads to it.
SERVING = (
    EntryKind.ORDER, EntryKind.DELIVERY, EntryKind.VISIT, EntryKind.SUPPORT, EntryKind.COMPLAINT,
    EntryKind.ACQUISITION, EntryKind.RETENTION,
)  # fmt: skip


def _first_of_month(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(month__day=1), name=name)


class Pool(models.Model):
    """A team, a warehouse, a fleet: whoever works for customers and costs money each month."""

    name = models.CharField(_("Pool"), max_length=120, unique=True)
    audited = ("name",)

    def __str__(self) -> str:
        return self.name


class PoolMonth(models.Model):
    """What a pool costs in a month, and the minutes it is there for. ``month`` is its first day."""

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="months")
    month = models.DateField(_("Month"))
    cost = models.DecimalField(_("Cost"), **MONEY)
    theoretical_minutes = models.DecimalField(_("Minutes present"), **MINUTES)
    practical_share = models.DecimalField(_("Share that is worked"), **SHARE, default=PRACTICAL)
    audited = ("pool_id", "month")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "month"], name="pool_month_once"),
            _first_of_month("pool_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(cost__gte=0),
                name="pool_cost_not_negative",
                violation_error_message=_("The cost is negative. Enter nil or more."),
            ),
            models.CheckConstraint(
                condition=Q(theoretical_minutes__gt=0),
                name="pool_minutes_above_nil",
                violation_error_message=_("A pool has minutes. Enter more than nil."),
            ),
            models.CheckConstraint(
                condition=Q(practical_share__gt=0, practical_share__lte=1),
                name="practical_share_is_a_share",
                violation_error_message=_("This share is none. Enter one above 0 up to 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool}, {Month(self.month)}"

    @property
    def capacity(self) -> Decimal:
        """Minutes that can really be worked."""
        return self.theoretical_minutes * self.practical_share

    @property
    def rate(self) -> Decimal:
        """What a minute costs, money."""
        return worth.Pool(self.cost, self.capacity).rate


# Where derived work comes from beside documents: the interactions that customers were cared with.
OF_INTERACTIONS = {
    "visits": "visit", "calls": "call", "mails": "mail", "support": "support",
    "complaints": "complaint",
}  # fmt: skip


class DerivedFrom(models.TextChoices):
    """What a kind of work follows from, so that nobody has to note it."""

    NOTHING = "", _("nothing: it is noted or imported")
    ORDERS = "orders", _("orders: one for each document with sales")
    DELIVERIES = "deliveries", _("deliveries: one for each document and day with sales")
    VISITS = "visits", _("visits: each one that was recorded")
    CALLS = "calls", _("calls: each one that was answered or has minutes")
    MAILS = "mails", _("mails: each one that was answered or has minutes")
    SUPPORT = "support", _("support: each time it was recorded")
    COMPLAINTS = "complaints", _("complaints: each one that was recorded")


class ActivityType(models.Model):
    """A kind of work for a customer; how long it takes, its time equations say."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Activity"), max_length=120)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="types")
    kind = models.PositiveSmallIntegerField(
        _("Kind of entry"), choices=[(kind.value, kind.label) for kind in SERVING]
    )
    derived_from = models.CharField(
        _("Derived from"), max_length=20, choices=DerivedFrom, blank=True, default=""
    )
    audited = ("code", "pool_id", "kind", "derived_from")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in SERVING]), name="type_serves"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def equation_on(self, day: date) -> Equation | None:
        """The newest of those valid by that day."""
        begun = [each for each in self.equations.all() if each.valid_from <= day]
        return max(begun, key=lambda each: each.valid_from, default=None)

    @property
    def newest_equation(self) -> Equation | None:
        return self.equation_on(date.max)


# An equation that was entered without a day.
BEGINNING = date(1900, 1, 1)


class Equation(models.Model):
    """How long an activity of a type takes from a day on, until the type's next equation begins."""

    type = models.ForeignKey(ActivityType, models.CASCADE, related_name="equations")
    valid_from = models.DateField(_("Valid from"), default=BEGINNING)
    base_minutes = models.DecimalField(_("Base minutes"), **MINUTES)
    audited = ("type_id", "valid_from", "base_minutes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "valid_from"], name="one_equation_per_day"),
            models.CheckConstraint(
                condition=Q(base_minutes__gte=0),
                name="base_minutes_not_negative",
                violation_error_message=_("The minutes are negative. Enter nil or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}, {self.valid_from}"

    @property
    def holds_always(self) -> bool:
        """From the beginning."""
        return self.valid_from == BEGINNING

    @property
    def rule(self) -> worth.TimeEquation:
        """As the analytic core wants it."""
        minutes = {each.name: each.minutes for each in self.drivers.all()}
        return worth.TimeEquation(self.base_minutes, minutes)


# Files write drivers as "lines=3; km=12".
NAMEABLE = RegexValidator(
    r"^[^=;|]+$", _("The signs =, ; and | part drivers from each other. Leave them out of a name.")
)


class Driver(models.Model):
    """What makes an activity longer: minutes for each unit (an order line, a kilometre)."""

    equation = models.ForeignKey(Equation, models.CASCADE, related_name="drivers")
    name = models.CharField(_("Driver"), max_length=60, validators=[NAMEABLE])
    minutes = models.DecimalField(_("Minutes for each"), **MINUTES)
    audited = ("equation_id", "name", "minutes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["equation", "name"], name="driver_once")]

    def __str__(self) -> str:
        return self.name


class ActivityQuerySet(NeedToKnowQuerySet["Activity"]):
    """Work done for customers."""

    def of(self, month: Month) -> Self:
        return self.filter(date__gte=month.first, date__lte=month.last)


class Activity(models.Model):
    """One piece of work for one customer on one day.

    ``minutes`` as somebody stopped them; null: by the time equation of its type, with the amounts
    of ``drivers`` (name → number). One that is ``derived`` follows from the document that it names,
    and is brought up to date by each allocation of its month.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="activities", db_index=False
    )
    type = models.ForeignKey(
        ActivityType, models.PROTECT, related_name="activities", db_index=False
    )
    date = models.DateField(_("Date"))
    minutes = models.DecimalField(_("Minutes"), **MINUTES, null=True, blank=True)
    drivers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    source = models.ForeignKey(Source, models.PROTECT, db_index=False)
    document = models.CharField(max_length=120)
    line = models.BigIntegerField(default=1)
    derived = models.BooleanField(default=False, db_default=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "document", "line"],
                condition=Q(derived=False),
                name="activity_once",
            ),
            models.UniqueConstraint(
                fields=["source", "document", "line", "customer", "type"],
                condition=Q(derived=True),
                name="activity_derived_once",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=0),
                name="activity_minutes_not_negative",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("drivers"), function="jsonb_typeof", output_field=models.TextField()),
                    Value("object"),
                ),
                name="activity_drivers_named",
            ),
        ]
        indexes = [
            models.Index(fields=["date"], name="activity_by_date"),
            models.Index(fields=["customer", "date"], name="activity_customer_date"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.type}"


class PaymentQuerySet(NeedToKnowQuerySet["Payment"]):
    """What customers owed, and when they paid."""


class Payment(models.Model):
    """An amount that a customer owed by a day. ``paid`` null: it is open still.

    An invoice that is paid in parts is as many of them, each with a line of its own.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="payments")
    due = models.DateField(_("Due"))
    paid = models.DateField(_("Paid"), null=True, blank=True)
    amount = models.DecimalField(_("Amount"), **MONEY)
    source = models.ForeignKey(Source, models.PROTECT, db_index=False)
    document = models.CharField(max_length=120)
    line = models.BigIntegerField(default=1)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "document", "line"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_owed"),
        ]
        indexes = [models.Index(fields=["paid"], name="payment_by_day")]

    def __str__(self) -> str:
        return f"{self.document}, {self.due}"


class AllocationRun(models.Model):
    """One sharing-out of a month's cost. The newest version of a month is the one that stands."""

    month = models.DateField(_("Month"))
    version = models.PositiveIntegerField(_("Version"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    batch = models.OneToOneField(Batch, models.PROTECT, related_name="allocation")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Per pool: cost, capacity, used, charged, idle (money and minutes as text), overloaded; late
    # payment beside them; and what the run posted and reversed.
    result = models.JSONField(default=dict)
    # How many changes of the month were there when it began to read.
    changes_seen = models.PositiveBigIntegerField(default=0)
    audited = ("month", "version", "replaces_id", "batch_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "version"], name="allocation_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True)
                | Q(version__gt=1, replaces__isnull=False),
                name="allocation_replaces_the_one_before",
            ),
            _first_of_month("allocation_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{Month(self.month)}, {self.version}"


class MonthChange(models.Model):
    """Something that a month's allocation reads was changed; written by triggers (`changes`)."""

    month = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["month", "at"], name="change_of_month")]

    def __str__(self) -> str:
        return f"{Month(self.month)}, {self.at}"


class AllocationJob(models.Model):
    """An allocation that somebody asked for on a page, on its way through the worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("is being allocated")
        DONE = "done", _("allocated")
        FAILED = "failed", _("failed")

    month = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.CharField(max_length=20, default="waiting")
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["month", "-id"], name="job_of_month")]
        constraints = [_first_of_month("allocation_job_of_a_month")]

    def __str__(self) -> str:
        return f"{Month(self.month)}, {self.state}"
