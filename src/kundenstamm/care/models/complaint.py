"""What a customer complained of: until when it is answered and solved, whose it is, its cost."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models.interaction import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MONEY


class ComplaintClass(models.Model):
    """How soon complaints of a kind are answered and solved. Hours and days of the calendar."""

    name = models.CharField(_("Name"), max_length=60, unique=True)
    answer_hours = models.PositiveSmallIntegerField(
        _("Hours to a first answer"), validators=[MinValueValidator(1)]
    )
    solution_days = models.PositiveSmallIntegerField(
        _("Days to a solution"), validators=[MinValueValidator(1)]
    )
    audited = ("answer_hours", "solution_days")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_hours__gte=1, solution_days__gte=1),
                name="complaint_class_leaves_time",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ComplaintQuerySet(NeedToKnowQuerySet["Complaint"]):
    """What customers complained of."""

    def still_open(self) -> Self:
        return self.filter(solved_at=None)

    def by_deadline(self) -> Self:
        """The next deadline first: of the first answer, then of the solution."""
        answered = When(answered_at=None, then=F("answer_due"))
        return self.annotate(next_due=Case(answered, default=F("solve_due"))).order_by(
            "next_due", "pk"
        )


class Complaint(models.Model):
    """One complaint, opened from what happened; its words stand in its steps, sealed."""

    class Cause(models.TextChoices):
        GOODS = "goods", _("Goods faulty")
        WRONG = "wrong", _("Wrong goods or quantity")
        LATE = "late", _("Delivered late")
        DAMAGED = "damaged", _("Damaged on the way")
        INVOICE = "invoice", _("Invoice or price")
        ADVICE = "advice", _("Advice or service")
        OTHER = "other", _("Something else")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="complaints")
    interaction = models.OneToOneField(Interaction, models.PROTECT, related_name="complaint")
    of_class = models.ForeignKey(
        ComplaintClass, models.PROTECT, related_name="+", verbose_name=_("Class")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Who")
    )
    opened_at = models.DateTimeField(_("Complained"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    answer_due = models.DateTimeField(_("Answer until"))
    solve_due = models.DateTimeField(_("Solve until"))
    answered_at = models.DateTimeField(_("First answer"), null=True, blank=True)
    solved_at = models.DateTimeField(_("Solved"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("Escalated"), null=True, blank=True)
    # Whether the customer is asked, once it is solved, how it was handled.
    asks_after = models.BooleanField(_("Ask after the solution"), default=False)
    cause = models.CharField(_("Cause"), max_length=20, choices=Cause, blank=True)
    cost = models.DecimalField(_("Cost"), **MONEY, null=True, blank=True)
    audited = (
        "of_class_id", "owner_id", "answer_due", "solve_due", "answered_at", "solved_at",
        "escalated_at", "asks_after", "cause",
    )  # fmt: skip

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at__isnull=True) | Q(answered_at__isnull=False),
                name="complaint_solved_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="complaint_costs_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["solve_due"], condition=Q(solved_at__isnull=True), name="complaint_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d} {self.of_class}"

    @property
    def solved(self) -> bool:
        return self.solved_at is not None


def handed_to_another(name: str) -> models.CheckConstraint:
    """A step that hands over, and only that, names who had it and somebody else who has it now."""
    return models.CheckConstraint(
        condition=Q(kind="handed_over", from_owner__isnull=False, to_owner__isnull=False)
        & ~Q(from_owner=F("to_owner"))
        | ~Q(kind="handed_over") & Q(from_owner__isnull=True, to_owner__isnull=True),
        name=name,
    )


class ComplaintStep(SealedFields):
    """One thing that happened to a complaint, with what was said: promised, done, why."""

    class Kind(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        HANDED_OVER = "handed_over", _("Handed over")
        CLASSED = "classed", _("Class changed")
        ESCALATED = "escalated", _("Escalated")
        SOLVED = "solved", _("Solved")
        REOPENED = "reopened", _("Opened again")

    sealed_fields = {"said": normalising.one_spelling}

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(_("What"), max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    said = models.TextField(_("What was said"), blank=True)
    said_index = models.CharField(max_length=40, blank=True)
    audited = ("complaint_id", "kind", "by_id", "from_owner_id", "to_owner_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("said"),
            handed_to_another("complaint_handed_to_another"),
            models.CheckConstraint(
                condition=Q(kind__in=("escalated", "classed")) | ~Q(said=""),
                name="complaint_step_says_something",
            ),
        ]
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_steps_in_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_kind_display()}"
