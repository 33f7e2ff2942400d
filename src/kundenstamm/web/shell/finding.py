"""What the palette shows for some words: in groups, each entry with its way to go or to act."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import opened_last, stars_of
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.lifecycle.queries import Row, Wanted, customer_page
from kundenstamm.web.shell.commands import Command, Errand, Page, commands, errands, pages

SHOWN = 8
REMEMBERED = 10
# Pages and commands before a letter is typed: customers come first, and the list stays short.
OFFERED = 6


@dataclass(frozen=True)
class Group:
    """Entries under a heading; each is of one kind."""

    label: str
    rows: list[Row] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    errands: list[tuple[Errand, Customer, str]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    @property
    def entries(self) -> int:
        found = len(self.rows) + len(self.customers) + len(self.errands)
        return found + len(self.pages) + len(self.commands)


@dataclass(frozen=True)
class Found:
    """Groups that have something, and the customers shown in any of them."""

    groups: list[Group]
    rows: list[Row]
    shown: list[int]


def found(actor: User, words: str) -> Found:
    """What to offer for some words; without any, what one is likely to go back to."""
    return _found(actor, words) if words else _offered(actor)


def _offered(actor: User) -> Found:
    if reach_of(actor) is Reach.NONE:
        return _told([], [Group(_("Pages"), pages=pages(actor, ""))])
    stars = [star.customer for star in stars_of(actor).select_related("customer")[:REMEMBERED]]
    groups = [
        Group(_("Recently viewed"), customers=opened_last(actor, REMEMBERED)),
        Group(_("Starred"), customers=stars),
        Group(_("Pages"), pages=pages(actor, "")[:OFFERED]),
    ]
    return _told([], groups)


def _found(actor: User, words: str) -> Found:
    wanted = Wanted(words=words, sort="name", descending=False)
    rows = customer_page(actor, wanted, size=SHOWN).rows
    groups = [
        Group(_("For a customer"), errands=_errands(actor, words)),
        Group(_("Pages"), pages=pages(actor, words)),
        Group(_("Customers"), rows=rows),
        Group(_("Commands"), commands=commands(words)),
    ]
    return _told(rows, groups)


def _errands(actor: User, words: str) -> list[tuple[Errand, Customer, str]]:
    """Of an errand without a name: those whom one opened last, else those who bring most."""
    meant = list(errands(actor, words))[:2]
    rests = {rest for _errand, rest in meant}
    whom = {rest: _whom(actor, rest) for rest in rests}
    return [
        (errand, customer, errand.address(customer))
        for errand, rest in meant
        for customer in whom[rest]
    ]


def _whom(actor: User, words: str) -> list[Customer]:
    if not words and (last := opened_last(actor, 5)):
        return last
    wanted = Wanted(words=words, sort="name", descending=False) if words else Wanted()
    return [row.customer for row in customer_page(actor, wanted, size=5).rows]


def _told(rows: list[Row], groups: list[Group]) -> Found:
    shown = [
        customer.pk
        for group in groups
        for customer in (
            *group.customers,
            *(row.customer for row in group.rows),
            *(customer for _errand, customer, _address in group.errands),
        )
    ]
    return Found([group for group in groups if group.entries], rows, shown)
