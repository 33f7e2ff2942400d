"""Somebody is away for a while, and who stands in until they are back."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Right, may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """Of an owner all, of a lead the own team's: who may assign customers arranges them."""
        if not isinstance(actor, User) or not may(actor, Right.ASSIGN):
            return self.none()
        if actor.role == Role.OWNER:
            return self
        return self.filter(person__teams__in=actor.teams.all()).distinct()

    def lent(self, day: date) -> list[int]:
        """Assignments that last on a day only because somebody is away."""
        found = self.filter(ends__gte=day).values_list("assignments", flat=True)
        return [pk for held in found for pk in held]

    def lasting(self, day: date) -> Self:
        """Begun or planned; those that were called off are not."""
        return self.filter(Q(ends__gte=F("starts")), ends__gte=day)


class Absence(models.Model):
    """From a day to a day, both included; one that ends before it begins was called off.

    Why somebody is away is nobody's business here, and stands nowhere.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    # What the deputy serves and was opened only because of it: numbers of rows.
    assignments = ArrayField(models.BigIntegerField(), default=list)
    openings = ArrayField(models.BigIntegerField(), default=list)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    # When all of it was taken back.
    over_at = models.DateTimeField(null=True, blank=True)
    audited = ("person_id", "deputy_id", "starts", "ends", "entered_by_id", "over_at")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("deputy")), name="nobody_stands_in_for_themselves"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.starts} – {self.ends}"
