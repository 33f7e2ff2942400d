"""Who may read the audit, and which entries an index may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Func, IntegerField, Q
from django.db.models.lookups import LessThanOrEqual

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

M = TypeVar("M", bound=models.Model)
FEW = 1000


class Cardinality(Func):
    function = "cardinality"
    output_field = IntegerField()


# A whole imported file is about more.
FEW_CUSTOMERS = Q(LessThanOrEqual(Cardinality("customers"), FEW))


class AuditQuerySet(models.QuerySet[M]):
    """Entries of the audit, and alarms."""

    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """All of them, to whoever has the right to read the audit; nothing to others.

        Of what is confided to few (`confided`) the entries are for these few as well.
        """
        from kundenstamm.guard.rights import Right, may

        if not may(actor, Right.AUDIT):
            return self.none()
        return self._without_confided(actor)

    def _without_confided(self, actor: User | AnonymousUser | None) -> Self:
        from kundenstamm.guard import confided

        if "what" not in {field.name for field in self.model._meta.fields}:
            return self
        kept = self
        for each in confided.entries():
            if not each.reads(actor):
                kept = kept.exclude(~Q(kind="refused"), what__startswith=each.begins)
        return kept
