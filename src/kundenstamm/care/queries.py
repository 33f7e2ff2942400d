"""What happened with a customer, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kundenstamm.care.models import Interaction, InteractionQuerySet
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User


@dataclass(frozen=True)
class Page:
    """Some interactions; ``before``: the key after which earlier ones follow, None at the end."""

    rows: list[Interaction]
    before: UUID | None


def of(actor: User, customer: Customer) -> InteractionQuerySet:
    """All of a customer that the actor may know of, the withdrawn ones included."""
    found = Interaction.objects.visible_to(actor).filter(customer=customer)
    return found.newest_first()


def standing(actor: User) -> InteractionQuerySet:
    """All that stand, of every customer that the actor may know of."""
    return Interaction.objects.visible_to(actor).standing().newest_first()


def page(
    found: InteractionQuerySet, before: Interaction | None, size: int, *, itself: bool = False
) -> Page:
    """The next ``size`` after one (or from it on: ``itself``), with people and contacts."""
    if before is not None:
        earlier = _earlier_than(before)
        found = found.filter(earlier | Q(pk=before.pk) if itself else earlier)
    related = found.select_related("author", "contact", "withdrawn_by", "source")
    rows = list(related[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], rows[size - 1].key if more else None)


def _earlier_than(last: Interaction) -> Q:
    same_day = Q(day=last.day)
    same_time = same_day & Q(happened_at=last.happened_at)
    return (
        Q(day__lt=last.day)
        | same_day & Q(happened_at__lt=last.happened_at)
        | same_time & Q(pk__lt=last.pk)
    )
