"""Who may do what: one table that a person can read on one page. Nothing else decides.

Which customers somebody may know of follows from the role's reach; what may be done with them,
and everything that is not about single customers, from the role's rights.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.models import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import _StrPromise

    from kundenstamm.guard.models import User


class Reach(StrEnum):
    """Which customers a role knows without being told of each. Confidential ones never."""

    ALL = "all"
    TEAM = "team"
    OWN = "own"
    NONE = "none"


class Right(StrEnum):
    IMPORT = "import"
    COMPANY = "company"
    ASSIGN = "assign"
    GRANT = "grant"
    PEOPLE = "people"
    CONTACTS = "contacts"
    PRICES = "prices"
    RECORD = "record"
    TERMS = "terms"
    SIGN = "sign"
    APPROVE = "approve"
    PART = "part"
    PURSUE = "pursue"
    MARKETING = "marketing"
    RELATIONS = "relations"
    MERGE = "merge"
    DEPART = "depart"
    WATCH = "watch"
    AUDIT = "audit"
    BREAK_GLASS = "break_glass"


class Forbidden(PermissionDenied):
    """The actor's role does not include this; the message names the right."""


WORDS: dict[Right | Reach, _StrPromise] = {
    Reach.ALL: _("all customers"),
    Reach.TEAM: _("own customers and the team's"),
    Reach.OWN: _("own customers"),
    Reach.NONE: _("no customers"),
    Right.IMPORT: _("Import data and take it back"),
    Right.COMPANY: _("Keep the company profile, products and costs"),
    Right.ASSIGN: _("Assign customers"),
    Right.GRANT: _("Open or close single customers to single people"),
    Right.PEOPLE: _("Invite people, give roles, lock accounts"),
    Right.CONTACTS: _("See without asking how to reach contacts and what to mention"),
    Right.PRICES: _("See prices and costs without asking"),
    Right.RECORD: _("Record visits, calls and notes, keep contacts, and read the notes"),
    Right.TERMS: _("Make, renew and end agreements"),
    Right.SIGN: _("Propose terms, and sign them within the limits"),
    Right.APPROVE: _("Approve or refuse terms that others propose"),
    Right.PART: _("Let customers go, and take them back"),
    Right.PURSUE: _("Enter prospects, weigh pursuits, and book what they take"),
    Right.MARKETING: _("See what winning customers costs and brings; keep channels and partners"),
    Right.RELATIONS: _("See who holds whom, and what hangs on each colleague"),
    Right.MERGE: _("Merge customers that are there twice, and undo it"),
    Right.DEPART: _("Prepare for somebody leaving, and hand customers over"),
    Right.WATCH: _("See unusual reading of who leaves, under pseudonyms"),
    Right.AUDIT: _("Read who looked at what"),
    Right.BREAK_GLASS: _("Open a customer in an emergency, with reason and alarm"),
}

REACH = {
    Role.OWNER: Reach.ALL,
    Role.SALES_LEAD: Reach.TEAM,
    Role.REPRESENTATIVE: Reach.OWN,
    Role.SERVICE: Reach.TEAM,
    Role.CONTROLLER: Reach.ALL,
    Role.DATA_PROTECTION: Reach.ALL,
    Role.AUDITOR: Reach.NONE,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right) - {Right.BREAK_GLASS},
    Role.SALES_LEAD: frozenset(
        {
            Right.ASSIGN,
            Right.GRANT,
            Right.CONTACTS,
            Right.PRICES,
            Right.RECORD,
            Right.TERMS,
            Right.SIGN,
            Right.APPROVE,
            Right.PART,
            Right.PURSUE,
            Right.MARKETING,
            Right.RELATIONS,
            Right.MERGE,
            Right.DEPART,
            Right.BREAK_GLASS,
        }
    ),
    Role.REPRESENTATIVE: frozenset(
        {
            Right.CONTACTS,
            Right.PRICES,
            Right.RECORD,
            Right.SIGN,
            Right.PURSUE,
            Right.MERGE,
            Right.BREAK_GLASS,
        }
    ),
    Role.SERVICE: frozenset({Right.CONTACTS, Right.RECORD, Right.BREAK_GLASS}),
    Role.CONTROLLER: frozenset(
        {Right.IMPORT, Right.COMPANY, Right.PRICES, Right.MARKETING, Right.RELATIONS}
    ),
    Role.DATA_PROTECTION: frozenset({Right.AUDIT, Right.WATCH}),
    Role.AUDITOR: frozenset({Right.AUDIT}),
}


def reach_of(actor: User | AnonymousUser | None) -> Reach:
    """Which customers the actor's role knows; nobody in particular knows none."""
    if actor is None or not actor.is_authenticated or not actor.is_active:
        return Reach.NONE
    return REACH[Role(actor.role)]


def may(actor: User | AnonymousUser | None, right: Right) -> bool:
    """Whether the actor's role includes the right; nobody in particular may nothing."""
    if actor is None or not actor.is_authenticated or not actor.is_active:
        return False
    return right in RIGHTS[Role(actor.role)]


def demand(actor: User | AnonymousUser | None, right: Right) -> None:
    """The first line of an action.

    Raises
    ------
    Forbidden
        The actor's role does not include the right.
    """
    if not may(actor, right):
        raise Forbidden(str(WORDS[right]))
