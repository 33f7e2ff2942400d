"""Which customers are there twice, as far as an actor may know?"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from kundenstamm.customers.models import Customer, Duplicate, Merge, MergeProposal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kundenstamm.guard.models import User


def open_pairs(actor: User) -> QuerySet[Duplicate]:
    """Pairs that look like one customer and of which nobody has said otherwise; likeliest first."""
    return _pairs(actor).filter(apart_at=None).order_by("-probability", "id")


def apart_pairs(actor: User) -> QuerySet[Duplicate]:
    """Pairs of which somebody has said that they are two, the latest first."""
    found = _pairs(actor).filter(apart_at__isnull=False)
    return found.select_related("first", "second", "apart_by").order_by("-apart_at", "id")


def pair_of(actor: User, one: Customer, other: Customer) -> Duplicate | None:
    first, second = sorted((one.pk, other.pk))
    return _pairs(actor).filter(first=first, second=second).first()


def doubles_of(actor: User, customer: Customer) -> list[Duplicate]:
    """Who looks like this customer, the likeliest first."""
    return list(open_pairs(actor).filter(Q(first=customer) | Q(second=customer)))


def merges(actor: User) -> QuerySet[Merge]:
    """What was merged into customers that the actor knows, the latest first."""
    found = Merge.objects.visible_to(actor).filter(kept__withdrawn=False)
    return found.select_related("kept", "asked_by").order_by("-id")


def proposals(actor: User) -> QuerySet[MergeProposal]:
    """What was proposed of customers of whom the actor knows both, the latest first."""
    found = MergeProposal.objects.visible_to(actor)
    return found.select_related("kept", "dropped", "proposed_by", "decided_by").order_by("-id")


def open_proposal(actor: User, one: Customer, other: Customer) -> MergeProposal | None:
    """Of two customers, in whichever direction."""
    both = [one.pk, other.pk]
    return proposals(actor).filter(state="open", kept__in=both, dropped__in=both).first()


def one_pair(actor: User, pk: int) -> Duplicate | None:
    return _pairs(actor).filter(pk=pk).first()


def standing(actor: User) -> QuerySet[Customer]:
    """All customers that the actor knows."""
    return Customer.objects.visible_to(actor)


def known_pair(actor: User, one: UUID, other: UUID) -> tuple[Customer, Customer] | None:
    """Two customers by their keys, if the actor knows of both."""
    found = {each.key: each for each in standing(actor).filter(key__in=(one, other))}
    return (found[one], found[other]) if len(found) == 2 else None


def _pairs(actor: User) -> QuerySet[Duplicate]:
    found = Duplicate.objects.visible_to(actor).select_related("first", "second")
    return found.filter(first__withdrawn=False, second__withdrawn=False)
