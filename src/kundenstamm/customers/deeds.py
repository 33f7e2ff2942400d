"""What can be done to many customers at once: each way told once, as what it makes of a customer.

A state is what a deed changes of one customer, as it stands in the record of the act. ``after``
computes it without the database, so that undoing can tell whether somebody came in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kundenstamm.customers import handing_over
from kundenstamm.customers.actions import keep_confidential, lift_confidentiality
from kundenstamm.customers.handing_over import Held
from kundenstamm.customers.lists import BulkAct, Star
from kundenstamm.customers.queries import (
    assignments_among,
    known_among,
    own_openings,
    stars_of,
)
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right

State = Any
Told = dict[str, Any]
NEVER, ALWAYS = "never", "always"


@dataclass(frozen=True)
class Deed:
    """The right it needs, how many customers at once, and its four verbs.

    ``possible``: whether this installation can do it at all.
    """

    right: Right | None
    at_most: int
    now: Callable[[User, list[int], datetime], dict[int, State]]
    after: Callable[[State, Told], State]
    do: Callable[[list[int], Told, User, datetime], None]
    back: Callable[[dict[int, State], User, datetime], None]
    possible: Callable[[], bool] = lambda: True


def _starred(actor: User, customers: list[int], at: datetime) -> dict[int, State]:
    starred = stars_of(actor).filter(customer__any_of=customers)
    has = set(starred.values_list("customer", flat=True))
    return {pk: pk in has for pk in customers}


def star(customers: list[int], actor: User, at: datetime) -> None:
    """The actor's own stars; those that are there stay as they are."""
    Star.objects.bulk_create(
        (Star(person=actor, customer_id=pk, starred_at=at) for pk in customers),
        ignore_conflicts=True,
    )


def unstar(customers: list[int], actor: User) -> None:
    stars_of(actor).order_by().filter(customer__any_of=customers).delete()


def _star_again(before: dict[int, State], actor: User, at: datetime) -> None:
    star([pk for pk, was in before.items() if was], actor, at)
    unstar([pk for pk, was in before.items() if not was], actor)


def _regions(actor: User, customers: list[int], at: datetime) -> dict[int, State]:
    return dict(known_among(actor, customers).values_list("pk", "region"))


def _regions_back(before: dict[int, State], actor: User, at: datetime) -> None:
    for region in set(before.values()):
        chosen = [pk for pk, was in before.items() if was == region]
        known_among(actor, chosen).update(region=region)


def _served(actor: User, customers: list[int], at: datetime) -> dict[int, State]:
    found: dict[int, list[Held]] = {pk: [] for pk in customers}
    rows = assignments_among(actor, customers).order_by("starts", "representative_id")
    for pk, who, first, last in rows.values_list(
        "customer_id", "representative_id", "starts", "ends"
    ):
        found[pk].append((who, first, last))
    return {pk: written(held) for pk, held in found.items()}


def _given(was: State, told: Told) -> State:
    starts = date.fromisoformat(told["starts"])
    return written(handing_over.as_given(read(was), told["representative"], starts))


def written(held: list[Held]) -> State:
    """Assignments as they stand in a record."""
    return [[who, first.isoformat(), last and last.isoformat()] for who, first, last in held]


def read(state: State) -> list[Held]:
    return [
        (who, date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for who, first, last in state
    ]


def _give(customers: list[int], told: Told, _actor: User, at: datetime) -> None:
    starts = date.fromisoformat(told["starts"])
    handing_over.give(customers, told["representative"], starts)


def _give_back(before: dict[int, State], _actor: User, at: datetime) -> None:
    handing_over.give_back({pk: read(was) for pk, was in before.items()})


def _known_how(actor: User, customers: list[int], at: datetime) -> dict[int, State]:
    """Whether confidential, and until when it is opened to the actor."""
    rows = own_openings(actor, customers, at=at).values_list("customer_id", "ends_at")
    opened = {pk: ends.isoformat() if ends else ALWAYS for pk, ends in rows}
    secret = known_among(actor, customers).values_list("pk", "confidential")
    return {pk: [is_secret, opened.get(pk, NEVER)] for pk, is_secret in secret}


def _hide(customers: list[int], _told: Told, actor: User, at: datetime) -> None:
    for each in known_among(actor, customers):
        keep_confidential(each, actor=actor, at=at)


def _show(customers: list[int], _told: Told, actor: User, at: datetime) -> None:
    for each in known_among(actor, customers):
        lift_confidentiality(each, actor=actor, at=at)


def _hide_or_show(before: dict[int, State], actor: User, at: datetime) -> None:
    """Also opened to the actor as it was; last, for it may close."""
    _hide([pk for pk, was in before.items() if was[0]], {}, actor, at)
    _show([pk for pk, was in before.items() if not was[0]], {}, actor, at)
    for until in {was[1] for was in before.values()} - {ALWAYS}:
        chosen = [pk for pk, was in before.items() if was[1] == until]
        ends = at if until == NEVER else datetime.fromisoformat(until)
        own_openings(actor, chosen, at=at).update(ends_at=ends)


_Kind = BulkAct.Kind
# Rooms above add theirs when the site starts.
DEEDS: dict[str, Deed] = {
    _Kind.STAR.value: Deed(
        None, 1_000, _starred,
        after=lambda _was, _told: True,
        do=lambda customers, _told, actor, at: star(customers, actor, at),
        back=_star_again,
    ),
    _Kind.UNSTAR.value: Deed(
        None, 1_000, _starred,
        after=lambda _was, _told: False,
        do=lambda customers, _told, actor, _at: unstar(customers, actor),
        back=_star_again,
    ),
    _Kind.HAND_OVER.value: Deed(Right.ASSIGN, 1_000, _served, _given, _give, _give_back),
    _Kind.REGION.value: Deed(
        Right.ASSIGN, 1_000, _regions,
        after=lambda _was, told: told["region"],
        do=lambda customers, told, actor, _at: _set_region(customers, told["region"], actor),
        back=_regions_back,
    ),
    # Each is hidden by itself, and opened to who hides it.
    _Kind.CONFIDENTIAL.value: Deed(
        Right.GRANT, 100, _known_how,
        after=lambda was, _told: was if was[0] else [True, ALWAYS],
        do=_hide, back=_hide_or_show,
    ),
    _Kind.LIFT.value: Deed(
        Right.GRANT, 100, _known_how,
        after=lambda was, _told: [False, was[1]],
        do=_show, back=_hide_or_show,
    ),
}  # fmt: skip


def _set_region(customers: list[int], region: str, actor: User) -> None:
    known_among(actor, customers).update(region=region)
