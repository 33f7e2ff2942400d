"""The people to talk to at a customer: their part in the decision, and how they wish to be met."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed

# Longest texts that people write, in characters; sealed ones are longer in their columns.
LONGEST = {"name": 200, "function": 100, "salutation": 100, "phone": 60, "email": 254,
           "best_time": 120, "mention": 2_000}  # fmt: skip


class Role(models.TextChoices):
    """The part in the buying centre (Webster and Wind 1972), and who pays."""

    INITIATOR = "initiator", _("Initiator")
    DECIDER = "decider", _("Decision maker")
    BUYER = "buyer", _("Buyer")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", _("User")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    PAYER = "payer", _("Accounts payable")


class Way(models.TextChoices):
    """How somebody prefers to be met."""

    PHONE = "phone", _("Phone")
    MAIL = "mail", _("Mail")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")


class Language(models.TextChoices):
    """ISO 639-1."""

    DE = "de", _("German")
    EN = "en", _("English")
    FR = "fr", _("French")
    IT = "it", _("Italian")
    ES = "es", _("Spanish")
    NL = "nl", _("Dutch")
    PL = "pl", _("Polish")
    CS = "cs", _("Czech")
    DA = "da", _("Danish")
    TR = "tr", _("Turkish")


class Objection(models.TextChoices):
    """What somebody has forbidden us (Art. 21 GDPR)."""

    ADVERTISING = "advertising", _("No advertising")
    ALL = "all", _("Do not contact")


class ContactQuerySet(NeedToKnowQuerySet["Contact"]):
    """People at customers."""

    def standing(self) -> Self:
        """Without those that were removed."""
        return self.filter(withdrawn_at=None)

    def main_first(self) -> Self:
        """The main contact, then by name; those that were removed come last."""
        return self.order_by(
            models.F("withdrawn_at").asc(nulls_first=True), "-is_main", "name", "pk"
        )


class Contact(SealedFields):
    """A person to talk to at a customer. What is personal beyond the name is sealed: `put`, `open`.

    ``function``: the title of the job; ``roles``: of `Role`; ``salutation``: how a letter begins;
    ``mention``: what to speak of, and what not. One that was removed stays, for what happened names
    it. ``edited_at``: when a person entered or changed it; None for one that only a file knows.
    """

    sealed_fields = {
        "email": normalising.mail,
        "phone": normalising.phone,
        "best_time": normalising.one_spelling,
        "mention": normalising.one_spelling,
    }

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="contacts")
    name = models.CharField(_("Name"), max_length=LONGEST["name"], blank=True)
    function = models.CharField(_("Function"), max_length=LONGEST["function"], blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role), verbose_name=_("Part in the decision"),
        default=list, blank=True,
    )  # fmt: skip
    email = models.TextField(_("Mail address"), blank=True)
    email_index = models.CharField(max_length=40, blank=True)
    phone = models.TextField(_("Phone"), blank=True)
    phone_index = models.CharField(max_length=40, blank=True)
    salutation = models.CharField(_("Salutation"), max_length=LONGEST["salutation"], blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=Language, blank=True)
    preferred_way = models.CharField(_("Best reached by"), max_length=10, choices=Way, blank=True)
    best_time = models.TextField(_("Best time"), blank=True)
    best_time_index = models.CharField(max_length=40, blank=True)
    mention = models.TextField(_("What to mention"), blank=True)
    mention_index = models.CharField(max_length=40, blank=True)
    objection = models.CharField(_("Objection"), max_length=20, choices=Objection, blank=True)
    is_main = models.BooleanField(_("Main contact"), default=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("objection", "is_main", "withdrawn_at", "withdrawn_by_id")

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_main=True), name="one_main_contact"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values), name="contact_roles_are_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, is_main=False),
                name="contact_withdrawn_whole",
            ),
            *only_sealed("email", "phone", "best_time", "mention"),
        ]
        indexes = [
            models.Index(fields=["email_index"], name="contact_by_email"),
            models.Index(fields=["phone_index"], name="contact_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def role_labels(self) -> list[str]:
        """In the order of `Role`, as people read them."""
        return [str(role.label) for role in Role if role.value in self.roles]
