"""Inviting people, letting them in, giving them roles, locking them out."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Invitation, Role, User
from kundenstamm.guard.people import able_owners, hashed, is_erased, open_invitation
from kundenstamm.guard.rights import Right, demand

VALID = timedelta(days=7)


class Refused(ValueError):  # noqa: N818
    """What was asked for cannot be; the message says why."""


@transaction.atomic
def invite(email: str, name: str, role: Role, *, actor: User, at: datetime) -> str:
    """Make an account without a password; the secret part of the link that opens it."""
    demand(actor, Right.PEOPLE)
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Somebody with this mail address has an account already."))
    user = User(email=email, name=name, role=role, language=actor.language, created_at=at)
    user.set_unusable_password()
    user.save()
    return _fresh_link(user, actor, at)


@transaction.atomic
def renew(user: User, *, actor: User, at: datetime) -> str:
    """A new link, for one that is over or for somebody who has lost password or second factor."""
    demand(actor, Right.PEOPLE)
    if not user.is_active:
        raise Refused(_("This account is locked. Unlock it first."))
    return _fresh_link(user, actor, at)


@transaction.atomic
def accept(token: str, password: str, *, at: datetime) -> User:
    """Come in by a link: whoever has it acts, and it works once. Second factors start anew.

    Raises
    ------
    Refused
        The link is used, over or unknown.
    django.core.exceptions.ValidationError
        The password is weak.
    """
    # Two clicks at once: the second waits here, and then finds the link used.
    list(Invitation.objects.select_for_update().filter(token_hash=hashed(token)))
    invitation = open_invitation(token, at=at)
    if invitation is None:
        raise Refused(_("This link has been used or is over."))
    user = invitation.user
    set_password(user, password, actor=user, at=at)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    return user


@transaction.atomic
def give_role(user: User, role: Role, *, actor: User, at: datetime) -> None:
    """Another role; it holds from the person's next request on."""
    demand(actor, Right.PEOPLE)
    if role != Role.OWNER:
        _keep_an_owner(without=user)
    user.role = role
    user.save(update_fields=["role"])


@transaction.atomic
def lock(user: User, *, actor: User, at: datetime) -> None:
    """Nobody comes in by this account any more, and whoever is in is out at once."""
    demand(actor, Right.PEOPLE)
    _keep_an_owner(without=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)


@transaction.atomic
def unlock(user: User, *, actor: User, at: datetime) -> None:
    """The account works as before; sessions do not come back. One that was erased stays locked."""
    demand(actor, Right.PEOPLE)
    if is_erased(user):
        raise Refused(_("Nobody knows any more whose account this was. Invite the person anew."))
    user.is_active = True
    user.save(update_fields=["is_active"])


def end_sessions(user: User, *, but: str | None = None) -> None:
    """End a person's sessions, all or all but one."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


def _keep_an_owner(*, without: User) -> None:
    """Two owners who lock each other at once take turns."""
    if without.role != Role.OWNER or not without.is_active:
        return
    owners = able_owners().select_for_update().order_by("pk")
    if all(owner.pk == without.pk for owner in owners):
        raise Refused(
            _("At least one active owner must remain. Give somebody else this role first.")
        )


def _fresh_link(user: User, actor: User, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    told = {"token_hash": hashed(token), "invited_by": actor, "used_at": None}
    times = {"created_at": at, "expires_at": at + VALID}
    Invitation.objects.update_or_create(user=user, defaults=told | times)
    return token
