"""What happens to customers: they are assigned, opened to single people and closed to them."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, demand


@transaction.atomic
def assign(
    customer: Customer, representative: Representative, starts: date, *, actor: User, at: datetime
) -> Assignment:
    """Give a customer to a representative from a day on; who served it until then hands over.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of the customer.
    """
    demand(actor, Right.ASSIGN)
    demand_known(customer, actor)
    held = Assignment.objects.filter(customer=customer, starts__gt=starts)
    held.delete()
    running = Assignment.objects.filter(customer=customer, ends__isnull=True)
    for each in running.exclude(starts=starts):
        end_assignment(each, _day_before(starts), actor=actor, at=at)
    running.filter(starts=starts).delete()
    return Assignment.objects.create(
        customer=customer, representative=representative, starts=starts
    )


def end_assignment(assignment: Assignment, ends: date, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    """The last day on which it holds; from the next day on it opens nothing.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of the customer.
    """
    demand(actor, Right.ASSIGN)
    demand_known(assignment.customer, actor)
    if ends < assignment.starts:
        assignment.delete()
        return
    assignment.ends = ends
    assignment.save(update_fields=["ends"])


def open_to(
    person: User, customer: Customer, reason: str, *, actor: User, at: datetime,
    ends_at: datetime | None = None,
) -> Grant:  # fmt: skip
    """Open a single customer to a person, confidential ones included.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    ValidationError
        No reason is given.
    """
    return _grant(Grant.Kind.OPEN, person, customer, reason, actor, at, ends_at)


def close_to(
    person: User, customer: Customer, reason: str, *, actor: User, at: datetime,
    ends_at: datetime | None = None,
) -> Grant:  # fmt: skip
    """Close a single customer to a person, whatever else would open it. Raises as `open_to`."""
    return _grant(Grant.Kind.CLOSED, person, customer, reason, actor, at, ends_at)


def take_back(grant: Grant, *, actor: User, at: datetime) -> None:
    """End a grant now; it stays on record.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    """
    demand(actor, Right.GRANT)
    demand_known(grant.customer, actor)
    grant.ends_at = at
    grant.save(update_fields=["ends_at"])


@transaction.atomic
def keep_confidential(customer: Customer, *, actor: User, at: datetime) -> None:
    """Hide a customer from everybody to whom it is not opened; the actor keeps it.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    """
    open_to(actor, customer, _("Made it confidential"), actor=actor, at=at)
    customer.confidential = True
    customer.save(update_fields=["confidential"])


def _grant(
    kind: Grant.Kind,
    person: User,
    customer: Customer,
    reason: str,
    actor: User,
    at: datetime,
    ends_at: datetime | None,
) -> Grant:
    demand(actor, Right.GRANT)
    demand_known(customer, actor)
    if not reason.strip():
        raise ValidationError(_("Say why."))
    return Grant.objects.create(
        person=person, customer=customer, kind=kind, reason=reason.strip()[:300],
        given_by=actor, starts_at=at, ends_at=ends_at,
    )  # fmt: skip


def demand_known(customer: Customer, actor: User) -> None:
    """Nobody opens to others, or to themselves, what they may not know of."""
    if not Customer.objects.visible_to(actor).filter(pk=customer.pk).exists():
        raise Forbidden(_("This customer is not yours to see."))


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
