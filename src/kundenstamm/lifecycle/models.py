"""What was estimated about each customer, when, and from what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY


class Stage(models.TextChoices):
    """Twin of ``worth.stages``; a test holds the two together."""

    PROSPECT = "prospect", _("Prospect")
    NEW = "new", _("New")
    REPEAT = "repeat", _("Repeat customer")
    REGULAR = "regular", _("Regular")
    AT_RISK = "at_risk", _("At risk")
    LOST = "lost", _("Lost")
    WON_BACK = "won_back", _("Won back")
    PARTED = "parted", _("Parted")


class Alarm(models.TextChoices):
    """Twin of ``worth.alarm``; a test holds the two together."""

    CONTRIBUTION_2 = "contribution_2", _("Serving costs more than it brings")
    CONTRIBUTION_3 = "contribution_3", _("Winning and keeping cost more than it brings")
    TREND = "trend", _("Serving rises, contribution falls")


class ValuationRun(models.Model):
    """One valuation of every customer as of one day. The newest finished one is what pages show."""

    as_of = models.DateField(_("As of"))
    horizon_days = models.PositiveSmallIntegerField(default=365)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    customers = models.PositiveIntegerField(default=0)
    estimated_margin = models.BooleanField(default=False)
    # Customers summarised and scored by this run; the others' rows come from the run before.
    scored = models.PositiveIntegerField(default=0)
    # Entries of each batch that it had read, and a mark of the margins it estimated with.
    ledger_read = models.JSONField(default=dict)
    # Fitted parameters and the fit's own report, as plain values: a model is never pickled.
    models_fitted = models.JSONField(default=dict)
    # Sums that pages show without reading every customer: stages, levels, whale curve points.
    totals = models.JSONField(default=dict)

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return str(self.as_of)


class Estimate(models.Model):
    """One customer in one run: behaviour so far, profit of the last year, expectation of the next.

    Money in the company's currency; ``year_…`` covers the 365 days up to the run's ``as_of``.
    """

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="estimates", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="estimates", db_index=False)

    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    occasions = models.PositiveIntegerField(default=0)
    gap_mean = models.FloatField(null=True)
    gap_sd = models.FloatField(null=True)
    next_expected_day = models.DateField(null=True)

    gross_sales = models.DecimalField(**MONEY, default=0)
    net_revenue = models.DecimalField(**MONEY, default=0)
    contribution_1 = models.DecimalField(**MONEY, default=0)
    year_gross_sales = models.DecimalField(**MONEY, default=0)
    year_returns = models.DecimalField(**MONEY, default=0)
    year_reductions = models.DecimalField(**MONEY, default=0)
    year_goods = models.DecimalField(**MONEY, default=0)
    year_cost_to_serve = models.DecimalField(**MONEY, default=0)
    year_winning = models.DecimalField(**MONEY, default=0)
    year_net_revenue = models.DecimalField(**MONEY, default=0)
    year_contribution_1 = models.DecimalField(**MONEY, default=0)
    year_contribution_2 = models.DecimalField(**MONEY, default=0)
    year_contribution_3 = models.DecimalField(**MONEY, default=0)
    previous_contribution_3 = models.DecimalField(**MONEY, default=0)
    estimated_margin = models.BooleanField(default=False)

    p_active = models.FloatField(null=True)
    expected_occasions = models.FloatField(null=True)
    # What is expected before serving, less what serving is expected to cost, is the contribution.
    expected_before_serving = models.DecimalField(**MONEY, null=True)
    expected_cost_to_serve = models.DecimalField(**MONEY, null=True)
    expected_contribution = models.DecimalField(**MONEY, null=True)
    expected_low = models.DecimalField(**MONEY, null=True)
    expected_high = models.DecimalField(**MONEY, null=True)
    value_at_risk = models.DecimalField(**MONEY, null=True)
    # Expected contribution of the profile's years, discounted.
    lifetime_value = models.DecimalField(**MONEY, null=True)
    # Sentences' templates (the English words) and what stands in them; translated when shown.
    why = models.JSONField(default=dict)

    stage = models.CharField(max_length=10, choices=Stage)
    stage_since = models.DateField(null=True)
    stage_reason = models.JSONField(default=dict)
    # The most serious alarm, and its reason; empty where serving pays.
    alarm = models.CharField(max_length=14, choices=Alarm, blank=True, default="")
    alarm_reason = models.JSONField(default=dict)
    # Place among all customers of the run by year_contribution_3, best first; of two
    # equal ones the later customer: so the index on the contribution, read backwards, is the order.
    rank = models.PositiveIntegerField()
    # The same by lifetime value, among those of whom anything is expected.
    lifetime_rank = models.PositiveIntegerField(null=True)

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            # In this order it also finds a customer's newest estimate and all that it ever had.
            models.UniqueConstraint(fields=["customer", "run"], name="one_estimate_per_run")
        ]
        # Every order of the customer list has its index, ended by the customer to break ties.
        # All ascend: a page in descending order reads its index backwards, ties included.
        indexes = [
            models.Index(fields=["run", "rank"], name="est_rank"),
            models.Index(fields=["run", "stage", "rank"], name="est_stage"),
            models.Index(fields=["run", "year_contribution_3", "customer"], name="est_profit"),
            models.Index(fields=["run", "year_net_revenue", "customer"], name="est_revenue"),
            models.Index(fields=["run", "expected_contribution", "customer"], name="est_value"),
            models.Index(fields=["run", "lifetime_value", "customer"], name="est_lifetime"),
            models.Index(fields=["run", "value_at_risk", "customer"], name="est_risk"),
            # Those at risk by what is at stake: among all, the lost would stand before them.
            models.Index(
                fields=["run", "value_at_risk", "customer"],
                condition=models.Q(stage="at_risk"),
                name="est_at_risk",
            ),
            models.Index(fields=["run", "rank"], condition=~models.Q(alarm=""), name="est_alarm"),
            models.Index(fields=["run", "p_active", "customer"], name="est_active"),
            models.Index(fields=["run", "last_day", "customer"], name="est_last"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.run}"


class QuarterSum(models.Model):
    """What one customer brought in one quarter of the calendar, as of the newest run.

    Signed as it acts on profit. See ``lifecycle.frames.quarters``.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    gross_sales = models.DecimalField(**MONEY)
    returns = models.DecimalField(**MONEY)
    reductions = models.DecimalField(**MONEY)
    goods = models.DecimalField(**MONEY)
    cost_to_serve = models.DecimalField(**MONEY)
    winning = models.DecimalField(**MONEY)
    # Bought in the quarter, and by its end often enough to count as a regular.
    regular = models.BooleanField()

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "first_day"], name="one_sum_per_quarter")
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.first_day}"


class StageChange(models.Model):
    """A customer entered a stage: kept for good, one row per change."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="stage_changes", db_index=False
    )
    stage = models.CharField(max_length=10, choices=Stage)
    since = models.DateField()
    run = models.ForeignKey(ValuationRun, models.CASCADE)
    reason = models.JSONField(default=dict)

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="stage_history")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.stage}"


class Evidence(models.Model):
    """How good the estimators were on the company's own history; the newest is what is shown.

    Sums and means over groups of customers, nothing about a single one: see
    ``lifecycle.evidence.judging``. Without a history that is long enough there is a ``refusal``
    (a sentence's template and its values) and nothing else.
    """

    as_of = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Length of each window; whom the latest was judged by, and of how many.
    horizon_days = models.PositiveSmallIntegerField(null=True)
    customers = models.PositiveIntegerField(default=0)
    of_customers = models.PositiveIntegerField(default=0)
    # Latest window first: what was expected of all, what came.
    windows = models.JSONField(default=list)
    # Estimator → target → metric, means over the windows.
    compared = models.JSONField(default=dict)
    # Classes of customers, expected beside actual: of counts, and of the chance to buy again.
    calibration = models.JSONField(default=dict)
    # Sentences: what our estimator chose at the beginning of the latest window.
    why = models.JSONField(default=list)
    refusal = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return str(self.as_of)


class SavedView(models.Model):
    """A named way to look at the customer list: filters, order and columns."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("Name"), max_length=80)
    query = models.CharField(max_length=1000)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name
