"""Agreements: what a customer was promised, and which entries of the ledger that caused."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.kit.digits import MONEY, SHARE
from kundenstamm.ledger.models import Entry, Product, ProductCategory, Source


class Kind(models.TextChoices):
    REBATE = "rebate", _("Rebate")
    TIERED = "tiered", _("Rebate by yearly volume")
    BONUS = "bonus", _("Bonus at the year's end")
    PROMOTION = "promotion", _("Promotion")
    FREE_GOODS = "free_goods", _("Free goods")
    PAYMENT_TERM = "payment_term", _("Payment term")


class State(models.TextChoices):
    AGREED = "agreed", _("Agreed")
    ENDED = "ended", _("Ended early")


class AgreementQuerySet(NeedToKnowQuerySet["Agreement"]):
    """Agreements with customers."""

    def holding(self, day: date) -> Self:
        """Those that hold on a day."""
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        return self.filter(lasting, valid_from__lte=day)

    def with_tiers(self, actor: User) -> Self:
        """With the tiers of each, read in one more statement that names the actor too."""
        return self.prefetch_related(Prefetch("tiers", AgreementTier.objects.visible_to(actor)))


class Agreement(models.Model):
    """What one customer was promised, from a day on, up to a day or until ended.

    Never rewritten: it is ended, or renewed by another that points to it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="agreements")
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    rate = models.DecimalField(_("Rate"), **SHARE, null=True, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(
        ProductCategory, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # So many of a product free for so many bought.
    free_quantity = models.DecimalField(_("Free"), **MONEY, null=True, blank=True)
    per_quantity = models.DecimalField(_("For every"), **MONEY, null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("Days to pay"), null=True, blank=True)
    # Paying within so many days takes ``rate`` off.
    discount_days = models.PositiveSmallIntegerField(
        _("Days for a cash discount"), null=True, blank=True
    )
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(_("Agreed at"))
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.AGREED)
    # Where an imported one comes from.
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(max_length=120, blank=True)
    audited = ("kind", "valid_from", "valid_to", "state", "agreed_by_id", "renews_id", "source_id")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agreement_ends_after_start",
                violation_error_message=_("It ends before it begins. Check both days."),
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True) | Q(rate__gt=0, rate__lte=1),
                name="agreement_rate_is_a_share",
                violation_error_message=_(
                    "The rate is none. Enter one above nil, at most the whole price."
                ),
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(category__isnull=True),
                name="agreement_one_scope",
                violation_error_message=_("Choose a product or a category, not both."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.REBATE, Kind.PROMOTION]) | Q(rate__isnull=False),
                name="agreement_has_a_rate",
                violation_error_message=_("Enter the rate."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.TIERED, Kind.FREE_GOODS]) | Q(rate__isnull=True),
                name="agreement_without_rate",
                violation_error_message=_("This kind has no rate of its own. Leave it empty."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PROMOTION) | Q(valid_to__isnull=False),
                name="promotion_ends",
                violation_error_message=_("A promotion has a last day. Enter it."),
            ),
            models.CheckConstraint(
                condition=Q(free_quantity__isnull=False, per_quantity__isnull=False)
                & Q(free_quantity__gt=0, per_quantity__gt=0, kind=Kind.FREE_GOODS)
                | (
                    Q(free_quantity__isnull=True, per_quantity__isnull=True)
                    & ~Q(kind=Kind.FREE_GOODS)
                ),
                name="free_goods_have_quantities",
                violation_error_message=_("Enter how many are free, and for how many bought."),
            ),
            models.CheckConstraint(
                condition=Q(payment_days__isnull=False, kind=Kind.PAYMENT_TERM)
                | (
                    Q(payment_days__isnull=True, discount_days__isnull=True)
                    & ~Q(kind=Kind.PAYMENT_TERM)
                ),
                name="payment_term_has_days",
                violation_error_message=_("Enter the days to pay."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.PAYMENT_TERM)
                | Q(rate__isnull=True, discount_days__isnull=True)
                | Q(rate__isnull=False, discount_days__isnull=False)
                & Q(discount_days__lte=F("payment_days")),
                name="cash_discount_is_whole",
                violation_error_message=_("A cash discount has a rate, and days within those."),
            ),
            models.CheckConstraint(
                condition=Q(renews__isnull=True) | ~Q(renews=F("id")),
                name="agreement_renews_another",
            ),
            models.UniqueConstraint(
                fields=["source", "document"],
                condition=Q(source__isnull=False),
                name="imported_agreement_once",
            ),
        ]
        indexes = [models.Index(fields=["customer", "kind"], name="agreement_by_customer")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from}"

    @property
    def scope(self) -> Product | ProductCategory | None:
        """What it holds for; None: everything."""
        return self.product or self.category


class AgreementTier(models.Model):
    """From so much in a year on, this share. ``customer`` is the agreement's: the wall asks it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="tiers")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    from_amount = models.DecimalField(_("From a year's"), **MONEY)
    rate = models.DecimalField(_("Rate"), **SHARE)

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        ordering = ["from_amount"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "from_amount"], name="tier_once"),
            models.CheckConstraint(
                condition=Q(from_amount__gte=0, rate__gte=0, rate__lte=1),
                name="tier_is_a_share",
                violation_error_message=_(
                    "A tier has an amount of nil or more and a rate that is a share."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_amount}: {self.rate}"

    @property
    def pair(self) -> tuple[Decimal, Decimal]:
        return self.from_amount, self.rate


class AgreementEntry(models.Model):
    """An entry of the ledger that an agreement caused; one entry has one cause at most."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="links")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="agreement_link")
    # Somebody said so; null: it was recognised.
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    linked_at = models.DateTimeField()
    audited = ("agreement_id", "linked_by_id")

    objects = NeedToKnowQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.entry_id}"
