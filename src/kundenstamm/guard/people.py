"""Who has an account, who is invited, who must have a second factor."""

from __future__ import annotations

import hashlib
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kundenstamm.guard.acting import read_once
from kundenstamm.guard.models import Invitation, Role, Team, User
from kundenstamm.guard.rights import REACH, RIGHTS, Reach, Right

WITH_SECOND_FACTOR = frozenset({Role.OWNER, Role.CONTROLLER})
# Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# No mail can be sent there, ever (RFC 2606): whose address ends so was erased after leaving.
NOWHERE = "erased.invalid"


def is_erased(user: User) -> bool:
    """Whether nobody can say any more who this was."""
    return user.email.endswith(f"@{NOWHERE}")


def people() -> QuerySet[User]:
    """Everybody with an account, the locked ones last; each with invitation and ``protected``."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    return (
        User.objects.select_related("invitation")
        .annotate(protected=Exists(factors))
        .order_by("-is_active", "name", "pk")
    )


def who_could_know() -> QuerySet[User]:
    """To whom a customer could be opened: not locked, and of a role that has customers."""
    blind = [role for role, reach in REACH.items() if reach is Reach.NONE]
    return User.objects.filter(is_active=True).exclude(role__in=blind).order_by("name", "pk")


def who_records() -> QuerySet[User]:
    """Who could do something for a customer: not locked, and of a role that records."""
    roles = [role for role, rights in RIGHTS.items() if Right.RECORD in rights]
    return User.objects.filter(is_active=True, role__in=roles).order_by("name", "pk")


def recorders() -> list[User]:
    """The same people, read once a page: each of its forms names them."""
    return read_once("who records", lambda: list(who_records()))


def teams() -> QuerySet[Team]:
    """All teams with their members, by name."""
    members = Prefetch("members", User.objects.order_by("-is_active", "name", "pk"))
    return Team.objects.prefetch_related(members).order_by("name")


def able_owners() -> QuerySet[User]:
    """Owners who can sign in: not locked, and have a password or have been here before."""
    unusable = Q(("password__startswith", UNUSABLE_PASSWORD_PREFIX))
    came_in = Q(last_login__isnull=False) | ~unusable
    return User.objects.filter(came_in, role=Role.OWNER, is_active=True)


def open_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, unless it is used, over, or its person is locked."""
    return (
        Invitation.objects.select_related("user")
        .filter(token_hash=hashed(token), used_at=None, expires_at__gt=at, user__is_active=True)
        .first()
    )


def hashed(token: str) -> str:
    """A token is long and random, so a plain digest is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def must_protect(user: User) -> bool:
    """Whether the role demands a second factor that the person has not set up yet."""
    return user.role in WITH_SECOND_FACTOR and not has_second_factor(user)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def factors(user: User) -> list[Authenticator]:
    """The person's second factors, without the recovery codes."""
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("pk"))
