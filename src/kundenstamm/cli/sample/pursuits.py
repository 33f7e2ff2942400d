"""Whom the sample company wants to win: a titbit that is too big today, some in every state, and
four of the year before last by which its plans are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min, Sum
from django.utils import timezone

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.guard.acting import acting_as
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.pursuits import actions
from kundenstamm.pursuits.learning import BOUGHT, learn
from kundenstamm.pursuits.models import Pursuit, PursuitChange, State
from kundenstamm.pursuits.rules import coming, first_year, month_after
from kundenstamm.pursuits.sheets import Sheet, Step, beginning
from kundenstamm.serving.actions import enter_pool_month
from kundenstamm.serving.models import Pool, PoolMonth

FIELD, STORE, DESK = "Außendienst", "Lager und Versand", "Innendienst"
# From this month on there is a second shift in the store.
SHIFT_IN, SHIFT = 5, Decimal(2)
# What came ÷ what was promised.
PAST = (Decimal("0.55"), Decimal("0.7"), Decimal("0.62"), Decimal("0.9"))
RAMP = 3


@dataclass(frozen=True)
class Wish:
    """A prospect as the sample tells of it: minutes a month by pool, and how far it has come."""

    name: str
    trade: str
    link: str
    who: str
    turnover: int
    margin: str
    rebate: str
    chance: str
    minutes: dict[str, int]
    steps: tuple[Step, ...]
    states: tuple[tuple[str, str], ...] = ()
    spent: tuple[tuple[str, int, int], ...] = ()
    bonus: str = "0"
    payment_days: int = 30


BESUCH = Step("Besuch mit Musterkoffer", 240, Decimal(80))
WISHES = (
    Wish("Stadtwerke Kesselstadt", "Haustechnik", "end_customer", "anna@example.com", 1_900_000,
         "0.36", "0.12", "0.25", {FIELD: 900, STORE: 11_000, DESK: 2_600},
         (Step("Ausschreibung lesen und rechnen", 2_400, Decimal(0)),
          Step("Vorstellung beim Einkauf", 480, Decimal(300)),
          Step("Probelieferung", 300, Decimal(1_800))),
         spent=(("Erstes Gespräch, Anfahrt", 180, 60),), bonus="0.01"),
    Wish("Amselgrund Innenausbau", "Tischlerei", "end_customer", "anna@example.com", 36_000,
         "0.36", "0.05", "0.5", {FIELD: 60, STORE: 120, DESK: 60},
         (BESUCH, Step("Angebot schreiben", 90, Decimal(0))),
         (("go", "Empfehlung von Krüger & Söhne."), ("negotiating", "")),
         (("Besuch auf Empfehlung von Krüger", 150, 45),)),
    Wish("Salonkette Lerchenau", "Friseursalon", "end_customer", "bernd@example.com", 58_000,
         "0.34", "0.16", "0.3", {FIELD: 480, STORE: 1_900, DESK: 900},
         (BESUCH, Step("Acht Filialen ansehen", 1_200, Decimal(420)))),
    Wish("Gimpelmoor Metallbau", "Metallbau", "end_customer", "gesa@example.com", 21_000,
         "0.37", "0.03", "0.6", {FIELD: 40, STORE: 70, DESK: 40},
         (Step("Gemeinsam mit dem Partnerbetrieb anrufen", 45, Decimal(0)),),
         (("go", "Kommt über den Partnerbetrieb."),)),
    Wish("Dachtechnik Sperlingshof", "Dachdeckerei", "end_customer", "anna@example.com", 28_000,
         "0.35", "0.04", "0.3", {FIELD: 60, STORE: 100, DESK: 60}, (BESUCH,),
         (("parked", "Baut gerade um; im Frühjahr wieder fragen."),)),
    Wish("Elektro Finkenwerth", "Elektrotechnik", "end_customer", "bernd@example.com", 44_000,
         "0.36", "0.05", "0.35", {FIELD: 60, STORE: 120, DESK: 60}, (BESUCH,),
         (("go", "Der Inhaber kennt uns von früher."), ("negotiating", ""),
          ("lost", "Der Mitbewerber gab 14 %; wir nicht.")),
         (("Zwei Besuche", 360, 110),)),
)  # fmt: skip


def pursue(*, actor: User, at: datetime) -> None:
    """Once; each as its own person, behind both walls."""
    if Pursuit.objects.exists():
        return
    today = timezone.localdate(at)
    _second_shift(today, actor=actor, at=at)
    _past(today, actor=actor, at=at)
    pools = {pool.name: pool for pool in Pool.objects.all()}
    for wish in WISHES:
        person = User.objects.get(email=wish.who)
        with acting_as(person, at=at):
            _consider(wish, pools, today, actor=person, at=at)


def _consider(
    wish: Wish, pools: dict[str, Pool], today: date, *, actor: User, at: datetime
) -> None:
    by: dict[str, Any] = {"actor": actor, "at": at}
    made = actions.start_by_name(wish.name, link=wish.link, trade=wish.trade, **by)
    actions.keep_sheet(made, _sheet(wish, pools, today), **by)
    for state, because in wish.states[:1]:
        actions.move(made, state, because, **by)
    for what, minutes, money in wish.spent:
        actions.book(
            made, today - timedelta(days=3), minutes=minutes, money=Decimal(money), what=what, **by
        )
    for state, because in wish.states[1:]:
        actions.move(made, state, because, **by)


def _sheet(wish: Wish, pools: dict[str, Pool], today: date) -> Sheet:
    return replace(
        beginning(profile(), today),
        turnover=Decimal(wish.turnover), margin=Decimal(wish.margin), rebate=Decimal(wish.rebate),
        bonus=Decimal(wish.bonus), payment_days=wish.payment_days, chance=Decimal(wish.chance),
        minutes={pools[name].pk: Decimal(n) for name, n in wish.minutes.items() if name in pools},
        won_by=pools.get(FIELD), steps=wish.steps,
    )  # fmt: skip


def _second_shift(today: date, *, actor: User, at: datetime) -> None:
    """The store gets more people from some month on: what is too big today fits then."""
    newest = PoolMonth.objects.filter(pool__name=STORE).order_by("-month").first()
    if newest is None:
        return
    enter_pool_month(
        STORE, Month(month_after(coming(today), SHIFT_IN)), round(newest.cost * SHIFT, 2),
        round(newest.theoretical_minutes * SHIFT, 3), newest.practical_share, actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def _past(today: date, *, actor: User, at: datetime) -> None:
    """Four who came in the year before last, promised more than they bought."""
    found = _newcomers(today)
    for (customer, begins), share in zip(found, PAST, strict=False):
        came = _bought(customer, begins)
        whole = first_year(Decimal(1), RAMP)
        won = begins - timedelta(days=20)
        then = timezone.make_aware(datetime.combine(won, time(10)))
        owner = _served_by(customer) or actor
        made = Pursuit.objects.create(
            customer=customer, owner=owner, state=State.WON, over_on=won, first_month=begins,
            turnover=round(came / share / whole, -2), margin=Decimal("0.35"), ramp=RAMP,
            chance=Decimal("0.4"), opened_by=owner, opened_at=then - timedelta(days=40),
        )  # fmt: skip
        ways: Sequence[tuple[str, str, int]] = (
            ("", "considering", 40), ("considering", "go", 30), ("go", "negotiating", 20),
            ("negotiating", "won", 0),
        )  # fmt: skip
        for before, after, ago in ways:
            PursuitChange.objects.create(
                pursuit=made, customer=customer, before=before, after=after, by=owner,
                at=then - timedelta(days=ago),
            )  # fmt: skip
    learn(today, actor=actor, at=at)


def _newcomers(today: date) -> list[tuple[Customer, date]]:
    """Who bought first between 14 and 24 months ago, the largest first."""
    late, early = today - timedelta(days=430), today - timedelta(days=720)
    found = Customer.objects.filter(
        confidential=False, withdrawn=False, entries__kind__in=BOUGHT
    ).annotate(first=Min("entries__date"), bought=Sum("entries__amount"))
    rows: Any = found.filter(first__range=(early, late), bought__gt=6_000).order_by("-bought", "pk")
    return [(each, each.first.replace(day=1)) for each in rows[: len(PAST)]]


def _bought(customer: Customer, begins: date) -> Decimal:
    ends = month_after(begins, 12)
    entries = customer.entries.filter(kind__in=BOUGHT, date__gte=begins, date__lt=ends)
    return entries.aggregate(sum=Sum("amount"))["sum"] or Decimal(1)


def _served_by(customer: Customer) -> User | None:
    found = customer.assignments.filter(ends=None, representative__user__is_active=True)
    first = found.select_related("representative__user").first()
    return first.representative.user if first else None
