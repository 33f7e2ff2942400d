"""What the list's address asks for: filters, order, columns; and addresses that ask for more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kundenstamm.customers.queries import starred_ids
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Alarm, Stage
from kundenstamm.lifecycle.queries import SORTS, Band, Wanted

# Column → words, order it sorts by, whether it holds figures.
COLUMNS = {
    "rank": (_("Rank"), "profit", True),
    "number": (_("Number"), "number", False),
    "stage": (_("Stage"), "", False),
    "representative": (_("Served by"), "", False),
    "place": (_("Place"), "", False),
    "region": (_("Region"), "", False),
    "link": (_("Link"), "", False),
    "last": (_("Last purchase"), "last", True),
    "revenue": (_("Net revenue"), "revenue", True),
    "profit": (_("Contribution III"), "profit", True),
    "value": (_("Next 12 months"), "value", True),
    "lifetime": (_("Lifetime value"), "lifetime", True),
    "active": (_("Active"), "active", True),
    "risk": (_("At stake"), "risk", True),
    "alarm": (_("Alarm"), "", False),
}
USUAL = ("stage", "representative", "last", "revenue", "profit", "value", "active")


@dataclass(frozen=True)
class Asked:
    """A request for a page of the list."""

    wanted: Wanted
    columns: tuple[str, ...]
    after: UUID | None
    before: UUID | None
    starred: bool = False


def asked(query: QueryDict) -> Asked:
    """Read an address; what is not understood is left out rather than refused."""
    sort = query.get("sort", "")
    sort = sort if sort in SORTS else "profit"
    order = query.get("order", "")
    descending = order != "up" if order in ("up", "down") else sort not in ("name", "number")
    wanted = Wanted(
        words=query.get("q", "")[:100].replace("\0", ""),
        stages=tuple(s for s in query.getlist("stage") if s in Stage.values),
        links=_texts(query, "link"),
        regions=_texts(query, "region"),
        channels=_texts(query, "channel"),
        representatives=_texts(query, "representative"),
        ranks=Band(_whole(query.get("from")), _whole(query.get("to"))),
        losing=query.get("losing") == "1",
        alarms=_alarms(query),
        sort=sort,
        descending=descending,
    )
    chosen = tuple(name for name in query.getlist("column") if name in COLUMNS)
    after, before = key_of(query.get("after")), key_of(query.get("before"))
    return Asked(wanted, chosen or USUAL, after, before, query.get("starred") == "1")


def narrowed(ask: Asked, actor: User) -> Wanted:
    """What is asked for, with the stars that only the actor has."""
    if not ask.starred:
        return ask.wanted
    return replace(ask.wanted, among=tuple(starred_ids(actor)))


def address(query: QueryDict, **changes: str | None) -> str:
    """The same list with something changed; a change of the list begins at its first page."""
    changed = query.copy()
    for name in ("after", "before"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return "?" + changed.urlencode()


def kept(query: QueryDict) -> list[tuple[str, str]]:
    """What the filters' form does not ask for itself and must not lose."""
    names = ("sort", "order", "from", "to", "channel")
    return [(name, value) for name in names for value in query.getlist(name) if value]


def whole(query: QueryDict) -> str:
    """The list itself, without the place in it and without what was left empty."""
    changed = query.copy()
    for name in list(changed):
        values = [value for value in changed.getlist(name) if value]
        if values and name not in ("after", "before"):
            changed.setlist(name, values)
        else:
            del changed[name]
    return str(changed.urlencode())


def _alarms(query: QueryDict) -> tuple[str, ...]:
    """Those named, or ``any`` of them."""
    asked = query.getlist("alarm")
    return tuple(each for each in Alarm.values if each in asked or "any" in asked)


def _texts(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(value[:100] for value in query.getlist(name) if value and "\0" not in value)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def key_of(text: str | None) -> UUID | None:
    """A customer's public key; None for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
