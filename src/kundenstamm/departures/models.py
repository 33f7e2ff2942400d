"""Somebody leaves: since when it is feared or known, who takes over what, what must not be lost.

That a departure is feared, only the owner and those who lead the person may know: every table of
this room is confided to them, by both walls (`confiding`).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kundenstamm.care.models import Task
from kundenstamm.customers.models import Contact, Customer, Representative
from kundenstamm.departures.absence_models import Absence
from kundenstamm.departures.watch_models import WatchLook, WatchOpening, WatchSwitch
from kundenstamm.guard import normalising
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.rights import Right, may
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed
from kundenstamm.kit.digits import MONEY

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LONGEST = 1_000
__all__ = [
    "Absence",
    "Departure",
    "DepartureChange",
    "HandoverLine",
    "KnowledgeSheet",
    "Point",
    "State",
    "WatchLook",
    "WatchOpening",
    "WatchSwitch",
]


class State(models.TextChoices):
    FEARED = "feared", _("Feared")
    NOTICE = "notice", _("Leaving")
    GONE = "gone", _("Gone")
    CLOSED = "closed", pgettext_lazy("departure", "Closed")
    WITHDRAWN = "withdrawn", _("Stays")


# What may follow what; somebody who is gone may come back, which closes the departure.
LEADS_TO: dict[str, tuple[str, ...]] = {
    State.FEARED: (State.NOTICE, State.GONE, State.WITHDRAWN),
    State.NOTICE: (State.GONE, State.WITHDRAWN),
    State.GONE: (State.CLOSED,),
    State.CLOSED: (),
    State.WITHDRAWN: (),
}
RUNNING = (State.FEARED, State.NOTICE, State.GONE)
KNOWN_TO_ALL = (State.NOTICE, State.GONE, State.CLOSED)


class DepartureQuerySet(models.QuerySet["Departure"]):
    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """Those that are confided to the actor: never one's own, of a lead only the own team's."""
        if not isinstance(actor, User) or not may(actor, Right.DEPART):
            return self.none()
        found = self.exclude(person=actor.pk)
        if actor.role == Role.OWNER:
            return found
        return found.filter(teams__overlap=list(actor.teams.values_list("pk", flat=True)))

    def running(self) -> Self:
        return self.filter(state__in=RUNNING)


class Departure(SealedFields):
    """One person leaves, may leave, or was thought to.

    ``leaves_at``: the hour at which all rights end, by a job; ``ended_at``: when they did.
    ``deputy``: who gets what is nobody's otherwise. ``teams``: the person's as of the beginning.
    """

    sealed_fields = {"because": normalising.one_spelling}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.FEARED)
    # Under which pseudonym the person's reading is watched, where that is switched on.
    watch = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    teams = ArrayField(models.BigIntegerField(), default=list)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Deputy"),
    )  # fmt: skip
    because = models.TextField(_("Reason"), blank=True)
    because_index = models.CharField(max_length=40, blank=True)
    # How many minutes a year each colleague could take, by the id of the representative.
    rooms = models.JSONField(default=dict)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True, blank=True)
    leaves_at = models.DateTimeField(_("Rights end"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    # A year later, once: what share of the sales went beyond comparable customers, by what an
    # owner knows, and of how many customers; nil: too few to say.
    year_rate = models.FloatField(null=True, blank=True)
    year_customers = models.PositiveIntegerField(null=True, blank=True)
    audited = ("person_id", "state", "leaves_at", "ended_at", "deputy_id")

    objects = DepartureQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=RUNNING), name="one_running_departure"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["gone", "closed"]) | Q(ended_at__isnull=False),
                name="departure_gone_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.get_state_display()}"

    @property
    def is_secret(self) -> bool:
        return self.state not in KNOWN_TO_ALL

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


class DepartureChange(models.Model):
    """It went from one state to another; kept for good."""

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="changes")
    before = models.CharField(max_length=10, choices=State, blank=True)
    after = models.CharField(max_length=10, choices=State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    audited = ("departure_id", "before", "after", "by_id")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Point(models.Model):
    """One point of the checklist."""

    class What(models.TextChoices):
        HANDOVER = "handover", _("Choose who takes over each customer")
        SHEETS = "sheets", _("Write down what must not be lost of important contacts")
        INTRODUCE = "introduce", _("Visit important customers together with the successor")
        LETTER = "letter", _("Write to the customers who looks after them from now on")
        THINGS = "things", _("Get back keys, car, phone, computer and papers")
        SECRECY = "secrecy", _("Talk about what stays secret, and have it confirmed in writing")
        RIGHTS = "rights", _("End all rights")

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="points")
    what = models.CharField(max_length=10, choices=What)
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("departure_id", "what", "due", "done_at", "done_by_id")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["departure", "what"], name="one_departure_point_each")
        ]

    def __str__(self) -> str:
        return self.get_what_display()


class HandoverLineQuerySet(NeedToKnowQuerySet["HandoverLine"]):
    """Customer and departure must both be the actor's to know."""

    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        confided = Departure.objects.visible_to(actor)
        return super().visible_to(actor).filter(departure__in=confided)


class HandoverLine(models.Model):
    """Who takes over one customer: as proposed, or as somebody chose."""

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="lines")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="handovers")
    value = models.DecimalField(**MONEY)
    at_risk = models.DecimalField(**MONEY)
    # What serving it takes in a year, in the unit of the departure's rooms.
    minutes = models.FloatField(default=1)
    # What each colleague saves, by the id of the representative; money a year.
    saves = models.JSONField(default=dict)
    # How far it is from where each colleague is at home, where that is known; by road, about.
    kilometres = models.JSONField(default=dict)
    proposed = models.ForeignKey(
        Representative, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen = models.ForeignKey(
        Representative, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the choice was said to cost when it was made.
    price = models.DecimalField(**MONEY, default=0)
    visit = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    audited = ("departure_id", "proposed_id", "chosen_id", "chosen_by_id", "handed_over_at")

    objects = HandoverLineQuerySet.as_manager()

    class Meta:
        ordering = ("-at_risk", "customer_id")
        constraints = [
            models.UniqueConstraint(fields=["departure", "customer"], name="one_handover_each")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} → {self.successor}"

    @property
    def successor(self) -> Representative | None:
        return self.chosen or self.proposed


class KnowledgeSheet(SealedFields):
    """What must not be lost of a contact: sealed, and emptied when the person asks for it."""

    sealed_fields = dict.fromkeys(
        ("matters", "promises", "dates", "tone"), normalising.one_spelling
    )

    departure = models.ForeignKey(Departure, models.CASCADE, related_name="sheets")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="knowledge_sheets")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="knowledge_sheets")
    matters = models.TextField(_("What matters to them"), blank=True)
    matters_index = models.CharField(max_length=40, blank=True)
    promises = models.TextField(_("What we promised, and until when"), blank=True)
    promises_index = models.CharField(max_length=40, blank=True)
    dates = models.TextField(_("Dates that count"), blank=True)
    dates_index = models.CharField(max_length=40, blank=True)
    tone = models.TextField(_("How one speaks with them"), blank=True)
    tone_index = models.CharField(max_length=40, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    audited = ("departure_id", "contact_id", "written_by_id", "erased_at")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("matters", "promises", "dates", "tone"),
            models.UniqueConstraint(fields=["departure", "contact"], name="one_sheet_a_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}"
