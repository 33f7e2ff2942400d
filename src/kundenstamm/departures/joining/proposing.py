"""Which customers a new colleague gets: proposed, with what each change costs and brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import numpy as np
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kundenstamm.customers.models import Customer, Representative
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.frames import successors
from kundenstamm.departures.joining.pool import Candidate, pool
from kundenstamm.departures.looking_back import own_rate
from kundenstamm.departures.models import Departure
from kundenstamm.departures.rooms import minutes_a_year
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.people import who_records
from kundenstamm.guard.rights import Right, demand, may
from kundenstamm.worth.handover import joining
from kundenstamm.worth.handover.fit import Held, Successor, fits
from kundenstamm.worth.models.base import Counts, Floats

# Further customers that could be taken instead, best first.
OTHERS = 20
MOST = 500
CENT = Decimal("0.01")


class Why(StrEnum):
    """Why a customer goes to the newcomer."""

    NOBODY = "nobody"
    GONE = "gone"
    RELIEF = "relief"
    FIT = "fit"


@dataclass(frozen=True)
class Asked:
    """For whom, how many customers at most, and what the newcomer knows already.

    ``of``: ids of those whose customers may be taken, beside those whom nobody looks after; empty:
    everybody's.
    """

    newcomer: User
    customers: int
    of: frozenset[int] = frozenset()
    trade: str = ""
    region: str = ""


@dataclass(frozen=True)
class Line:
    """One customer; money a year. ``cost``: what the change puts at risk; ``gain``: what all
    together have of it, the other lines as proposed, its cost taken off."""

    customer: Customer
    value: Decimal
    holder: Representative | None
    why: Why
    cost: Decimal
    gain: Decimal


@dataclass(frozen=True)
class Proposal:
    """``others``: next best, not proposed; ``confidential``: how many are left out as such."""

    lines: list[Line]
    others: list[Line]
    saved: Decimal
    confidential: int


def newcomers(actor: User) -> QuerySet[User]:
    """Who can be given customers by the actor: of a lead only the own team, and nobody leaving."""
    found = who_records()
    if not may(actor, Right.ASSIGN):
        return found.none()
    if actor.role != Role.OWNER:
        found = found.filter(teams__in=actor.teams.all()).distinct()
    return found.exclude(pk__in=Departure.objects.visible_to(actor).running().values("person"))


def propose(asked: Asked, *, actor: User, at: datetime) -> Proposal:
    """The best choice among the customers that the actor knows. Changes nothing, tells nobody.

    Raises
    ------
    Forbidden
        The actor may not assign customers.
    ValidationError
        It is nobody whom the actor can give customers, or the number makes no sense.
    """
    demand_newcomer(asked.newcomer, actor)
    if not 1 <= asked.customers <= MOST:
        words = _("Enter a number from 1 to %(most)s.") % {"most": MOST}
        raise ValidationError({"customers": words})
    day = local_day(at)
    found = pool(actor, asked.newcomer, asked.of, day)
    if not found.held:
        return Proposal([], [], Decimal(0), found.confidential)
    told = _ways(found.held, found.colleagues, asked, actor, day)
    give = _give(found.held, told.holder, len(found.colleagues), asked.customers)
    chosen = joining.choose(told, asked.customers, give)
    taken = np.flatnonzero(chosen.taken)
    others = np.flatnonzero(~chosen.taken)
    best = np.argsort((told.goes - told.stays - told.relief)[others], kind="stable")
    shown = np.concatenate([taken, others[best][:OTHERS]])
    gains = joining.gains_by_hand(told, chosen.taken, give, shown)
    lines = [
        _line(found.held[row], told.goes[row], told.goes[row] < told.stays[row], gain)
        for row, gain in zip(shown, gains, strict=True)
    ]
    order = sorted(lines[: len(taken)], key=lambda each: (-each.value, each.customer.pk))
    return Proposal(order, lines[len(taken) :], _money(chosen.saved), found.confidential)


def demand_newcomer(person: User, actor: User) -> None:
    """Nobody gives customers to whom they do not lead. Raises as `propose`."""
    demand(actor, Right.ASSIGN)
    if not newcomers(actor).filter(pk=person.pk).exists():
        words = _("%(name)s cannot be given customers by you. Choose somebody else.")
        raise ValidationError({"who": words % {"name": person.name}})


def _ways(
    held: list[Candidate], colleagues: list[Representative], asked: Asked, actor: User, day: date
) -> joining.Ways:
    columns = {each.pk: at for at, each in enumerate(colleagues)}
    holder = np.array([columns[e.holder.pk] if e.holder and e.here else -1 for e in held])
    rate, fit = own_rate(actor, day), _fits(asked, held, colleagues, actor, day)
    taken = minutes_a_year(actor, [each.customer.pk for each in held], day)
    return joining.ways(
        np.array([float(each.value) * rate for each in held]),
        np.array([each.share for each in held]),
        holder,
        # The first column is the newcomer's, then come the colleagues'.
        np.where(holder >= 0, fit[np.arange(len(held)), holder + 1], 0.0),
        fit[:, 0],
        np.array([taken[each.customer.pk] for each in held]),
    )


def _fits(
    asked: Asked, held: list[Candidate], colleagues: list[Representative], actor: User, day: date
) -> Floats:
    """How well the newcomer and each colleague fit each customer; what was told counts in full."""
    own = Representative.objects.filter(user=asked.newcomer).select_related("user").first()
    nobody = Representative(pk=0, name=asked.newcomer.name, user=asked.newcomer)
    languages = {each.customer.pk: each.language for each in held}
    mine = [each.customer.pk for each in held]
    known = successors(actor, [own or nobody, *colleagues], mine, languages, day)
    first: Successor = replace(
        known[0],
        trades={**known[0].trades, **({asked.trade: 1.0} if asked.trade else {})},
        regions={**known[0].regions, **({asked.region: 1.0} if asked.region else {})},
    )
    customers = [
        Held(
            str(each.customer.pk), 0.0, trade=each.customer.trade, region=each.customer.region,
            language=each.language,
        )
        for each in held
    ]  # fmt: skip
    found: Floats = fits(customers, [first, *known[1:]]).astype(float)
    return found


def _give(held: list[Candidate], holder: Counts, colleagues: int, room: int) -> Counts:
    """Who has most gives, as much as there is room beside those whom nobody looks after."""
    free = sum(each.value > 0 and not each.here for each in held)
    loads = np.bincount(holder[holder >= 0], minlength=colleagues)
    return joining.too_many(loads, max(room - free, 0))


def _line(of: Candidate, cost: float, fits_better: bool, gain: float) -> Line:
    if of.here:
        why = Why.FIT if fits_better else Why.RELIEF
    else:
        why = Why.GONE if of.holder else Why.NOBODY
    return Line(of.customer, of.value, of.holder, why, _money(cost), _money(gain))


def _money(amount: float) -> Decimal:
    return Decimal(str(round(float(amount), 2))).quantize(CENT)
