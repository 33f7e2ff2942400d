"""What ends when somebody goes: every way in, and every right that does not go with the account.

Each room registers its own ways in. `end_all` ends them, `left` says what is still there, so that
a test can hold that nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from kundenstamm.guard.models import Invitation, Team, User
from kundenstamm.guard.people_actions import end_sessions, lock

Rows = Callable[[User, datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Ending:
    """One way in: rows of a person, and how they end; without ``end`` they are deleted."""

    name: str
    rows: Rows
    end: Callable[[User, datetime], Any] | None = None


_registered: dict[str, Ending] = {}


def register(*endings: Ending) -> None:
    for each in endings:
        _registered[each.name] = each


@transaction.atomic
def end_all(person: User, *, actor: User, at: datetime) -> None:
    """Nobody comes in as this person any more, from the next request on, by any way.

    Raises
    ------
    Forbidden
        The actor does not keep the people.
    Refused
        No owner would remain.
    """
    lock(person, actor=actor, at=at)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    for each in _registered.values():
        if each.end is not None:
            each.end(person, at)
        else:
            each.rows(person, at).delete()


def left(person: User, *, at: datetime) -> dict[str, int]:
    """Ways in and rights that a person still has, by name; empty after `end_all`."""
    counts = {name: each.rows(person, at).count() for name, each in _registered.items()}
    counts["account"] = int(person.is_active)
    counts["password"] = int(person.has_usable_password())
    return {name: count for name, count in counts.items() if count}


register(
    Ending(
        "sessions",
        lambda person, at: UserSession.objects.filter(user=person),
        lambda person, at: end_sessions(person),
    ),
    Ending("second factors", lambda person, at: Authenticator.objects.filter(user=person)),
    Ending("invitation", lambda person, at: Invitation.objects.filter(user=person)),
    Ending("other sign-ins", lambda person, at: SocialAccount.objects.filter(user=person)),
    Ending("confirmed addresses", lambda person, at: EmailAddress.objects.filter(user=person)),
    Ending("teams", lambda person, at: Team.members.through.objects.filter(user=person)),
)
