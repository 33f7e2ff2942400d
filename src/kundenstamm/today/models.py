"""The step prepared for each customer, what people answered to it, and how they want their day."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models import Interaction, Task
from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MONEY
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.today import rules


class Cause(models.TextChoices):
    """Twin of ``worth.care.effect``; a test holds the two together."""

    COMPLAINT = "complaint", _("Complaint open")
    LATE = "late", _("Buys less often")
    NEGLECT = "neglect", _("Left alone")
    RIVAL = "rival", _("Rival seen")
    DETRACTOR = "detractor", _("Dissatisfied")
    DRIFT = "drift", _("Less contact since a regular")
    THINNING = "thinning", _("Buys less of something")
    EXPIRY = "expiry", _("Agreement ends")
    COVER = "cover", _("Known by one person only")


class Preparation(models.Model):
    """One pass of the job: of everybody, or of those touched since the pass before."""

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="+")
    as_of = models.DateField()
    whole = models.BooleanField()
    steps = models.PositiveIntegerField()
    # Bounds of the value classes over everybody, by which those touched later are classed; infinite
    # where nobody is of that class, empty where a version before this one has prepared.
    least_a = models.FloatField(null=True)
    least_b = models.FloatField(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return str(self.as_of)


class Outcomes(models.Model):
    """What became of those we spoke to beside similar others; the newest is what is shown.

    Sums over groups of customers, nothing about a single one: see ``today.outcomes``.
    """

    as_of = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # One for each length of window: days, counts, differences with their intervals, sentences.
    found = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "outcomes"

    def __str__(self) -> str:
        return str(self.as_of)


class Step(models.Model):
    """What waiting costs for one customer, and why: prepared by a job, read by pages."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="step")
    as_of = models.DateField()
    cost_of_waiting = models.DecimalField(**MONEY)
    minutes = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=12, choices=Cause)
    # Sentences' templates (the English words) and what stands in them; translated when shown.
    reason = models.JSONField()
    further = models.JSONField(default=list)
    value_class = models.CharField(max_length=1)
    allowed = models.FloatField()
    silence = models.PositiveIntegerField()
    p_now = models.FloatField()
    # The day is filled by what saves most a minute.
    per_minute = models.GeneratedField(
        expression=F("cost_of_waiting") / F("minutes"),
        output_field=models.DecimalField(**MONEY),
        db_persist=True,
    )

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-per_minute", "customer"], name="step_by_worth")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_of_waiting__gte=0, minutes__gt=0), name="step_takes_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.get_cause_display()}"


class AnswerQuerySet(NeedToKnowQuerySet["Answer"]):
    """What people said to a step."""

    def standing(self) -> Self:
        return self.filter(undone_at=None)

    def resting(self, day: date) -> Self:
        """Those that keep a customer off the list on a day."""
        return self.standing().filter(rests_until__gt=day)


class Answer(SealedFields):
    """What somebody did about a step. It lets the customer rest until a day.

    ``cause``, ``minutes`` and ``cost_of_waiting`` are the step's as they were then.
    """

    class Kind(models.TextChoices):
        DONE = "done", _("Done")
        NOT_NOW = "not_now", _("Not now")
        GIVEN = "given", _("Given to somebody")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        PROMISED = "promised", _("Promised")
        ORDERED = "ordered", _("Ordered")
        NOT_REACHED = "not_reached", _("Not reached")

    sealed_fields = {"because": lambda text: " ".join(text.split())}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("What"), max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    day = models.DateField()
    rests_until = models.DateField(_("Until"))
    cause = models.CharField(max_length=12, choices=Cause)
    minutes = models.PositiveSmallIntegerField()
    cost_of_waiting = models.DecimalField(**MONEY)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Outcome, blank=True)
    because = models.TextField(_("Reason"), blank=True)
    because_index = models.CharField(max_length=40, blank=True)
    interaction = models.OneToOneField(
        Interaction, models.PROTECT, null=True, blank=True, related_name="+"
    )
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    audited = ("kind", "by_id", "rests_until", "cause", "outcome", "undone_at")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            models.UniqueConstraint(
                fields=["customer", "day", "cause"],
                condition=Q(undone_at__isnull=True),
                name="answered_once_a_day",
                violation_error_message=_("Somebody has answered this today already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="done", interaction__isnull=False, task__isnull=True)
                & ~Q(outcome="")
                | Q(kind="not_now", interaction__isnull=True, task__isnull=True, outcome="")
                & ~Q(because="")
                | Q(kind="given", interaction__isnull=True, task__isnull=False, outcome=""),
                name="answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(rests_until__gt=F("day")),
                name="answer_rests_a_day",
                violation_error_message=_("Choose a later day."),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-rests_until"], name="answer_rests"),
            models.Index(fields=["by", "day"], name="answer_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class Wish(models.Model):
    """How one person wants the day: minutes for it, and a mail in the morning or none."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="wish_for_the_day"
    )
    minutes = models.PositiveSmallIntegerField(
        _("Minutes a day"),
        default=rules.USUAL_MINUTES,
        validators=[
            MinValueValidator(rules.FEWEST_MINUTES), MaxValueValidator(rules.MOST_MINUTES),
        ],
    )  # fmt: skip
    morning_mail = models.BooleanField(_("Send me the day's steps every morning"), default=False)
    names_customers = models.BooleanField(_("Name the customers in the mail"), default=False)
    mailed_on = models.DateField(null=True, blank=True)
    audited = ("person_id", "minutes", "morning_mail", "names_customers", "mailed_on")

    def __str__(self) -> str:
        return f"{self.person} {self.minutes}"
