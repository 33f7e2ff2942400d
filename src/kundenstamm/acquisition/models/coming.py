"""How one customer came to us: what touched it, where it says it comes from, who sent it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.acquisition.models.channel import Campaign, Channel, Partner
from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY


class Touch(models.Model):
    """A channel reached a customer, before it bought for the first time or after."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="touches")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField(_("Day"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    audited = ("channel_id", "campaign_id", "day", "recorded_by_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        ordering = ("day", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "channel", "day"], name="touched_once_a_day",
                violation_error_message=_("This is noted already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class Origin(models.Model):
    """Where a customer says it comes from: asked once and kept."""

    class Said(models.TextChoices):
        CUSTOMER = "customer", _("the customer")
        COLLEAGUE = "colleague", _("somebody of us")
        RECORDS = "records", _("our records")

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="origin")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    said = models.CharField(_("Who said so"), max_length=10, choices=Said)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    audited = ("channel_id", "campaign_id", "said", "recorded_by_id")

    objects = NeedToKnowQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.channel}"


class Referral(models.Model):
    """Somebody sent us a customer, or we sent one to a partner.

    Of those we got: from a partner, a customer (``sender``) or a colleague. Of those we gave: to a
    partner, after the customer had agreed.
    """

    class Direction(models.TextChoices):
        RECEIVED = "received", _("received")
        GIVEN = "given", _("given")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="referrals")
    direction = models.CharField(max_length=10, choices=Direction)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    sender = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    day = models.DateField(_("Day"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    consent_on = models.DateField(_("The customer agreed on"), null=True, blank=True)
    # What it brought the partner, as they or we say.
    worth = models.DecimalField(_("Worth to the partner"), **MONEY, null=True, blank=True)
    thanked_on = models.DateField(_("Thanked on"), null=True, blank=True)
    thanked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    thanks_cost = models.DecimalField(_("Cost of the thanks"), **MONEY, default=0)
    audited = (
        "direction", "partner_id", "colleague_id", "day", "consent_on", "thanked_on",
        "thanked_by_id", "recorded_by_id",
    )  # fmt: skip

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, sender__isnull=True, colleague__isnull=True)
                | Q(partner__isnull=True, sender__isnull=False, colleague__isnull=True)
                | Q(partner__isnull=True, sender__isnull=True, colleague__isnull=False),
                name="referral_has_one_giver",
            ),
            models.CheckConstraint(
                condition=Q(direction="received", consent_on__isnull=True, worth__isnull=True)
                | Q(direction="given", partner__isnull=False, consent_on__isnull=False)
                & Q(thanked_on__isnull=True),
                name="referral_given_after_consent",
            ),
            models.CheckConstraint(
                condition=Q(sender__isnull=True) | ~Q(sender=F("customer")),
                name="nobody_sends_themselves",
            ),
            models.CheckConstraint(
                condition=Q(thanked_on__isnull=True, thanked_by__isnull=True, thanks_cost=0)
                | Q(thanked_on__isnull=False, thanked_by__isnull=False, thanks_cost__gte=0),
                name="thanked_whole",
            ),
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=0), name="worth_not_negative"
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(direction="received"), name="sent_to_us_once"
            ),
            models.UniqueConstraint(
                fields=["customer", "partner"], condition=Q(direction="given"),
                name="sent_to_a_partner_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.get_direction_display()}"
