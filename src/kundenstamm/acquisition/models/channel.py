"""Ways on which strangers become customers, what they cost, and firms that send us customers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.kit.digits import MONEY
from kundenstamm.ledger.models import Source
from kundenstamm.serving.models import Pool

LONGEST = 120


def fresh_code() -> str:
    return uuid.uuid4().hex


class Channel(models.Model):
    """One way. The four that every company has are known by their kind, others by a name."""

    class Kind(models.TextChoices):
        ADVERTISING = "advertising", _("Advertising to a target group")
        PARTNERS = "partners", _("Partner firms")
        PERSONAL = "personal", _("Personal contacts")
        SERVICE = "service", _("Good service passed on")
        OWN = "own", _("Own channel")

    code = models.CharField(max_length=40, unique=True, default=fresh_code, editable=False)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind, default=Kind.OWN)
    name = models.CharField(_("Name"), max_length=LONGEST, blank=True)
    audited = ("code", "kind", "name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=~Q(name=""), name="channel_named_once",
                violation_error_message=_("There is a channel of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="own", name=""), name="own_channel_has_a_name",
                violation_error_message=_("Give the channel a name."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Campaign(models.Model):
    """What was undertaken on a channel for a while, and for whom."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="campaigns")
    name = models.CharField(_("Campaign"), max_length=LONGEST)
    audience = models.CharField(_("Target group"), max_length=300, blank=True)
    starts = models.DateField(_("From"))
    ends = models.DateField(_("Until"), null=True, blank=True)
    audited = ("channel_id", "name", "starts", "ends")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "name"], name="campaign_named_once",
                violation_error_message=_("There is a campaign of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="campaign_ends_after_start",
                violation_error_message=_("It ends before it begins. Check both days."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Spending(models.Model):
    """Money and hours for a channel, also for those who never came.

    ``pool``: whose hours they were; what an hour costs, its figures of the month say.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="spendings")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="spendings",
        verbose_name=_("Campaign"),
    )  # fmt: skip
    day = models.DateField(_("Day"))
    amount = models.DecimalField(_("Amount"), **MONEY, default=0)
    hours = models.DecimalField(_("Hours"), max_digits=10, decimal_places=2, default=0)
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pool")
    )
    what = models.CharField(_("What for"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # Of an imported one: where it comes from, so that loading it again changes nothing.
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(max_length=120, blank=True)
    line = models.BigIntegerField(null=True, blank=True)
    audited = ("channel_id", "campaign_id", "day", "amount", "hours", "pool_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, hours__gte=0) & (Q(amount__gt=0) | Q(hours__gt=0)),
                name="spending_is_some",
                violation_error_message=_("Enter an amount or hours, more than nil."),
            ),
            models.UniqueConstraint(
                fields=["source", "document", "line"],
                condition=Q(source__isnull=False),
                name="imported_spending_once",
            ),
        ]
        indexes = [models.Index(fields=["channel", "day"], name="spending_of_channel")]

    def __str__(self) -> str:
        return f"{self.day} {self.channel}"


class Partner(models.Model):
    """A firm of a related trade that sends us customers, and gets some from us."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(
        _("Partner"), max_length=LONGEST, unique=True,
        error_messages={"unique": _("There is a partner of this name already.")},
    )  # fmt: skip
    trade = models.CharField(_("Trade"), max_length=100, blank=True)
    city = models.CharField(_("Place"), max_length=100, blank=True)
    audited = ("name",)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
