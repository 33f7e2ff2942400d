"""A file that belongs to what was recorded: sealed, and behind the wall as its entry is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models.interaction import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed


def _unindexed(_text: str) -> str:
    """It is never looked for, so nothing tells that two are equal."""
    return ""


def _digest(opening: str) -> str:
    return opening.partition(" ")[2]


class Attachment(SealedFields):
    """A file of an interaction; ``customer`` is the interaction's: the wall asks it.

    ``opening`` holds the file's own key, a blank and the digest of what it holds (SHA-256, hex);
    its blind index is of the digest, so equal files are known by it. ``size``: bytes of the file as
    it came. What was taken away keeps its name and size; content and key are gone.
    """

    sealed_fields = {"name": _unindexed, "opening": _digest}

    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="attachments")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    name = models.TextField(_("Name"))
    name_index = models.CharField(max_length=40, blank=True)
    opening = models.TextField(blank=True)
    opening_index = models.CharField(max_length=40, blank=True, db_index=True)
    size = models.PositiveIntegerField(_("Size"))
    content = models.BinaryField()
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    audited = ("interaction_id", "size", "attached_by_id", "removed_at", "removed_by_id")

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("name", "opening"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False, opening="", content=b""),
                name="attachment_removed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id}: {self.size}"

    @property
    def removed(self) -> bool:
        return self.removed_at is not None
