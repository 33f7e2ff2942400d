"""Who was spoken to in a note: it waits for them until they have seen it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from kundenstamm.care.models.interaction import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet


class Mention(models.Model):
    """A colleague's name in a note, after an @. ``customer`` is the note's: the wall asks it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="mentions")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    audited = ("interaction_id", "person_id", "seen_at")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction", "person"], name="mentioned_once")
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(seen_at__isnull=True), name="mention_unseen"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interaction}: {self.person}"
