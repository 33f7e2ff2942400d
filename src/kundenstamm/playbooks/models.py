"""What is to be done when a customer enters a stage, and where that has begun."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models import Task
from kundenstamm.care.rules import LONGEST_TASK
from kundenstamm.customers.models import Customer, Link
from kundenstamm.guard.normalising import one_spelling
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.lifecycle.models import Stage, StageChange, ValuationRun
from kundenstamm.playbooks import rules


class Playbook(models.Model):
    """The steps for one stage and one link of the chain; an empty link is for every one.

    It starts for customers that enter the stage after it was switched on.
    """

    stage = models.CharField(_("Stage"), max_length=10, choices=Stage)
    link = models.CharField(_("Link of the chain"), max_length=20, choices=Link, blank=True)
    switched_on_at = models.DateTimeField(null=True, blank=True)
    audited = ("stage", "link", "switched_on_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stage", "link"], name="one_playbook_each"),
            models.CheckConstraint(condition=~Q(stage="parted"), name="no_playbook_after_parting"),
        ]

    def __str__(self) -> str:
        return rules.named(self.stage, self.link)

    @property
    def on(self) -> bool:
        return self.switched_on_at is not None


class PlaybookStep(models.Model):
    """One thing to do: by whom, so many days after the start. It says nothing about a customer."""

    class Function(models.TextChoices):
        REPRESENTATIVE = "representative", _("The customer's representative")
        SERVICE = "service", _("Service")
        PERSON = "person", _("A certain person")

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(_("What is to be done"), max_length=LONGEST_TASK)
    function = models.CharField(_("Who"), max_length=20, choices=Function)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_days = models.PositiveSmallIntegerField(
        _("After days"), validators=[MaxValueValidator(rules.MOST_DAYS)]
    )
    audited = ("playbook_id", "position", "function", "person_id", "due_days")

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["playbook", "position"], name="one_step_a_place"),
            models.CheckConstraint(condition=~Q(what=""), name="playbook_step_says_what"),
            models.CheckConstraint(
                condition=Q(function="person", person__isnull=False)
                | ~Q(function="person") & Q(person__isnull=True),
                name="playbook_step_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.what}"


class PlayQuerySet(NeedToKnowQuerySet["Play"]):
    """Playbooks that were started."""

    def running(self) -> Self:
        return self.filter(ended_at=None)


class Play(SealedFields):
    """A playbook that was started for one customer; ``change`` is the stage it was in by then.

    Its tasks are its own: a later change of the playbook leaves them alone.
    """

    class End(models.TextChoices):
        FINISHED = "finished", _("All steps done")
        LEFT = "left", _("The customer left the stage")
        STOPPED = "stopped", _("Stopped")

    sealed_fields = {"because": one_spelling}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="plays")
    playbook = models.ForeignKey(Playbook, models.PROTECT, related_name="plays")
    change = models.ForeignKey(StageChange, models.PROTECT, related_name="+")
    by_hand = models.BooleanField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end = models.CharField(max_length=10, choices=End, blank=True)
    because = models.TextField(_("Reason"), blank=True)
    because_index = models.CharField(max_length=40, blank=True)
    audited = ("playbook_id", "change_id", "by_hand", "started_by_id", "ended_by_id", "end")

    objects = PlayQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at__isnull=True), name="one_play_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["change"], condition=Q(by_hand=False), name="one_play_per_entry"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end=""),
                name="play_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(end="stopped") | ~Q(because=""), name="play_stopped_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.playbook}"


class PlayTask(models.Model):
    """Which task came of which step of a play."""

    play = models.ForeignKey(Play, models.CASCADE, related_name="tasks")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, models.PROTECT, related_name="of_play")
    position = models.PositiveSmallIntegerField()
    audited = ("play_id", "task_id", "position")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["play", "position"], name="one_task_a_step")]

    def __str__(self) -> str:
        return f"{self.position}"


class Following(models.Model):
    """One pass of the job over the stages of a valuation: how many plays it started and ended.

    ``nobody``: customers that entered a stage while there was nobody to do the steps.
    """

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="+")
    started = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    nobody = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.run} {self.started}"
