"""Watching unusual reading: whether it is on, who wanted to know whom, who has looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard import normalising
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class WatchSwitch(models.Model):
    """The company's one setting: off until an owner switches it on."""

    on = models.BooleanField(_("Watch for unusual reading"), default=False)
    keep_days = models.PositiveSmallIntegerField(
        _("Days after the end until all of it is deleted"), default=90,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )  # fmt: skip
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    audited = ("on", "keep_days", "changed_by_id")

    def __str__(self) -> str:
        return "on" if self.on else "off"


class WatchQuerySet(models.QuerySet["WatchOpening"]):
    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """To owners and data-protection officers, but for what concerns themselves."""
        if not isinstance(actor, User) or not may(actor, Right.WATCH):
            return self.none()
        return self.filter(watch__in=watched(actor))


def watched(actor: User) -> list[UUID]:
    """Pseudonyms of all who are watched, as far as the actor may know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT watch FROM departures_watched(%s)", [actor.pk])
        return [watch for (watch,) in cursor.fetchall()]


class WatchOpening(SealedFields):
    """Somebody wants to know who is behind a pseudonym; a second one agrees or does not.

    It points to no departure: whoever agrees learns the name, and of a fear nothing else.
    """

    sealed_fields = {"because": normalising.one_spelling}

    watch = models.UUIDField()
    because = models.TextField()
    because_index = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    audited = ("watch", "asked_by_id", "agreed_by_id", "agreed_at")

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("because"),
            models.UniqueConstraint(fields=["watch"], name="one_watch_opening"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("asked_by")),
                name="watch_opened_by_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.watch)


class WatchLook(models.Model):
    """Somebody looked at the page: told there, and deleted with the rest."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    audited = ("by_id",)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.by}, {self.at:%Y-%m-%d %H:%M}"
