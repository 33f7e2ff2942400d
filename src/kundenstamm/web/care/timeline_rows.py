"""The timeline as pages show it: sentences, whose words, and where each event's evidence is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from kundenstamm.care.models import ComplaintStep, Interaction, Survey, Task, TaskStep
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.customers.timeline import Cursor, Department, Event, Page, kinds, timeline
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle import rules
from kundenstamm.lifecycle.models import StageChange
from kundenstamm.web.care import cards
from kundenstamm.web.care.words import opened, reads

ICONS = {
    "visit": "map-pin", "call": "phone", "mail": "mail", "note": "notebook-pen", "rival": "swords",
    "support": "life-buoy", "complaint": "message-square-warning", "task": "square-check",
    "survey": "smile",
    "sale": "shopping-cart", "return": "undo-2", "served": "user", "chain": "git-fork",
    "agreement": "handshake", "delivery": "truck", "work": "timer", "payment": "banknote",
    "proposal": "scale", "repair": "wrench", "stage": "trending-up", "playbook": "list-checks",
    "coming": "sprout", "pursuit": "crosshair", "relation": "heart-handshake",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An event as a page shows it; ``begins``: the day stands at its first event only."""

    of: Event
    icon: str
    label: str
    says: str
    words: str
    href: str
    begins: bool
    recorded: cards.Row | None


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: a department, kinds of it, and where the page begins."""

    department: str
    kinds: tuple[str, ...]
    start: Cursor | None

    @property
    def names(self) -> list[str] | None:
        """None: everything."""
        if not self.department and not self.kinds:
            return None
        there = [kind.name for kind in kinds(self.department)]
        return [name for name in there if name in self.kinds] if self.kinds else there


def asked(query: QueryDict) -> Wanted:
    """Read an address; what is not understood is left out."""
    department = query.get("department", "")
    department = department if department in Department.values else ""
    there = {kind.name for kind in kinds(department)}
    chosen = tuple(name for name in query.getlist("kind") if name in there)
    return Wanted(department, chosen, _start(query))


def line(actor: User, customer: Customer, wanted: Wanted, size: int) -> dict[str, Any]:
    """One page of the timeline, with its filters and the address of what is earlier."""
    page = timeline(
        actor, customer, today=timezone.localdate(), size=size, start=wanted.start,
        wanted=wanted.names,
    )  # fmt: skip
    here = reverse("timeline", args=[customer.key])
    return {
        "rows": rows(actor, customer, page),
        "departments": _departments(wanted, here),
        "kinds": _kinds(wanted, here),
        "narrowed": bool(wanted.department or wanted.kinds),
        "earlier": _earlier(wanted, here, page.earlier),
        "newest": _address(here, wanted.department, wanted.kinds) if wanted.start else "",
        "wanted": wanted,
    }


def rows(actor: User, customer: Customer, page: Page) -> list[Row]:
    currency, plain = profile().currency, reads(actor)
    found = [event.of for event in page.events if isinstance(event.of, Interaction)]
    recorded = {row.of.pk: row for row in cards.rows(actor, customer, found)}
    labels = {kind.name: str(kind.label) for kind in kinds()}
    shown: list[Row] = []
    for event in page.events:
        of = event.of
        shown.append(
            Row(
                event,
                ICONS.get(event.kind, "dot"),
                labels[event.kind],
                says(event, currency),
                _words(event, currency, plain=plain),
                href(actor, customer, event),
                not shown or shown[-1].of.day != event.day,
                recorded.get(of.pk) if isinstance(of, Interaction) else None,
            )
        )
    return shown


def says(event: Event, currency: str) -> str:
    """The event's sentence in the page's language."""
    told = {name: _shown(value, currency) for name, value in event.params.items()}
    return _(event.msgid).format(**told)


def href(actor: User, customer: Customer, event: Event) -> str:
    """Where the evidence is; nowhere for whom that page refuses."""
    if event.evidence is None:
        return ""
    name, key = event.evidence
    right = _NEED.get(name)
    if right is not None and not may(actor, right):
        return ""
    return _PLACES[name](customer, key)


def _of_document(customer: Customer, key: tuple[str, date]) -> str:
    number, day = key
    told = urlencode({"document": number, "day": day.isoformat()})
    return f"{reverse('entries', args=[customer.key])}?{told}"


def _of_interaction(customer: Customer, key: UUID) -> str:
    return f"{reverse('interactions', args=[customer.key])}?at={key}"


def _of_activity(customer: Customer, key: int) -> str:
    return reverse("activity", args=[customer.key, key])


def _page(route: str) -> Callable[[Customer, UUID], str]:
    return lambda _customer, key: reverse(route, args=[key])


def _of_survey(customer: Customer, _key: UUID) -> str:
    return f"{reverse('customer', args=[customer.key])}#service"


def _of_relations(customer: Customer, _key: UUID) -> str:
    return f"{reverse('customer', args=[customer.key])}#holding"


_PLACES: Mapping[str, Callable[[Customer, Any], str]] = {
    "document": _of_document,
    "interaction": _of_interaction,
    "activity": _of_activity,
    "complaint": _page("complaint"),
    "task": _page("task"),
    "survey": _of_survey,
    "relations": _of_relations,
    "agreement": _page("agreement"),
    "proposal": _page("proposal"),
    "repair-plan": _page("repair-plan"),
    "pursuit": _page("pursuit"),
}
# Pages that ask for a right, as their addresses do.
_NEED = {"task": Right.RECORD, "proposal": Right.PRICES, "repair-plan": Right.PRICES,
         "pursuit": Right.PRICES}  # fmt: skip


def _shown(value: Any, currency: str) -> str:
    if isinstance(value, Decimal):
        return rules.money(value, currency)
    if isinstance(value, date):
        return str(formats.date_format(value, "SHORT_DATE_FORMAT"))
    return str(value) if not isinstance(value, int) else str(formats.number_format(value))


def _words(event: Event, currency: str, *, plain: bool) -> str:
    """What somebody wrote, or why: a task's own words, what was said, the reason of a stage."""
    of = event.of
    if isinstance(of, Task):
        return opened(of, "what", plain=plain)
    if isinstance(of, TaskStep):
        told = [opened(of.task, "what", plain=plain), opened(of, "because", plain=plain)]
        return " – ".join(each for each in told if each)
    if isinstance(of, ComplaintStep):
        return opened(of, "said", plain=plain)
    if isinstance(of, Survey):
        told = [opened(of, name, plain=plain) for name in ("said", "remark")]
        return " – ".join(each for each in told if each)
    if isinstance(of, StageChange):
        return rules.sentence(of.reason, translation.get_language() or "de", currency)
    return ""


def _start(query: QueryDict) -> Cursor | None:
    try:
        through = date.fromisoformat(query.get("until", ""))
        return Cursor(through, min(max(int(query.get("skip", "0")), 0), 10_000))
    except ValueError:
        return None


def _address(here: str, department: str, chosen: tuple[str, ...], **more: Any) -> str:
    told = ([("department", department)] if department else []) + [("kind", k) for k in chosen]
    query = urlencode([*told, *more.items()])
    return f"{here}?{query}" if query else here


def _earlier(wanted: Wanted, here: str, cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    more: dict[str, Any] = {"until": cursor.through.isoformat()}
    if cursor.skip:
        more["skip"] = cursor.skip
    return _address(here, wanted.department, wanted.kinds, **more)


def _departments(wanted: Wanted, here: str) -> list[dict[str, Any]]:
    """All, and each department."""
    chosen = [("", _("All")), *Department.choices]
    return [
        {
            "name": name or "all",
            "label": label,
            "on": name == wanted.department,
            "href": _address(here, name, ()),
        }
        for name, label in chosen
    ]


def _kinds(wanted: Wanted, here: str) -> list[dict[str, Any]]:
    """The kinds of the department, each of which is added or taken away."""
    return [
        {
            "name": kind.name,
            "label": kind.label,
            "on": kind.name in wanted.kinds,
            "href": _address(here, wanted.department, _turned(wanted.kinds, kind.name)),
        }
        for kind in kinds(wanted.department)
    ]


def _turned(chosen: tuple[str, ...], name: str) -> tuple[str, ...]:
    kept = tuple(each for each in chosen if each != name)
    return kept if len(kept) < len(chosen) else (*chosen, name)
