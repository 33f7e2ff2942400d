"""One thing done to many customers at once, and undone again.

Every such act keeps how each customer was and how it was left. To undo it is to put back what it
changed, but only where a customer still is as the act has left it: what somebody else has done
since is not overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kundenstamm.customers import handing_over
from kundenstamm.customers.actions import demand_all_known
from kundenstamm.customers.deeds import DEEDS, Deed
from kundenstamm.customers.lists import BulkAct, BulkChange
from kundenstamm.customers.queries import changes_of
from kundenstamm.guard.models import User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden, demand, may

UNDONE_WITHIN = timedelta(days=30)
# What rooms above did along with an act, they take back here once its customers are put back.
Along = Callable[[BulkAct, list[BulkChange], User, datetime], None]
ALONG: list[Along] = []


@dataclass(frozen=True)
class Undone:
    """How many customers are as they were, and which were changed since and so left alone.

    ``unknown``: how many of the act the actor knows nothing of any more.
    """

    back: int
    left: list[BulkChange]
    unknown: int


def may_do(actor: User, kind: str) -> bool:
    """Whether the actor's role includes what an act of this kind does, and it can be done here."""
    deed = DEEDS[kind]
    return deed.possible() and (deed.right is None or may(actor, deed.right))


def left_out(kind: str, customers: list[int], *, actor: User, at: datetime) -> Counter[str]:
    """How many an act that takes no more words would leave as they are, by their state."""
    deed = DEEDS[kind]
    states = deed.now(actor, customers, at)
    return Counter(str(was) for was in states.values() if deed.after(was, {}) == was)


def at_most(kind: str) -> int:
    """To how many customers it may be done at once."""
    return DEEDS[kind].at_most


@transaction.atomic
def do_to_all(
    kind: str, customers: list[int], told: dict[str, Any], *, actor: User, at: datetime
) -> BulkAct | None:
    """Do it to those of the customers that are not so already; None if all of them are.

    Raises
    ------
    Forbidden
        The actor may not do it, or may not know of one of the customers.
    ValidationError
        They are more than may be changed at once.
    """
    deed = DEEDS[kind]
    _demand(deed, actor)
    customers = sorted(set(customers))
    demand_few(kind, len(customers))
    demand_all_known(customers, actor)
    handing_over.take_turns(customers)
    before = deed.now(actor, customers, at)
    after = {pk: deed.after(was, told) for pk, was in before.items()}
    changed = [pk for pk in customers if after[pk] != before[pk]]
    if not changed:
        return None
    act = BulkAct.objects.create(
        kind=kind, told=told, customers=len(changed), done_by=actor, done_at=at
    )
    # First: the act itself may end the actor's own knowledge of them.
    BulkChange.objects.bulk_create(
        BulkChange(act=act, customer_id=pk, before=before[pk], after=after[pk]) for pk in changed
    )
    deed.do(changed, told, actor, at)
    return act


def demand_few(kind: str, customers: int) -> None:
    """Nobody changes the whole base by one click.

    Raises
    ------
    ValidationError
        They are more than may be changed at once.
    """
    limit = at_most(kind)
    if customers > limit:
        words = ngettext(
            "At most %(count)s customer at once: narrow the list.",
            "At most %(count)s customers at once: narrow the list.",
            limit,
        )
        raise ValidationError(words % {"count": limit})


def may_still_undo(act: BulkAct, *, at: datetime) -> bool:
    """Not for ever: what stood for a month is how things are."""
    return at - act.done_at <= UNDONE_WITHIN


@transaction.atomic
def undo(act: BulkAct, *, actor: User, at: datetime) -> Undone:
    """Put back what an act changed, customer by customer, where nobody changed it since.

    Raises
    ------
    Forbidden
        It is somebody else's act, or the actor may not do such a thing any more.
    Refused
        It was done too long ago.
    """
    deed = DEEDS[act.kind]
    _demand(deed, actor)
    if act.done_by_id != actor.pk:
        raise Forbidden(_("Only whoever did it undoes it."))
    if not may_still_undo(act, at=at):
        raise Refused(too_late())
    rows = list(changes_of(actor, act))
    handing_over.take_turns([row.customer_id for row in rows])
    waiting = [row for row in rows if row.undone_at is None]
    fitting = as_left(act, waiting, actor=actor, at=at)
    back = [row for row in waiting if row.pk in fitting]
    _put_back(act, back, actor, at)
    left = [row for row in waiting if row.pk not in fitting]
    return Undone(len(back), left, act.customers - len(rows))


def as_left(act: BulkAct, rows: list[BulkChange], *, actor: User, at: datetime) -> set[int]:
    """Ids of those changes whose customers still are as the act has left them."""
    now = DEEDS[act.kind].now(actor, [row.customer_id for row in rows], at)
    return {row.pk for row in rows if now.get(row.customer_id) == row.after}


def too_late() -> str:
    words = ngettext(
        "This was done more than %(count)s day ago and stays.",
        "This was done more than %(count)s days ago and stays.",
        UNDONE_WITHIN.days,
    )
    return words % {"count": UNDONE_WITHIN.days}


def _put_back(act: BulkAct, rows: list[BulkChange], actor: User, at: datetime) -> None:
    """Noted first: putting back, too, may end the actor's knowledge."""
    act.undone_at = at
    act.save(update_fields=["undone_at"])
    noted = changes_of(actor, act).order_by().filter(pk__in=[row.pk for row in rows])
    noted.update(undone_at=at)
    if rows:
        DEEDS[act.kind].back({row.customer_id: row.before for row in rows}, actor, at)
    for take_back in ALONG:
        take_back(act, rows, actor, at)


def _demand(deed: Deed, actor: User) -> None:
    if deed.right is not None:
        demand(actor, deed.right)
