"""Who takes over whom: proposed by an assignment, chosen by hand, each choice with its price."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Representative
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.actions import hold
from kundenstamm.departures.frames import Task, handing_over
from kundenstamm.departures.looking_back import own_rate
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.guard.models import User
from kundenstamm.worth.handover.assigning import (
    Assigned,
    Gains,
    assign,
    price_of_change,
    prices_of_changes,
)
from kundenstamm.worth.handover.fit import gains, ways
from kundenstamm.worth.handover.places import road_km

# Pairs up to which each change is solved anew; beyond, prices say "at least".
SOLVED_ANEW = 600
CENT = Decimal("0.01")


def representative_of(departure: Departure) -> Representative | None:
    return Representative.objects.filter(user=departure.person).first()


@transaction.atomic
def propose(
    departure: Departure, rooms: Mapping[str, float] | None = None, *, actor: User, at: datetime
) -> int:
    """Propose a successor for every customer that the actor knows; how many. Choices stay.

    ``rooms``: minutes a year that a colleague (by the id) has free, where somebody knows better
    than what pools and portfolios tell.

    Raises
    ------
    Forbidden
        The departure is not confided to the actor.
    ValidationError
        It is over, or there is nobody who could take customers over.
    """
    held = hold(departure, actor)
    representative = representative_of(held)
    if representative is None:
        return 0
    rate = own_rate(actor, local_day(at))
    told = handing_over(actor, representative, _day(held, at), rate, rooms)
    known = HandoverLine.objects.visible_to(actor).filter(departure=held, handed_over_at=None)
    known.exclude(customer__in=[each.customer for each in told.bound]).delete()
    if not told.bound:
        return 0
    if not told.colleagues:
        raise ValidationError(_("There is nobody who could take customers over."))
    capacity = np.array([each.capacity for each in told.successors])
    if not capacity.sum() > 0:
        raise ValidationError(_("Somebody must have minutes for more customers."))
    # A way counts as far as it is longer than the nearest colleague's: somebody has to drive.
    nearest = ways(told.held, told.successors).min(axis=1, keepdims=True)
    worth = gains(told.held, told.successors) + nearest
    found = assign(worth, np.array([each.minutes for each in told.held]), capacity)
    held.rooms = {each.name: round(each.capacity, 1) for each in told.successors}
    held.save(update_fields=["rooms"])
    lines = {line.customer_id: line for line in known_lines(held, actor)}
    for row, each in enumerate(told.bound):
        line = lines.get(each.customer.pk) or HandoverLine(departure=held, customer=each.customer)
        for name, value in _fresh(told, row, worth[row], int(found.to[row])).items():
            setattr(line, name, value)
        line.save()
    return len(told.bound)


def _fresh(told: Task, row: int, worth: np.ndarray, to: int) -> dict[str, Any]:
    """What a line says of a customer."""
    held, names = told.held[row], [each.name for each in told.successors]
    return {
        "value": told.bound[row].value, "at_risk": Decimal(str(held.at_risk)).quantize(CENT),
        "minutes": round(held.minutes, 1), "proposed": told.colleagues[to],
        "saves": {name: round(float(w), 2) for name, w in zip(names, worth, strict=True)},
        "kilometres": {
            # To tens: regions are no better known.
            each.name: int(round(road_km(held.place, each.place), -1))
            for each in told.successors
            if held.place is not None and each.place is not None
        },
    }  # fmt: skip


@transaction.atomic
def choose(
    line: HandoverLine, successor: Representative | None, *, actor: User, at: datetime
) -> None:
    """Somebody else than proposed takes this customer over; None: as proposed after all.

    Raises
    ------
    Forbidden
        The departure is not confided to the actor.
    ValidationError
        It is handed over already, or they could not take it over.
    """
    hold(line.departure, actor)
    if line.handed_over_at is not None:
        raise ValidationError(_("This customer has been handed over already."))
    if successor is not None and str(successor.pk) not in line.saves:
        raise ValidationError(_("%(name)s cannot take over.") % {"name": successor.name})
    if successor is not None and successor.pk == line.proposed_id:
        successor = None
    line.price = Decimal(0)
    if successor is not None:
        line.price = prices([*known_lines(line.departure, actor)])[line.pk].get(
            str(successor.pk), Decimal(0)
        )
    line.chosen, line.chosen_by = successor, actor if successor is not None else None
    line.save(update_fields=["chosen", "chosen_by", "price"])


def known_lines(departure: Departure, actor: User) -> list[HandoverLine]:
    """All lines that the actor knows, the most value at risk first."""
    found = HandoverLine.objects.visible_to(actor).filter(departure=departure)
    related = found.select_related("customer", "proposed__user", "chosen__user", "visit")
    return list(related.order_by("-at_risk", "customer__sort_name", "pk"))


def prices(lines: list[HandoverLine]) -> dict[int, dict[str, Decimal]]:
    """Line → colleague → what the total loses if this customer goes there, the others as best."""
    open_ones = [each for each in lines if each.saves]
    if not open_ones:
        return {}
    names = list(open_ones[0].departure.rooms)
    worth = np.array([[e.saves.get(n, 0.0) for n in names] for e in open_ones], dtype=np.float32)
    minutes = np.array([each.minutes for each in open_ones], dtype=float)
    rooms = np.array([open_ones[0].departure.rooms[name] for name in names], dtype=float)
    if not rooms.sum() > 0:
        return {}
    found = assign(worth, minutes, rooms)
    told = _priced(worth, minutes, found)
    return {
        each.pk: {
            name: Decimal(str(round(float(told[row, column]), 2)))
            for column, name in enumerate(names)
        }
        for row, each in enumerate(open_ones)
    }


def _priced(worth: Gains, minutes: np.ndarray, found: Assigned) -> np.ndarray:
    if worth.size > SOLVED_ANEW:
        return prices_of_changes(worth, minutes, found)
    return np.array(
        [
            [price_of_change(worth, minutes, found, row, to) for to in range(worth.shape[1])]
            for row in range(len(worth))
        ]
    )


def _day(departure: Departure, at: datetime) -> date:
    """From which day on they are handed over: when the rights end, or now."""
    later = departure.leaves_at if departure.leaves_at and departure.leaves_at > at else at
    return local_day(later)
