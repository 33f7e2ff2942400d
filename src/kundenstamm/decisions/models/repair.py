"""What was decided about a customer that loses: one rung of the ladder, and what was known then."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY


class Rung(models.TextChoices):
    """Twin of ``worth.decisions.rungs``; a test holds the two together."""

    PRICE = "price", _("Higher prices")
    MINIMUM_ORDER = "minimum_order", _("Minimum order")
    SERVICE = "service", _("Less service")
    DEALER = "dealer", _("Supply by a dealer")
    LET_GO = "let_go", _("Let go")


class RepairPlanQuerySet(NeedToKnowQuerySet["RepairPlan"]):
    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)


class RepairPlan(models.Model):
    """A rung chosen for one customer, with what was measured before and expected of it.

    The figures are kept as they were; the follow-up holds the ledger against them.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="repair_plans")
    rung = models.CharField(_("Rung"), max_length=20, choices=Rung)
    # By how much: a share of price, an order value, a share of service, a dealer's rebate.
    size = models.DecimalField(**MONEY)
    starts_on = models.DateField(_("Takes effect on"))
    reason = models.CharField(_("Reason"), max_length=300)
    # The twelve months up to here were measured, in the company's currency (`repairing.figures`).
    as_of = models.DateField()
    figures = models.JSONField(default=dict)
    # The letter as somebody has worked it over; empty: the draft.
    letter_de = models.TextField(_("Letter, German"), blank=True, max_length=8000)
    letter_en = models.TextField(_("Letter, English"), blank=True, max_length=8000)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(_("Chosen at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    end_reason = models.CharField(_("Reason of the end"), max_length=300, blank=True)
    audited = ("rung", "starts_on", "chosen_by_id", "ended_by_id", "ended_at")

    objects = RepairPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(ended_at__isnull=True),
                name="one_repair_plan_at_a_time",
                violation_error_message=_("A plan is running already. End it first."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="repair_plan_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("chosen_at")),
                name="repair_plan_ends_after_choice",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="repair_plan_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_rung_display()}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    def letter(self, language: str) -> str:
        """What somebody has written in a language; empty where the draft stands."""
        return self.letter_de if language == "de" else self.letter_en

    def holds_on(self, day: date) -> bool:
        return self.is_running and self.starts_on <= day
