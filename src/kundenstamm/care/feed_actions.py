"""A person's tasks as a calendar: the address is made, revoked, and lets customers' names out only
if the person says so.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from kundenstamm.care.models import Feed
from kundenstamm.guard.models import User
from kundenstamm.guard.people import hashed
from kundenstamm.guard.rights import Right, demand, may


@transaction.atomic
def open_feed(*, actor: User, at: datetime) -> str:
    """The secret part of a new address, shown this once; one that was before answers no more.

    Raises
    ------
    Forbidden
        The actor may not record, and so has no tasks.
    """
    demand(actor, Right.RECORD)
    token = secrets.token_urlsafe(32)
    told = {"token_hash": hashed(token), "created_at": at}
    Feed.objects.update_or_create(person=actor, defaults=told)
    return token


def close_feed(*, actor: User, at: datetime) -> None:
    """The address answers no more."""
    Feed.objects.filter(person=actor).delete()


def name_customers(wish: bool, *, actor: User, at: datetime) -> None:
    """Whether the calendar tells whom a task is about."""
    Feed.objects.filter(person=actor).update(names_customers=wish)


def feed_of(person: User) -> Feed | None:
    return Feed.objects.filter(person=person).first()


def feed_behind(token: str) -> Feed | None:
    """The feed of an address, as long as its person's account is open and has tasks."""
    found = Feed.objects.select_related("person").filter(token_hash=hashed(token)).first()
    return found if found is not None and may(found.person, Right.RECORD) else None
