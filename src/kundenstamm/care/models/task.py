"""What somebody is to do for a customer, until when, and whose it has been."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models.complaint import Complaint, handed_to_another
from kundenstamm.customers.models import Customer
from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed


class TaskQuerySet(NeedToKnowQuerySet["Task"]):
    """What is to be done."""

    def still_open(self) -> Self:
        return self.filter(ended_at=None, customer__withdrawn=False)

    def ended(self) -> Self:
        """The latest first."""
        return self.exclude(ended_at=None).order_by("-ended_at", "-pk")

    def by_due(self) -> Self:
        return self.order_by("due", "created_at", "pk")


class Task(SealedFields):
    """It is ended by an outcome, and never deleted: what was dropped stays with its reason."""

    class Outcome(models.TextChoices):
        DONE = "done", _("Finished")
        REACHED = "reached", _("Reached")
        PROMISED = "promised", _("Promised")
        ORDERED = "ordered", _("Ordered")
        IN_VAIN = "in_vain", _("Tried in vain")
        DROPPED = "dropped", _("Dropped")

    sealed_fields = {"what": normalising.one_spelling}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tasks")
    what = models.TextField(_("What is to be done"))
    what_index = models.CharField(max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False,
        verbose_name=_("Who"),
    )  # fmt: skip
    # A local calendar day, as people say it.
    due = models.DateField(_("Until"))
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome, blank=True)
    audited = ("owner_id", "due", "created_by_id", "ended_at", "ended_by_id", "outcome")

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("what"),
            models.CheckConstraint(condition=~Q(what=""), name="task_says_what"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, outcome="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome=""),
                name="task_ended_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due"], condition=Q(ended_at__isnull=True), name="task_of_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.owner}"

    @property
    def ended(self) -> bool:
        return self.ended_at is not None

    @property
    def dropped(self) -> bool:
        return self.outcome == self.Outcome.DROPPED


class TaskStep(SealedFields):
    """One thing that happened to a task: who passed it on to whom, who put it off until when."""

    class Kind(models.TextChoices):
        HANDED_OVER = "handed_over", _("Handed over")
        PUT_OFF = "put_off", _("Put off")
        ENDED = "ended", _("Ended")

    sealed_fields = {"because": normalising.one_spelling}

    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
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
    from_due = models.DateField(null=True, blank=True)
    to_due = models.DateField(null=True, blank=True)
    because = models.TextField(_("Reason"), blank=True)
    because_index = models.CharField(max_length=40, blank=True)
    audited = (
        "task_id", "kind", "by_id", "from_owner_id", "to_owner_id", "from_due", "to_due",
    )  # fmt: skip

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            handed_to_another("task_handed_to_another"),
            models.CheckConstraint(
                condition=Q(kind="put_off", from_due__isnull=False, to_due__isnull=False)
                & ~Q(from_due=F("to_due"))
                | ~Q(kind="put_off") & Q(from_due__isnull=True, to_due__isnull=True),
                name="task_put_off_to_another_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="ended") | ~Q(because=""), name="task_step_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["task", "at"], name="task_steps_in_time")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_kind_display()}"
