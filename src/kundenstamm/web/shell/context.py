"""What every page's frame shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.waiting import Waiting, waiting
from kundenstamm.decisions.queries.proposals import waits_for
from kundenstamm.guard.audit.queries import unseen_alarms
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, Right, may, reach_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Place:
    """A place of the site: address, beginning of the paths in it, and the right to go there.

    ``letter``: the key that leads there after ``g``, if one does.
    """

    name: str
    label: _StrPromise
    icon: str
    begins: str | tuple[str, ...]
    right: Right | None = None
    about_customers: bool = False
    letter: str = ""

    def is_open_to(self, actor: User | AnonymousUser) -> bool:
        if self.about_customers and reach_of(actor) is Reach.NONE:
            return False
        return self.right is None or may(actor, self.right)


PLACES = (
    Place("today", _("Today"), "sun", "/today/", Right.RECORD, letter="h"),
    Place("base", _("Base"), "activity", "/", letter="b"),
    Place("customers", _("Customers"), "users", "/customers/", about_customers=True, letter="c"),
    Place("tasks", _("Tasks"), "list-todo", "/tasks/", Right.RECORD, letter="a"),
    Place(
        "complaints",
        _("Complaints"),
        "message-square-warning",
        "/complaints/",
        about_customers=True,
        letter="r",
    ),
    Place("chain", _("Chain"), "git-fork", "/chain/", about_customers=True, letter="k"),
    Place(
        "relations",
        _("Relations"),
        "heart-handshake",
        "/relations/",
        about_customers=True,
        letter="l",
    ),
    Place(
        "terms",
        _("Terms"),
        "handshake",
        ("/terms/", "/decisions/"),
        about_customers=True,
        letter="t",
    ),
    Place(
        "pursuits",
        _("Pursuits"),
        "crosshair",
        "/pursuits/",
        Right.PRICES,
        about_customers=True,
        letter="v",
    ),
    Place("growth", _("Growth"), "sprout", "/growth/", Right.MARKETING, letter="w"),
    Place("imports", _("Import"), "file-up", "/import/", Right.IMPORT, letter="i"),
    Place("company", _("Company"), "building-2", "/company/", Right.COMPANY, letter="f"),
    Place("audit", _("Protection"), "shield-check", "/protection/", Right.AUDIT, letter="p"),
    Place("departures", _("Departures"), "door-open", "/departures/", Right.DEPART),
    Place("people", _("People"), "user-cog", "/people/", Right.PEOPLE, letter="u"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation with the place we are at."""
    here = request.path
    nav = [
        {"name": p.name, "label": p.label, "icon": p.icon, "here": _is_here(here, p.begins)}
        for p in PLACES
        if p.is_open_to(request.user)
    ]
    alarms = unseen_alarms(request.user) if isinstance(request.user, User) else 0
    # Asked only by pages that have the navigation.
    proposals = SimpleLazyObject(partial(_waiting, request.user))
    care = SimpleLazyObject(partial(_care, request.user))
    # Only pages with the frame ask for it; for_script itself is imported late: it reads PLACES.
    keys = SimpleLazyObject(partial(_keys, request.user))
    told = {"unseen_alarms": alarms, "waiting_proposals": proposals, "waiting": care}
    return {"nav": nav, "keys": keys} | told


def _keys(actor: User | AnonymousUser) -> str:
    """Which single keys do what, for the script."""
    from kundenstamm.web.shell.shortcuts import for_script

    return for_script(actor) if isinstance(actor, User) else "{}"


def _waiting(actor: User | AnonymousUser) -> int:
    """Proposals that wait for this person; whoever may not decide any is not counted for."""
    if not isinstance(actor, User) or not may(actor, Right.APPROVE):
        return 0
    return waits_for(actor, timezone.localdate()).count()


def _care(actor: User | AnonymousUser) -> Waiting:
    """Mentions and escalated complaints."""
    return waiting(actor) if isinstance(actor, User) else Waiting()


def _is_here(path: str, begins: str | tuple[str, ...]) -> bool:
    return path == begins if begins == "/" else path.startswith(begins)
