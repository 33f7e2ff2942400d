"""Need-to-know: the first words of every query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kundenstamm.guard.models import User

M = TypeVar("M", bound=models.Model)


class NeedToKnowQuerySet(models.QuerySet[M]):
    """Rows about customers. ``customer_path`` leads from a row to its customer (``""``: itself)."""

    customer_path = "customer"

    def visible_to(self, actor: User | AnonymousUser | None) -> Self:
        """The rows this actor may know of; nobody in particular knows nothing."""
        if actor is None or not actor.is_authenticated or not actor.is_active:
            return self.none()
        return self
