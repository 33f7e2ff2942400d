"""What no question of a page asks: buttons and what they do, each as far as it goes, and undone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from kundenstamm.acquisition.models import Campaign
from kundenstamm.acquisition.touching_many import told
from kundenstamm.care.survey_actions import own_language
from kundenstamm.customers import bulk
from kundenstamm.customers.actions import open_to
from kundenstamm.customers.chain_actions import link
from kundenstamm.customers.models import BulkAct, Customer
from kundenstamm.departures import planning
from kundenstamm.departures.actions import fear
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.pursuits import scenarios
from tests.wall.days import AT, TODAY

DAY = timedelta(days=1)


@contextmanager
def undone():
    """A block of its own would forbid that of a request."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


@dataclass(frozen=True)
class Things:
    """What is pressed about: looked up before, so that only what is done asks anything."""

    first: Customer
    last: Customer
    entry: int
    spring: Campaign
    anna: User


def things() -> Things:
    """WortA, whom most know, and WortK at the end of what it supplies."""
    first, last = (Customer.objects.get(name=name) for name in ("WortA", "WortK"))
    entry = first.entries.latest("pk").pk
    return Things(first, last, entry, Campaign.objects.get(), User.objects.get(name="Anna"))


def asked_in_its_language(person, given):
    own_language(person, given.first)


def opened(person, given):
    """Of the doing only who it is matters, so an owner's hand is lent."""
    lent = User(pk=person.pk, role=Role.OWNER)
    open_to(person, given.first, "Vertretung", actor=lent, at=AT)


def touched_together(person, given):
    said, kind = told(given.spring, TODAY - DAY), BulkAct.Kind.CAMPAIGN
    act = bulk.do_to_all(kind, [given.first.pk], said, actor=person, at=AT)
    bulk.undo(act, actor=person, at=AT)


def thought_through(person, given):
    for own in scenarios.own(person):
        scenarios.keep(own, scenarios.scene_of(own, own.name, person), actor=person)


def supplied_in_a_circle(person, given):
    """The first supplies the last already, by another: the refusal tells the way."""
    link(given.last, given.first, TODAY, actor=person, at=AT)


def planned_without_anna(person, given):
    planning.propose(fear(given.anna, "Gerücht", actor=person, at=AT), actor=person, at=AT)


PRESSES = {
    press.__name__: press
    for press in (
        asked_in_its_language, opened, touched_together, thought_through,
        supplied_in_a_circle, planned_without_anna,
    )
}  # fmt: skip


def pressed(press: str, person: User, given: Things) -> str:
    """What the refusal says, if it is refused."""
    with undone():
        try:
            PRESSES[press](person, given)
        except (Forbidden, ValidationError) as refused:
            return str(refused)
    return ""
