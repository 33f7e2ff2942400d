"""Who holds whom: what the last reckoning found, what people say against it, and how it was before.

A colleague is somebody with an account, or somebody who serves customers without one. Bonds and
sums are worked out by a job; a correction is typed by a person and never rewritten.
"""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.models import Contact, Customer, Representative
from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MONEY
from kundenstamm.lifecycle.models import ValuationRun


class Colleague(models.Model):
    """Somebody who speaks with customers: by an account, by a code to serve them under, or both."""

    # The address of a page shows a random key, as customers' pages do.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="colleague"
    )
    representative = models.OneToOneField(
        Representative, models.CASCADE, null=True, blank=True, related_name="colleague"
    )
    name = models.CharField(_("Name"), max_length=120)
    # Whether they still work here, as of the last reckoning.
    here = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(representative__isnull=False),
                name="colleague_is_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Reckoning(models.Model):
    """One pass of the job: of everybody, or of those touched since the pass before."""

    run = models.ForeignKey(ValuationRun, models.CASCADE, related_name="+")
    day = models.DateField()
    whole = models.BooleanField()
    customers = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.day} {self.run}"


class BondQuerySet(NeedToKnowQuerySet["Bond"]):
    """Colleagues at customers."""

    def held(self) -> Self:
        """The one of each customer that holds it."""
        return self.filter(holds=True)

    def of_value(self) -> Self:
        """Most hanging first."""
        return self.order_by("-hanging", "-customer")


class Bond(models.Model):
    """One colleague at one customer, see `kundenstamm.worth.relations.bonds`.

    ``value``: expected of the customer in twelve months, not below nil; ``hanging``: of it, what
    hangs on this colleague without cover.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="bonds", db_index=False)
    colleague = models.ForeignKey(Colleague, models.CASCADE, related_name="bonds", db_index=False)
    strength = models.FloatField()
    share = models.FloatField()
    bound = models.FloatField()
    cover = models.FloatField()
    holds = models.BooleanField()
    # Days with a conversation; the last of them, null where only a correction speaks.
    days = models.PositiveIntegerField()
    last_day = models.DateField(null=True)
    value = models.DecimalField(**MONEY)
    hanging = models.DecimalField(**MONEY)

    objects = BondQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "colleague"], name="one_bond_each")
        ]
        indexes = [
            models.Index(fields=["colleague", "hanging", "customer"], name="bond_by_hanging"),
            models.Index(
                fields=["colleague", "customer"], condition=Q(holds=True), name="bond_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.colleague} – {self.customer}"


class Tie(models.Model):
    """One colleague and one person at the customer; without one, whom nobody noted."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="ties")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="ties")
    colleague = models.ForeignKey(Colleague, models.CASCADE, related_name="ties", db_index=False)
    strength = models.FloatField()
    days = models.PositiveIntegerField()
    last_day = models.DateField()

    objects = NeedToKnowQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.colleague} – {self.contact}"


class FirmDay(models.Model):
    """The firm's dependency on a day, kept for good; see `kundenstamm.worth.relations.dependency`.

    ``looked_back``: worked out later from the conversations of then, with the values of later.
    """

    day = models.DateField(unique=True)
    value = models.DecimalField(**MONEY)
    known = models.DecimalField(**MONEY)
    bound = models.DecimalField(**MONEY)
    hanging = models.DecimalField(**MONEY)
    customers = models.PositiveIntegerField()
    alone = models.PositiveIntegerField()
    looked_back = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.day} {self.dependency:.2f}"

    @property
    def dependency(self) -> float:
        """Share of the expected value that hangs on one person without cover."""
        return float(self.hanging / self.value) if self.value > 0 else 0.0

    @property
    def cover(self) -> float:
        return float(1 - self.hanging / self.bound) if self.bound > 0 else 0.0


class PersonDay(models.Model):
    """The same of one colleague: customers held, what is expected of them, what hangs on them."""

    day = models.DateField()
    colleague = models.ForeignKey(Colleague, models.CASCADE, related_name="history", db_index=False)
    customers = models.PositiveIntegerField()
    value = models.DecimalField(**MONEY)
    bound = models.DecimalField(**MONEY)
    hanging = models.DecimalField(**MONEY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "colleague"], name="one_person_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.colleague}"


class CorrectionQuerySet(NeedToKnowQuerySet["Correction"]):
    """What people say against the record."""

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Correction(SealedFields):
    """Somebody says how it really stands with a colleague at a customer, and why.

    Of the same two the newest counts.
    """

    class Says(models.TextChoices):
        HOLDS = "holds", _("holds the customer")
        KNOWS = "knows", _("knows the customer well")
        LEFT = "left", _("has no contact any more")

    sealed_fields = {"because": normalising.one_spelling}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    colleague = models.ForeignKey(
        Colleague, models.PROTECT, related_name="+", verbose_name=_("Colleague")
    )
    says = models.CharField(_("How it stands"), max_length=10, choices=Says)
    because = models.TextField(_("Reason"))
    because_index = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("colleague_id", "says", "by_id", "withdrawn_at", "withdrawn_by_id")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            models.CheckConstraint(
                condition=~Q(because=""), name="correction_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="correction_withdrawn_whole",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["at"], name="correction_by_time")]

    def __str__(self) -> str:
        return f"{self.day} {self.colleague} {self.get_says_display()}"
