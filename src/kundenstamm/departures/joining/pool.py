"""Whom a new colleague could get: each customer, who holds it, how much is bound to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kundenstamm.customers.models import Assignment, Contact, Customer, Representative
from kundenstamm.departures.bound import Bound, bound, values
from kundenstamm.departures.models import Departure, State
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate, Stage
from kundenstamm.lifecycle.queries import latest_run
from kundenstamm.pursuits.models import Pursuit

# There is nobody to get to know, or it is another task to win them.
NOT_SERVED = (Stage.PROSPECT, Stage.LOST, Stage.PARTED)


@dataclass(frozen=True)
class Candidate(Bound):
    """A customer, its expected contribution of the year, and how much hangs on its ``holder``.

    ``here``: the holder stays and can look after it; without a holder nobody does.
    """

    holder: Representative | None
    here: bool
    language: str = ""


@dataclass(frozen=True)
class Pool:
    """``colleagues``: holders who stay. ``confidential``: customers left out as such."""

    held: list[Candidate]
    colleagues: list[Representative]
    confidential: int


def pool(actor: User, newcomer: User, of: frozenset[int], day: date) -> Pool:
    """Customers that the actor knows, served by one colleague or by nobody who stays.

    Left out are those that the newcomer serves already, that are won just now, that are served by
    several or are expected to bring nothing: they fill nobody's days. And confidential ones: an
    assignment does not open them.
    """
    serving = _serving(actor, day)
    leaving = _leaving(actor)
    here = {each.pk: _stays(each, leaving) for found in serving.values() for each in found.values()}
    wanted = _wanted(actor)
    open_ones = {pk for pk, confidential in wanted.items() if not confidential}
    candidates: dict[int, Representative | None] = {}
    for customer in open_ones:
        found = serving.get(customer, {})
        staying = [each for each in found.values() if here[each.pk]]
        if any(each.user_id == newcomer.pk for each in found.values()) or len(staying) > 1:
            continue
        if of and staying and staying[0].pk not in of:
            continue
        candidates[customer] = staying[0] if staying else next(iter(found.values()), None)
    held = _held(actor, candidates, here, day)
    colleagues = {h.holder.pk: h.holder for h in held if h.holder and h.here}
    return Pool(
        held, sorted(colleagues.values(), key=lambda each: (each.name, each.pk)),
        len(wanted) - len(open_ones),
    )  # fmt: skip


def _serving(actor: User, day: date) -> dict[int, dict[int, Representative]]:
    """Customer → representatives who serve it on the day or later."""
    lasting = Assignment.objects.visible_to(actor).filter(Q(ends=None) | Q(ends__gte=day))
    people = Representative.objects.select_related("user").in_bulk()
    found: dict[int, dict[int, Representative]] = defaultdict(dict)
    for customer, who in lasting.order_by("pk").values_list("customer", "representative"):
        found[customer][who] = people[who]
    return found


def _leaving(actor: User) -> set[int]:
    """Who has given notice; of what is only feared nothing follows here."""
    known = Departure.objects.visible_to(actor).filter(state__in=(State.NOTICE, State.GONE))
    return set(known.values_list("person", flat=True))


def _stays(who: Representative, leaving: set[int]) -> bool:
    """Whoever has no account serves, for all that is known here."""
    return who.user is None or (may(who.user, Right.RECORD) and who.user.pk not in leaving)


def _wanted(actor: User) -> dict[int, bool]:
    """Customers to look after, and whether each is confidential."""
    run = latest_run()
    if run is None:
        return {}
    told = Estimate.objects.visible_to(actor).filter(run=run).exclude(stage__in=NOT_SERVED)
    won = Pursuit.objects.visible_to(actor).open().values("customer")
    found = Customer.objects.visible_to(actor).filter(merged_into=None, parted_on=None)
    found = found.filter(pk__in=told.values("customer")).exclude(pk__in=won)
    return dict(found.values_list("pk", "confidential"))


def _held(
    actor: User, candidates: dict[int, Representative | None], here: dict[int, bool], day: date
) -> list[Candidate]:
    contacts = Contact.objects.visible_to(actor).standing().exclude(language="")
    languages = dict(contacts.filter(is_main=True).values_list("customer", "language"))
    found = []
    holders = {each.pk: each for each in candidates.values() if each is not None}
    for who in sorted(holders.values(), key=lambda each: each.pk):
        for one in bound(actor, who, day):
            pk = one.customer.pk
            if candidates.get(pk) == who and one.value > 0:
                told = (one.customer, one.value, one.share, who, here[who.pk])
                found.append(Candidate(*told, languages.get(pk, "")))
    free = [pk for pk, who in candidates.items() if who is None]
    customers = list(Customer.objects.visible_to(actor).filter(pk__in=free).order_by("pk"))
    worth = values(actor, customers)
    for each in customers:
        value = worth.get(each.pk, Decimal(0))
        found.append(Candidate(each, value, 0.0, None, False, languages.get(each.pk, "")))
    return found
