"""Teams are made, renamed, filled and dissolved. What a team opens changes with the next page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.guard.models import Team, User
from kundenstamm.guard.rights import Right, demand


@transaction.atomic
def make_team(name: str, members: Iterable[User], *, actor: User, at: datetime) -> Team:
    """A new team.

    Raises
    ------
    kundenstamm.guard.rights.Forbidden
        The actor does not keep the people.
    ValidationError
        The name is empty, or another team's.
    """
    demand(actor, Right.PEOPLE)
    team = Team.objects.create(name=_free(name))
    team.members.set(members)
    return team


def rename_team(team: Team, name: str, *, actor: User, at: datetime) -> None:
    """Another name for a team. Raises as `make_team`."""
    demand(actor, Right.PEOPLE)
    team.name = _free(name, but=team)
    team.save(update_fields=["name"])


def set_members(team: Team, members: Iterable[User], *, actor: User, at: datetime) -> None:
    """Who belongs to a team, and nobody else.

    Raises
    ------
    kundenstamm.guard.rights.Forbidden
        The actor does not keep the people.
    """
    demand(actor, Right.PEOPLE)
    team.members.set(members)


def dissolve_team(team: Team, *, actor: User, at: datetime) -> None:
    """The team is no more; its people stay. Raises as `set_members`."""
    demand(actor, Right.PEOPLE)
    team.delete()


def _free(name: str, *, but: Team | None = None) -> str:
    name = name.strip()[:120]
    if not name:
        raise ValidationError({"name": _("Give the team a name.")})
    others = Team.objects.exclude(pk=but.pk) if but else Team.objects.all()
    if others.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("Another team has this name.")})
    return name
