"""Whom something about a customer may be given to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kundenstamm.care.models import Complaint, Task
from kundenstamm.customers.actions import demand_known
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Forbidden, Right, may


def demand_able(person: User, customer: int, *, field: str) -> None:
    """Nobody is given what they could not even look at; ``customer`` is the id.

    Raises
    ------
    ValidationError
        The account is locked, the role does not record, or the customer is not theirs to know;
        the sentence says how that is mended.
    """
    if not person.is_active:
        words = _("%(name)s's account is locked. Choose somebody else.")
    elif not may(person, Right.RECORD):
        words = _("%(name)s's role does not record with customers. Choose somebody else.")
    elif not knows(person, customer):
        words = _(
            "%(name)s may not know of this customer. Open it to them on the customer's page "
            "under “Who may know”, or choose somebody else."
        )
    else:
        return
    raise ValidationError({field: words % {"name": person.name}})


def pass_on(held: Task | Complaint, to: User) -> User:
    """Make it somebody else's, and tell whose it was; saves nothing.

    Raises
    ------
    ValidationError
        It is theirs already, or they may not do it (`demand_able`).
    """
    if held.owner_id == to.pk:
        raise ValidationError({"to": _("It is theirs already. Choose somebody else.")})
    demand_able(to, held.customer_id, field="to")
    before, held.owner = held.owner, to
    return before


def knows(person: User, customer: int) -> bool:
    """Whether a person may know of a customer now."""
    try:
        demand_known(customer, person)
    except Forbidden:
        return False
    return True
