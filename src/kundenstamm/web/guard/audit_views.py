"""Who looked at whom, when, from where; and alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers.models import Customer
from kundenstamm.guard import alarms as alarm_actions
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.audit.pseudonyms import SHOWN, behind, pseudonym
from kundenstamm.guard.audit.queries import Wanted, alarms, entries
from kundenstamm.guard.models import AuditEntry, User
from kundenstamm.guard.revealing import Reason
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.web.customers.asked import address
from kundenstamm.web.guard.audit_words import Names, changes, place
from kundenstamm.web.shell.requests import SignedInRequest

SHOWN_CUSTOMERS = 3


@dataclass(frozen=True)
class Whom:
    """A customer as the reader may know it: by name, or by pseudonym."""

    words: str
    token: str
    named: bool


@require_safe
def audit(request: SignedInRequest) -> HttpResponse:
    """The audit, newest first; every person, customer and request in it leads to its own."""
    query, names = request.GET, Names()
    wanted, unknown = _wanted(request.user, query)
    after = query.get("after", "")
    found = entries(request.user, wanted, after=int(after) if after.isdecimal() else None)
    whom = _whom(request.user, (c for row in found.rows for c in row.customers[:SHOWN_CUSTOMERS]))
    note_read("audit", (c for c, who in whom.items() if who.named), actor=request.user,
              at=timezone.now())  # fmt: skip
    rows = [
        {
            "entry": row,
            "who": names.people.get(row.actor or 0, ""),
            "place": place(row, names),
            "changes": changes(row, names),
            "reason": _reason(row, whom),
            "whom": [whom[c] for c in row.customers[:SHOWN_CUSTOMERS]],
            "further": max(len(row.customers) - SHOWN_CUSTOMERS, 0),
            "sealed": row.pk in found.sealed,
        }
        for row in found.rows
    ]
    context = {
        "rows": rows,
        "people": names.people.items(),
        "kinds": AuditEntry.Kind.choices,
        "channels": AuditEntry.Channel.choices,
        "wanted": wanted,
        "customer": query.get("customer", ""),
        "unknown": unknown,
        "next": address(query, after=str(found.after)) if found.after else "",
    }
    return render(request, "guard/audit.html", context)


@require_safe
def alarms_page(request: SignedInRequest) -> HttpResponse:
    """What owners and data-protection officers must have seen."""
    found = list(alarms(request.user)[:100])
    whom = _whom(request.user, (alarm.customer for alarm in found if alarm.customer))
    note_read("alarms", (c for c, who in whom.items() if who.named), actor=request.user,
              at=timezone.now())  # fmt: skip
    context = {
        "rows": [{"alarm": one, "whom": whom.get(one.customer or 0)} for one in found],
        "reasons": reach_of(request.user) is not Reach.NONE,
    }
    return render(request, "guard/alarms.html", context)


@require_POST
def alarm_seen(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(alarms(request.user), pk=pk)
    alarm_actions.mark_seen(found, actor=request.user, at=timezone.now())
    return redirect("alarms")


def _wanted(actor: User, query: QueryDict) -> tuple[Wanted, bool]:
    """What the address asks for, and whether it asks for a customer that nobody knows here."""
    said = query.get("customer", "").strip()
    customer = _customer(actor, said) if said else None
    wanted = Wanted(
        person=_whole(query.get("person", "")),
        customer=customer,
        kind=query.get("kind", "") if query.get("kind") in AuditEntry.Kind.values else "",
        channel=query.get("channel", "")
        if query.get("channel") in AuditEntry.Channel.values
        else "",
        request=query.get("request", "")[:40].replace("\0", ""),
        first=_day(query.get("from", "")),
        last=_day(query.get("to", "")),
    )
    return wanted, bool(said) and customer is None


def _customer(actor: User, said: str) -> int | None:
    """By pseudonym, or by number for those who may know the customer."""
    if (found := behind(said)) is not None:
        return found
    known = Customer.objects.visible_to(actor).filter(number=said.replace("\0", ""))
    return known.values_list("pk", flat=True).first()


def _whom(actor: User, customers: Iterable[int]) -> dict[int, Whom]:
    wanted = set(customers)
    names = dict(Customer.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", "name"))
    return {
        pk: Whom(names.get(pk) or pseudonym(pk)[:SHOWN], pseudonym(pk), pk in names)
        for pk in wanted
    }


def _reason(entry: AuditEntry, whom: dict[int, Whom]) -> str:
    """Why somebody looked behind a mask; in their own words for who may know the customer."""
    code, _colon, words = str(entry.detail.get("reason", "")).partition(": ")
    label = str(dict(Reason.choices).get(code, code))
    named = all(whom[customer].named for customer in entry.customers[:SHOWN_CUSTOMERS])
    return f"{label}: {words}" if words and named else label


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
