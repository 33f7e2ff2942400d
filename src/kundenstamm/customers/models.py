"""The customer, the people to talk to there, who serves it, and its place in the chain."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.contacts import Contact
from kundenstamm.customers.doubles import Duplicate, Merge, MergeMove, MergeProposal
from kundenstamm.customers.lists import BulkAct, BulkChange, Star
from kundenstamm.customers.queries import CustomerQuerySet, Fold
from kundenstamm.guard.queries import NeedToKnowQuerySet

__all__ = [
    "Assignment",
    "BulkAct",
    "BulkChange",
    "ChainLink",
    "Contact",
    "Customer",
    "Duplicate",
    "Grant",
    "Kind",
    "Link",
    "Merge",
    "MergeMove",
    "MergeProposal",
    "Representative",
    "Star",
]


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Link(models.TextChoices):
    """The place in the chain from us to the end customer."""

    WHOLESALER = "wholesaler", _("Wholesaler")
    DEALER = "dealer", _("Dealer")
    AGENT = "agent", _("Agent")
    END_CUSTOMER = "end_customer", _("End customer")


class Customer(models.Model):
    """A person or company that buys, has bought, or might."""

    # The address of a page shows a random key: a running number would betray how many there are.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("Customer number"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind, default=Kind.COMPANY)
    link = models.CharField(_("Link of the chain"), max_length=20, choices=Link, blank=True)
    trade = models.CharField(_("Trade"), max_length=100, blank=True)
    region = models.CharField(_("Region"), max_length=100, blank=True)
    country = models.CharField(_("Country"), max_length=100, blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True)
    city = models.CharField(_("Place"), max_length=100, blank=True)
    street = models.CharField(_("Street"), max_length=200, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True, default="", db_default="")
    channel = models.CharField(_("Channel"), max_length=60, blank=True)
    confidential = models.BooleanField(_("Confidential"), default=False)
    since = models.DateField(_("Customer since"), null=True, blank=True)
    parted_on = models.DateField(_("Ended by us on"), null=True, blank=True)
    created_at = models.DateTimeField(_("Entered"))
    # Came in by an import that was taken back. The ledger forgets nothing, so the row must stay.
    withdrawn = models.BooleanField(default=False)
    # It turned out to be this one: hidden as a withdrawn one, and its number and address lead here.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    audited = ("confidential", "withdrawn", "parted_on", "merged_into_id")

    sort_name = models.GeneratedField(
        expression=Fold("name"), output_field=models.TextField(), db_persist=True
    )
    search = models.GeneratedField(
        expression=Fold(
            Concat(
                "name",
                models.Value(" "),
                "number",
                models.Value(" "),
                "postcode",
                models.Value(" "),
                "city",
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "id"], name="customer_by_name"),
            # A filter that few or no customers pass must not read them all to find that out.
            models.Index(fields=["region"], name="customer_by_region"),
            models.Index(fields=["country"], name="customer_by_country"),
            models.Index(fields=["channel"], name="customer_by_channel"),
            models.Index(
                fields=["id"], condition=models.Q(confidential=True), name="customer_confidential"
            ),
            models.Index(
                fields=["id"], condition=models.Q(withdrawn=True), name="customer_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Representative(models.Model):
    """Somebody who serves customers; ``user`` is empty for one without an account."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    audited = ("user_id",)

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """Who serves a customer, from when until when."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="assignments")
    representative = models.ForeignKey(Representative, models.PROTECT, related_name="assignments")
    starts = models.DateField(_("From"))
    ends = models.DateField(_("Until"), null=True, blank=True)
    audited = ("representative_id", "starts", "ends")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "representative", "starts"], name="assignment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.representative} – {self.customer}"


class Grant(models.Model):
    """A single customer opened for a person, or closed to them, whoever else may know of it."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="grants")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    reason = models.CharField(_("Reason"), max_length=300)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"), null=True, blank=True)
    # Somebody let themselves in: owner and data-protection officer were told.
    is_emergency = models.BooleanField(default=False)
    audited = ("person_id", "kind", "given_by_id", "starts_at", "ends_at", "is_emergency")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="grant_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.customer} {self.get_kind_display()}"


class ChainLinkQuerySet(NeedToKnowQuerySet["ChainLink"]):
    customer_path = "downstream"

    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        began = models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day)
        return self.filter(began, models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))


class ChainLink(models.Model):
    """One link of the chain: ``upstream`` supplies ``downstream``, from a day until another.

    Without a first day it has held for as long as anybody knows. That nobody supplies himself by a
    detour the database sees to: see `kundenstamm.customers.circles`.
    """

    upstream = models.ForeignKey(
        Customer, models.CASCADE, related_name="downstream_links", db_index=False
    )
    downstream = models.ForeignKey(
        Customer, models.CASCADE, related_name="upstream_links", db_index=False
    )
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    audited = ("upstream_id", "downstream_id", "valid_from", "valid_to")

    objects = ChainLinkQuerySet.as_manager()

    class Meta:
        # Walks down and up read nothing but these.
        indexes = [
            models.Index(
                fields=["upstream"], include=["downstream", "valid_from", "valid_to"],
                name="chain_down",
            ),
            models.Index(
                fields=["downstream"], include=["upstream", "valid_from", "valid_to"],
                name="chain_up",
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["upstream", "downstream"],
                condition=models.Q(valid_to__isnull=True),
                name="chain_link_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(upstream=models.F("downstream")), name="chain_not_to_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="chain_link_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upstream} → {self.downstream}"
