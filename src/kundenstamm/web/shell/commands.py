"""What the palette offers beside customers: pages, commands, and what can be done with a customer.

Each stands here with the right that it needs, so nobody is offered what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.rights import Reach, Right, may, reach_of
from kundenstamm.web.shell.context import PLACES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kundenstamm.customers.models import Customer
    from kundenstamm.guard.models import User


@dataclass(frozen=True)
class Page:
    """A page to go to; ``at`` is added to its address.

    ``whole``: only for those whose reach is everybody.
    """

    label: _StrPromise
    icon: str
    name: str
    right: Right | None = None
    about_customers: bool = False
    at: str = ""
    whole: bool = False

    @property
    def address(self) -> str:
        return reverse(self.name) + self.at

    def is_open_to(self, actor: User) -> bool:
        reach = reach_of(actor)
        if (self.about_customers and reach is Reach.NONE) or (self.whole and reach != Reach.ALL):
            return False
        return self.right is None or may(actor, self.right)


PAGES = (
    *(Page(p.label, p.icon, p.name, p.right, p.about_customers) for p in PLACES),
    Page(_("Starred customers"), "star", "customers", None, True, "?starred=1"),
    Page(_("Loss-makers"), "trending-down", "customers", None, True, "?losing=1"),
    Page(_("Hand over customers"), "arrow-right-left", "transfer", Right.ASSIGN),
    Page(_("Somebody joins"), "user-plus", "joining", Right.ASSIGN),
    Page(_("New customers"), "book-open", "new-customers", Right.RECORD),
    Page(_("What must not be lost"), "book-open", "handover-sheets", Right.RECORD),
    Page(_("Away for a while"), "calendar-off", "absences", Right.ASSIGN),
    Page(_("Unusual reading"), "scan-eye", "watch", Right.WATCH),
    Page(_("Duplicates"), "merge", "duplicates", Right.MERGE),
    Page(_("What was done to many at once"), "list-checks", "bulk", None, True),
    Page(_("Emergency access"), "siren", "emergency", Right.BREAK_GLASS),
    Page(_("Terms that were proposed"), "handshake", "proposals", Right.PRICES),
    Page(_("Customers that lose"), "wrench", "repairs", Right.PRICES),
    Page(_("Enter a prospect"), "user-plus", "new-pursuit", Right.PURSUE),
    Page(_("Promised and kept"), "target", "kept-promises", Right.PRICES, True),
    Page(_("Capacity"), "gauge", "capacity", Right.PRICES, True),
    Page(_("How many can we take?"), "gauge", "how-many", Right.PRICES, True),
    Page(_("Scenarios"), "split", "scenarios", Right.PRICES, True),
    Page(_("Whom to look for"), "user-search", "targets", Right.MARKETING),
    Page(_("Partners and referrals"), "heart-handshake", "partners", Right.MARKETING),
    Page(_("Channels and spending"), "megaphone", "channels", Right.MARKETING),
    Page(_("How good are our estimates?"), "target", "evidence", whole=True),
    Page(_("Products and costs"), "package", "company-products", Right.COMPANY),
    Page(_("Pools"), "coins", "pools", Right.PRICES),
    Page(_("Activities"), "timer", "activity-types", Right.PRICES),
    Page(_("Allocation"), "calculator", "allocations", Right.COMPANY),
    Page(_("Playbooks"), "list-checks", "playbooks", Right.COMPANY),
    Page(_("Teams"), "users-round", "teams", Right.PEOPLE),
    Page(_("Alarms"), "bell", "alarms", Right.AUDIT),
    Page(_("Your account"), "user", "account"),
    Page(_("Second factor"), "key-round", "mfa_index"),
    Page(_("Who may do what"), "table-2", "rights"),
    Page(_("Keyboard shortcuts"), "keyboard", "shortcuts"),
)


@dataclass(frozen=True)
class Command:
    """A button: ``form`` is the page's form that it sends, ``theme`` the colours it sets."""

    label: _StrPromise
    icon: str
    form: str = ""
    name: str = ""
    value: str = ""
    theme: str | None = None

    @property
    def here(self) -> bool:
        return self.name == "language" and self.value == get_language()


COMMANDS = (
    Command(_("Colours: dark"), "moon", theme="dark"),
    Command(_("Colours: light"), "sun", theme="light"),
    Command(_("Colours: as the device"), "monitor", theme=""),
    Command(_("Language: Deutsch"), "languages", "set-language", "language", "de"),
    Command(_("Language: English"), "languages", "set-language", "language", "en"),
    Command(_("Sign out"), "log-out", "sign-out"),
)


@dataclass(frozen=True)
class Errand:
    """Something to do with a customer: the words for it, then a few letters of the name."""

    label: _StrPromise
    icon: str
    name: str
    right: Right | None = None
    at: str = ""

    def address(self, customer: Customer) -> str:
        return reverse(self.name, args=[customer.key]) + self.at


ERRANDS = (
    Errand(_("Record a call or visit"), "phone", "customer", Right.RECORD, "?kind=call#record"),
    Errand(_("New agreement"), "handshake", "customer", Right.TERMS, "#agree"),
    Errand(_("Before signing"), "scale", "before-signing", Right.PRICES),
    Errand(_("Repair ladder"), "wrench", "repair", Right.PRICES),
    Errand(_("Chain of a customer"), "git-fork", "chain-of"),
    Errand(_("Start a pursuit"), "crosshair", "pursue", Right.PURSUE),
    Errand(_("How they came to us"), "sprout", "customer", Right.RECORD, "#coming"),
    Errand(_("All entries"), "list", "entries"),
)


def pages(actor: User, words: str) -> list[Page]:
    """Pages open to the actor that are called so."""
    return [page for page in PAGES if page.is_open_to(actor) and called_so(page.label, words)]


def commands(words: str) -> list[Command]:
    return [each for each in COMMANDS if not each.here and called_so(each.label, words)]


def errands(actor: User, words: str) -> Iterator[tuple[Errand, str]]:
    """Errands that the words begin with, and the rest of the words: the customer's name.

    Each word may be cut short, three letters at least: "new agr mül" is a new agreement with a
    customer called so.
    """
    said = words.casefold().split()
    for errand in ERRANDS:
        label = str(errand.label).casefold().split()
        taken = 0
        while taken < len(said) and any(_begins(word, said[taken]) for word in label):
            taken += 1
        if taken and reach_of(actor) is not Reach.NONE and _open(errand, actor):
            yield errand, " ".join(said[taken:])


def called_so(label: _StrPromise, words: str) -> bool:
    """Every word stands somewhere in the label; one or two letters begin a word of it."""
    name = str(label).casefold()
    return all(
        word in name if len(word) > 2 else f" {word}" in f" {name}"
        for word in words.casefold().split()
    )


def _begins(word: str, said: str) -> bool:
    return len(said) >= 3 and word.startswith(said)


def _open(errand: Errand, actor: User) -> bool:
    return errand.right is None or may(actor, errand.right)
