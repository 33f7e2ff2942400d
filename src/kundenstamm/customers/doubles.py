"""Customers that are there twice: pairs that look like one, and what was merged of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.queries import NeedToKnowQuerySet


class DuplicateQuerySet(NeedToKnowQuerySet["Duplicate"]):
    """A pair says that there are two alike: only who knows both may know of it."""

    customer_path = "first"
    further_paths = ("second",)


class Duplicate(models.Model):
    """Two customers that look like one, the older first; or were found not to be one.

    ``reasons``: words of `kundenstamm.worth.duplicates.model`, by what was compared.
    """

    first = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    second = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    probability = models.FloatField(_("Probability"))
    reasons = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    # Somebody said that they are two: no search finds the pair again.
    apart_at = models.DateTimeField(null=True, blank=True)
    apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("second_id", "apart_at", "apart_by_id")

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_of_two"),
            models.CheckConstraint(
                condition=Q(apart_at__isnull=True, apart_by__isnull=True)
                | Q(apart_at__isnull=False, apart_by__isnull=False),
                name="duplicate_apart_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-probability", "id"], condition=Q(apart_at=None), name="duplicate_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class MergeProposalQuerySet(NeedToKnowQuerySet["MergeProposal"]):
    """It says that two are one: only who knows both may know of it."""

    customer_path = "kept"
    further_paths = ("dropped",)


class MergeProposal(models.Model):
    """Somebody who may not merge two customers says that they are one; somebody who may decides."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a decision")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    class Reason(models.TextChoices):
        TWO = "two", _("They are two")
        BRANCHES = "branches", _("Branches that stay apart on purpose")
        TERMS = "terms", _("They have different terms")
        SERVED = "served", _("First settle who serves it")
        UNSURE = "unsure", _("Not sure enough: ask the customer first")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    dropped = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("Reason"), max_length=10, choices=Reason, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    audited = ("dropped_id", "state", "reason", "proposed_by_id", "decided_by_id")

    objects = MergeProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Least("kept", "dropped"), Greatest("kept", "dropped"),
                condition=Q(state="open"), name="merge_proposed_once",
            ),
            models.CheckConstraint(
                condition=~Q(kept=F("dropped")), name="merge_proposal_of_two"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="merge_proposal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(reason="") | ~Q(state="refused") & Q(reason=""),
                name="merge_proposal_refused_for_a_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}: {self.state}"


class MergeQuerySet(NeedToKnowQuerySet["Merge"]):
    """By who is kept: nobody knows of the other one any more."""

    customer_path = "kept"


class Merge(models.Model):
    """One customer became part of another: asked for, done, perhaps undone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Merged")
        FAILED = "failed", _("Not possible")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    dropped = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    # What the dropped one was called, for nobody may read its row any more; how much moved.
    told = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("dropped_id", "state", "asked_by_id", "undone_by_id")

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"],
                condition=Q(state__in=("waiting", "done", "undoing")),
                name="merged_into_one",
            ),
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"


class MergeMove(models.Model):
    """What a merge changed of rows of one table, and how these were: what an undo puts back.

    Nothing of it is shown, so the site may not read it.
    """

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="moves")
    table = models.CharField(max_length=60)
    before = models.JSONField()
    rows = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.table}: {len(self.rows)}"
