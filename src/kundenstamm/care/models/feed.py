"""A person's tasks as a calendar that other programs fetch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Feed(models.Model):
    """The one address a person's tasks are fetched at; a new one replaces it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    # Whoever reads the database must not be able to fetch by it.
    token_hash = models.CharField(max_length=64, unique=True)
    # Calendars leave the house, so this is said by the person and by nobody for them.
    names_customers = models.BooleanField(_("Names customers"), default=False)
    created_at = models.DateTimeField()
    audited = ("person_id", "names_customers", "created_at")

    def __str__(self) -> str:
        return f"{self.person}, {self.created_at:%Y-%m-%d}"
