"""Who stays and who goes visit important customers together: tasks for the successors."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.care.standing_in import knows
from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers.actions import open_to
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.actions import hold
from kundenstamm.departures.models import Departure, HandoverLine, State
from kundenstamm.departures.planning import known_lines
from kundenstamm.guard.models import User

# So many of the most valuable customers are visited together.
MOST = 15


@transaction.atomic
def plan_visits(
    departure: Departure, *, actor: User, at: datetime, most: int = MOST
) -> list[HandoverLine]:
    """A task for the successor of each of the most valuable customers, the first ones first.

    Until then the customer is opened to the successor, to the end of the day on which the rights
    end; afterwards they serve it.

    Raises
    ------
    Forbidden
        The departure is not confided to the actor.
    ValidationError
        Nobody may hear of it yet, or the person is gone.
    """
    held = hold(departure, actor)
    if held.state != State.NOTICE or held.leaves_at is None:
        raise ValidationError(_("Visits are planned once the last day is known."))
    chosen = [each for each in known_lines(held, actor) if _can_be_visited(each)][:most]
    planned = [each for each in chosen if each.visit_id is None]
    days = _days(local_day(at), local_day(held.leaves_at), len(planned))
    for line, day in zip(planned, days, strict=True):
        _plan(line, held, day, actor, at)
    return planned


def _can_be_visited(line: HandoverLine) -> bool:
    successor = line.successor
    return (
        line.handed_over_at is None and line.at_risk > 0
        and successor is not None and successor.user is not None and successor.user.is_active
    )  # fmt: skip


def _plan(line: HandoverLine, held: Departure, day: date, actor: User, at: datetime) -> None:
    successor = line.successor
    if successor is None or successor.user is None or held.leaves_at is None:
        return
    name = held.person.name
    if not knows(successor.user, line.customer_id):
        because = _("Takes over from %(name)s") % {"name": name}
        ends = held.leaves_at + timedelta(days=1)
        open_to(successor.user, line.customer, because, actor=actor, at=at, ends_at=ends)
    what = _("Visit together with %(name)s, who introduces you") % {"name": name}
    errand = Errand(what, day, successor.user)
    line.visit = set_task(line.customer, errand, actor=actor, at=at)
    line.save(update_fields=["visit"])


def _days(first: date, last: date, number: int) -> list[date]:
    """Working days, spread evenly; the first third of the time is for the most valuable."""
    span = max((last - first).days - 1, 0)
    found = []
    for at in range(number):
        day = first + timedelta(days=min(1 + span * at // max(number, 1), span))
        while day.weekday() > 4 and day < last:
            day += timedelta(days=1)
        found.append(min(day, last))
    return found
