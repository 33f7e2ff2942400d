"""Proposed terms: what would change, what it would bring, who proposed it and who decided."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import SHARE
from kundenstamm.terms.models import Agreement, Kind


class ProposalState(models.TextChoices):
    SIGNED = "signed", _("Signed within the limits")
    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


DECIDED = (ProposalState.APPROVED, ProposalState.REFUSED)


class Limit(models.TextChoices):
    """Beyond which nobody signs alone."""

    REBATE = "rebate", _("rebates together above the limit")
    COST = "cost", _("costs more a year than the limit")
    LOSS = "loss", _("contribution III below nil afterwards")
    OTHERS = "others", _("not your own customer")


class Proposal(models.Model):
    """Terms proposed for one customer, with the figures they were judged by.

    The figures are kept as they were then: later entries do not change what was decided upon.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="proposals")
    # What the agreements made of it will say.
    kind = models.CharField(_("Granted as"), max_length=20, choices=Kind, default=Kind.REBATE)
    rebate = models.DecimalField(_("Rebate"), **SHARE, default=Decimal(0))
    # [["50000", "0.015"], …]: from which amount a year, which share.
    tiers = models.JSONField(_("Tiers"), default=list, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("Days to pay"), null=True, blank=True)
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Until"))
    renews = models.ForeignKey(Agreement, models.PROTECT, null=True, blank=True, related_name="+")
    # What no agreement says.
    price = models.DecimalField(_("Change of prices"), **SHARE, default=Decimal(0))
    service = models.DecimalField(_("Service level"), **SHARE, default=Decimal(1))
    volume = models.DecimalField(_("Expected change of volume"), **SHARE, default=Decimal(0))
    # What it would bring (`figures.as_data`), as of ``as_of``, and which limits it goes beyond.
    as_of = models.DateField()
    figures = models.JSONField(default=dict)
    over = models.JSONField(default=list, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    reason = models.CharField(_("Reason"), max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("Proposed at"))
    open_until = models.DateField(_("Waits until"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    decision_reason = models.CharField(_("Reason of the decision"), max_length=300, blank=True)
    # What it became.
    agreement = models.OneToOneField(
        Agreement, models.PROTECT, null=True, blank=True, related_name="proposal"
    )
    payment_term = models.OneToOneField(
        Agreement, models.PROTECT, null=True, blank=True, related_name="proposal_of_days"
    )
    audited = (
        "kind", "valid_from", "valid_to", "state", "proposed_by_id", "decided_by_id", "renews_id",
    )  # fmt: skip

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="proposal_ends_after_start",
                violation_error_message=_("It ends before it begins. Check both days."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_nobody_decides_their_own",
                violation_error_message=_("Nobody decides their own proposal."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decision_reason="")
                | ~Q(state__in=DECIDED) & Q(decided_by__isnull=True, decided_at__isnull=True),
                name="proposal_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "open_until"], name="proposal_by_state")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_state_display()}"
