"""What happened between us and a customer: visits, calls, mails, complaints, notes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MINUTES
from kundenstamm.ledger.models import Source

NEWEST_FIRST = ("-day", "-happened_at", "-pk")


class InteractionQuerySet(NeedToKnowQuerySet["Interaction"]):
    """What happened with customers."""

    def standing(self) -> Self:
        """Without those that were withdrawn."""
        return self.filter(withdrawn_at=None)

    def newest_first(self) -> Self:
        return self.order_by(*NEWEST_FIRST)


class Interaction(SealedFields):
    """One thing that happened with a customer.

    It is never rewritten by hand: who was wrong withdraws it and records it again. ``author`` is
    empty for an imported one whose person has no account; ``reached``: both sides spoke (`rules`).
    """

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        MAIL = "mail", _("Mail")
        SUPPORT = "support", _("Support")
        COMPLAINT = "complaint", _("Complaint")
        NOTE = "note", _("Note")
        RIVAL = "rival", _("Rival seen")

    class Direction(models.TextChoices):
        WE = "we", _("from us")
        THEY = "they", _("from them")

    sealed_fields = {"note": normalising.one_spelling}

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="interactions", db_index=False
    )
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind)
    direction = models.CharField(_("Direction"), max_length=10, choices=Direction, blank=True)
    reached = models.BooleanField(_("Reached"), default=False)
    happened_at = models.DateTimeField(_("When"))
    # The local calendar day: months are cut by it, and a day is not moved by a time zone.
    day = models.DateField(_("Day"))
    minutes = models.DecimalField(_("Minutes"), **MINUTES, null=True, blank=True)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="interactions",
        verbose_name=_("With"),
    )  # fmt: skip
    note = models.TextField(_("Note"), blank=True)
    note_index = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.CharField(_("Reason"), max_length=300, blank=True)
    # Of an imported one: where it comes from, so that loading it again changes nothing.
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, db_index=False)
    document = models.CharField(max_length=120, blank=True)
    line = models.BigIntegerField(null=True, blank=True)
    audited = ("kind", "day", "author_id", "withdrawn_at", "withdrawn_by_id")

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("note"),
            models.CheckConstraint(
                condition=Q(kind__in=rules.ALWAYS_REACHED, reached=True)
                | Q(kind__in=rules.WRITTEN_DOWN, reached=False)
                | Q(kind__in=rules.MAY_REACH),
                name="interaction_reached_as_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(direction="")
                | Q(kind__in=rules.MAY_REACH, direction__in=("we", "they")),
                name="interaction_direction_of_its_kind",
                violation_error_message=_("Only calls and mails have a direction."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True)
                | Q(minutes__gte=0, minutes__lte=rules.MOST_MINUTES)
                & ~Q(kind__in=rules.WRITTEN_DOWN),
                name="interaction_minutes_of_a_day",
                violation_error_message=_(
                    "Enter minutes from nil to 1440; what is only written down takes none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because=""
                )
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because=""),
                name="interaction_withdrawn_whole",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True, document="", line__isnull=True)
                | Q(source__isnull=False, line__isnull=False) & ~Q(document=""),
                name="interaction_source_whole",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | Q(source__isnull=False),
                name="interaction_has_an_author",
            ),
            models.UniqueConstraint(
                fields=["source", "document", "line"],
                condition=Q(source__isnull=False),
                name="imported_interaction_once",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-day", "-happened_at"], name="interaction_newest"),
            models.Index(fields=["day"], name="interaction_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None
