"""What people keep of lists: stars, and what they did to many customers at once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.queries import NeedToKnowQuerySet


class Star(models.Model):
    """A customer that a person wants at hand."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stars")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="stars")
    starred_at = models.DateTimeField(_("Starred"))

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "customer"], name="starred_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.customer}"


class BulkAct(models.Model):
    """One thing done to many customers at once. ``told``: what else it needed, by name."""

    class Kind(models.TextChoices):
        STAR = "star", _("Star")
        UNSTAR = "unstar", _("Take the star away")
        HAND_OVER = "hand_over", _("Hand over")
        REGION = "region", _("Set the region")
        CONFIDENTIAL = "confidential", _("Keep confidential")
        LIFT = "lift", _("No longer confidential")
        ASK = "ask", _("Ask how satisfied")
        CAMPAIGN = "campaign", _("Note a campaign")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("What"), max_length=12, choices=Kind)
    told = models.JSONField(default=dict)
    # All it changed: whoever did it may know of fewer of them by now.
    customers = models.PositiveIntegerField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_acts")
    done_at = models.DateTimeField(_("When"))
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    audited = ("kind", "customers", "done_by_id", "done_at", "undone_at")

    class Meta:
        indexes = [models.Index(fields=["done_by", "-id"], name="bulk_act_by_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.customers}"


class BulkChange(models.Model):
    """What one act changed of one customer: how it was, and how the act left it."""

    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="changes")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="bulk_changes")
    before = models.JSONField()
    after = models.JSONField()
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    audited = ("act_id", "undone_at")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "customer"], name="changed_once_an_act")
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.customer}"
