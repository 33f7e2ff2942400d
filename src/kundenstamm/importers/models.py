"""Imports on their way, what was learnt about a source, and what an undo must put back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.ledger.models import Batch, Source


class ImportJob(models.Model):
    """One file on its way in: uploaded, guessed, previewed, loading, done."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        WAITING = "waiting", _("Waiting")
        LOADING = "loading", _("Loading")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    kind = models.CharField(max_length=20, choices=Batch.Kind)
    source_name = models.CharField(_("Source"), max_length=120)
    file_name = models.CharField(max_length=300)
    # Below the installation's private uploads folder; removed when the import is done.
    stored_as = models.CharField(max_length=100)
    dialect = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    step = models.CharField(max_length=40, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class SourceMapping(models.Model):
    """How a source's files of one kind were read last time."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="mappings")
    kind = models.CharField(max_length=20, choices=Batch.Kind)
    mapping = models.JSONField()
    dialect = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind"], name="one_mapping_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.kind})"


class RowChange(models.Model):
    """What a batch made of a customer or product, so that an undo can put it back."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="row_changes")
    table = models.CharField(max_length=40)
    row = models.BigIntegerField()
    # None: the batch made the row. Otherwise the fields that it changed, as they were before.
    before = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "table", "row"], name="row_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
