"""What happens to customers: they are assigned, opened to single people and closed to them.

An action may end the actor's own knowledge of a customer, and the database's wall is asked at every
statement. So whatever opens comes before whatever closes, or both are one statement.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers import handing_over
from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.customers.queries import grants_of, known_among, to_hand_over
from kundenstamm.guard.models import User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden, Right, demand


@transaction.atomic
def assign(
    customer: Customer,
    representative: Representative,
    starts: date,
    *,
    actor: User,
    at: datetime,
) -> Assignment:
    """Give a customer to a representative from a day on; whoever served it until then hands over.

    What was planned for a later day is off.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of the customer.
    """
    demand(actor, Right.ASSIGN)
    demand_known(customer.pk, actor)
    [made] = handing_over.give([customer.pk], representative.pk, starts)
    return Assignment(
        pk=made, customer=customer, representative=representative, starts=starts, ends=None
    )


def end_assignment(assignment: Assignment, ends: date, *, actor: User, at: datetime) -> None:
    """The last day on which it holds; from the next day on it opens nothing.

    One that would end before it begins is taken off the record: it never held.

    Raises
    ------
    Forbidden
        The actor may not assign, or may not know of the customer.
    ValidationError
        It ends earlier already: to go on serving is to be assigned anew.
    """
    demand(actor, Right.ASSIGN)
    demand_known(assignment.customer_id, actor)
    if assignment.ends is not None and ends > assignment.ends:
        raise ValidationError({"ends": _("It ends earlier already.")})
    if ends < assignment.starts:
        assignment.delete()
        return
    assignment.ends = ends
    assignment.save(update_fields=["ends"])


@transaction.atomic
def transfer(
    from_: Representative,
    to: Representative,
    starts: date,
    *,
    actor: User,
    at: datetime,
) -> int:
    """Hand all customers of one representative over to another from a day on; how many they are.

    Only customers that the actor knows of. Others who serve them beside keep doing so, and what
    was to begin later, or to end on some day, does so for the new one.

    Raises
    ------
    Forbidden
        The actor may not assign.
    ValidationError
        Both are the same.
    """
    demand(actor, Right.ASSIGN)
    demand_another(from_, to)
    found = list(to_hand_over(actor, from_, starts).values_list("pk", "customer_id"))
    handing_over.pass_on([pk for pk, _customer in found], to.pk, starts)
    return len({customer for _pk, customer in found})


def demand_another(from_: Representative, to: Representative) -> None:
    """Nobody hands over to themselves.

    Raises
    ------
    ValidationError
        Both are the same.
    """
    if from_.pk == to.pk:
        raise ValidationError({"to": _("Choose somebody else.")})


def open_to(
    person: User, customer: Customer, reason: str, *, actor: User, at: datetime,
    ends_at: datetime | None = None,
) -> Grant:  # fmt: skip
    """Open a single customer to a person, confidential ones included; replaces an opening before.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    ValidationError
        No reason is given, or it would be over already.
    """
    return _grant(Grant.Kind.OPEN, person, customer, reason, actor, at, ends_at)


def close_to(
    person: User, customer: Customer, reason: str, *, actor: User, at: datetime,
    ends_at: datetime | None = None,
) -> Grant:  # fmt: skip
    """Close a single customer to a person, whatever else would open it. Raises as `open_to`."""
    return _grant(Grant.Kind.CLOSED, person, customer, reason, actor, at, ends_at)


def take_back(grant: Grant, *, actor: User, at: datetime) -> None:
    """End a grant now; it stays on record. One that is over keeps its end.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    Refused
        Nobody would know the confidential customer any more, and so nobody could open it again.
    """
    demand(actor, Right.GRANT)
    demand_known(grant.customer_id, actor)
    _keep_somebody(grant, actor, at)
    if grant.ends_at is None or grant.ends_at > at:
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
    demand(actor, Right.GRANT)
    demand_known(customer.pk, actor)
    if customer.confidential:
        return
    open_to(actor, customer, _("Made it confidential"), actor=actor, at=at)
    customer.confidential = True
    customer.save(update_fields=["confidential"])


def lift_confidentiality(customer: Customer, *, actor: User, at: datetime) -> None:
    """From now on roles, assignments and teams open the customer again; grants stay as they are.

    Raises
    ------
    Forbidden
        The actor may not grant, or may not know of the customer.
    """
    demand(actor, Right.GRANT)
    demand_known(customer.pk, actor)
    customer.confidential = False
    customer.save(update_fields=["confidential"])


@transaction.atomic
def link(representative: Representative, user: User, *, actor: User, at: datetime) -> None:
    """Say which account a representative has: it knows its customers from the next page on.

    Raises
    ------
    Forbidden
        The actor does not keep the people.
    Refused
        The representative has another account, or the account serves as somebody else.
    """
    demand(actor, Right.PEOPLE)
    found = Representative.objects.select_for_update().get(pk=representative.pk)
    if found.user_id not in (None, user.pk):
        raise Refused(_("This representative has an account already."))
    if Representative.objects.filter(user=user).exclude(pk=found.pk).exists():
        raise Refused(_("This account serves as somebody else already."))
    found.user = user
    found.save(update_fields=["user"])


def unlink(representative: Representative, *, actor: User, at: datetime) -> None:
    """The account serves nobody any more; the assignments stay with the representative.

    Raises
    ------
    Forbidden
        The actor does not keep the people.
    """
    demand(actor, Right.PEOPLE)
    representative.user = None
    representative.save(update_fields=["user"])


@transaction.atomic
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
    demand_known(customer.pk, actor)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if ends_at is not None and ends_at <= at:
        raise ValidationError({"ends_at": _("That is over already.")})
    made = Grant.objects.create(
        person=person, customer=customer, kind=kind, reason=reason.strip()[:300],
        given_by=actor, starts_at=at, ends_at=ends_at,
    )  # fmt: skip
    before = grants_of(actor, customer, at=at).filter(person=person, kind=kind)
    before.exclude(pk=made.pk).update(ends_at=at)
    return made


def _keep_somebody(grant: Grant, actor: User, at: datetime) -> None:
    if grant.kind != Grant.Kind.OPEN or not grant.customer.confidential:
        return
    others = grants_of(actor, grant.customer, at=at).exclude(person=grant.person)
    if not others.filter(kind=Grant.Kind.OPEN, ends_at=None, person__is_active=True).exists():
        raise Refused(
            _(
                "Nobody would know this confidential customer any more."
                " Open it to somebody else first."
            )
        )


def part(
    customer: Customer,
    last_day: date | None,
    *,
    actor: User,
    at: datetime,
) -> None:
    """We end the relationship on a day; without one, the customer is a customer again.

    The next valuation gives the stage. Nothing is deleted, and orders are still booked.

    Raises
    ------
    Forbidden
        The actor may not part with customers, or may not know of this one.
    """
    demand(actor, Right.PART)
    demand_known(customer.pk, actor)
    customer.parted_on = last_day
    customer.save(update_fields=["parted_on"])


def demand_known(customer: int, actor: User) -> None:
    """Nobody opens to others, or to themselves, what they may not know of."""
    demand_all_known([customer], actor)


def demand_all_known(customers: list[int], actor: User) -> None:
    """The same of many; each is named once."""
    if known_among(actor, customers).count() < len(customers):
        raise Forbidden(_("This customer is not yours to see."))
