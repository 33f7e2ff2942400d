"""Somebody who is gone comes back: with an account, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kundenstamm.departures.actions import hold, move
from kundenstamm.departures.models import Departure, State
from kundenstamm.guard import people_actions
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, demand


@transaction.atomic
def take_back(departure: Departure, *, actor: User, at: datetime) -> str:
    """The secret part of a new link to come in by. Customers, teams, openings do not come back.

    Raises
    ------
    Forbidden
        It is not confided to the actor, or the actor does not keep the people.
    ValidationError
        The person is not gone.
    """
    demand(actor, Right.PEOPLE)
    held = hold(departure, actor)
    move(held, State.CLOSED, actor=actor, at=at)
    held.over_at = at
    held.save()
    people_actions.unlock(held.person, actor=actor, at=at)
    return people_actions.renew(held.person, actor=actor, at=at)
