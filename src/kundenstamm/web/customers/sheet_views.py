"""The customer's page, and the ledger behind it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kundenstamm.customers.models import Customer
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.audit.pseudonyms import pseudonym
from kundenstamm.guard.masks import sees
from kundenstamm.guard.rights import Right, may
from kundenstamm.ledger.models import Line
from kundenstamm.ledger.queries import LEVELS, entries_of
from kundenstamm.lifecycle.queries import Documents, Sheet, customer_sheet, documents
from kundenstamm.serving.tracing import activities_behind
from kundenstamm.web.customers import doubles_views, sensitive, sheet_charts
from kundenstamm.web.customers.asked import address
from kundenstamm.web.customers.cards import cards
from kundenstamm.web.shell.requests import SignedInRequest

SHOWN_DAYS = 24
A_MONTH = timedelta(days=30)


@require_safe
def customer(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everything about one customer; 404 for one that is not the reader's to see."""
    return customer_page(request, key)


def customer_page(
    request: SignedInRequest, key: UUID, sent: forms.Form | None = None
) -> HttpResponse:
    """The page, once more with a form that was sent and has errors."""
    sheet = customer_sheet(request.user, key, timezone.localdate())
    if sheet is None:
        raise Http404
    told = cards(request.user, sheet, sent, request.GET.get("kind", ""))
    doubles = doubles_views.looks_like(request, sheet.customer)
    others = [each["other"] for each in doubles]
    shown = {each.pk for each in (sheet.customer, *sheet.suppliers, *sheet.supplied, *others)}
    note_read(
        "customer", shown | told["coming"]["shown"], actor=request.user, at=timezone.now(),
        of=sheet.customer.pk,
    )  # fmt: skip
    prices = sees(request.user, "document.prices")
    context = {
        "sheet": sheet,
        "customer": sheet.customer,
        "documents": _documents(request, sheet.customer)
        if request.GET.get("after")
        else sheet.documents,
        "estimate": sheet.estimate,
        "serving": [each for each in sheet.assignments if each.ends is None],
        "bridge": sheet_charts.bridge(sheet),
        "bridge_steps": sheet_charts.steps(sheet),
        "largest": sheet_charts.largest(sheet),
        "alike": sheet_charts.alike(sheet),
        "contacts": sensitive.contacts(request.user, sheet.contacts),
        "keeps_contacts": may(request.user, Right.RECORD),
        "prices": prices,
        "rhythm": sheet_charts.rhythm(sheet, prices=prices),
        "latest_days": sheet.days[: -SHOWN_DAYS - 1 : -1],
        "active_before": _active_before(sheet),
        "audit_token": pseudonym(sheet.customer.pk) if may(request.user, Right.AUDIT) else "",
        "starred": sheet.starred,
        "doubles": doubles,
        "charts": True,
    }
    context |= _care(sheet) | told
    return render(request, "customers/customer.html", context)


@require_safe
def entries(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The ledger's entries behind a bar of the bridge, a dot of the rhythm or a document."""
    who = _customer(request, key)
    _note("entries", request, who)
    context = entries_context(request, who, request.GET)
    return render(request, "customers/entries.html", context)


def entries_context(
    request: SignedInRequest, who: Customer, query: QueryDict, *, revealed: bool = False
) -> dict[str, Any]:
    """What the entries' page shows; ``revealed``: prices too, whatever the reader's role."""
    level, here = query.get("level", ""), reverse("entries", args=[who.key])
    found = entries_of(
        request.user,
        who,
        level=level,
        document=query.get("document", "")[:120].replace("\0", ""),
        day=query.get("day", ""),
        first_day=query.get("from", ""),
        last_day=query.get("to", ""),
        after=query.get("after", ""),
    )
    return {
        "customer": who,
        "found": found,
        "rows": _traced(request, who, found.rows),
        "title": LEVELS[level][0] if level in LEVELS else _("Entries"),
        "levels": _levels(query, here),
        "narrowed": _narrowed(query, here),
        "next": here + address(query, after=found.after) if found.after else "",
    } | sensitive.of_entries(request.user, query, revealed=revealed)


def _traced(
    request: SignedInRequest, who: Customer, rows: list[Line]
) -> list[tuple[Line, int | None]]:
    """Each entry, and the activity that it charges, if it is one of those."""
    behind = activities_behind(request.user, who, rows)
    return [(row, behind.get(row.pk)) for row in rows]


@require_safe
def purchases(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Further documents, below those the page shows."""
    who = _customer(request, key)
    _note("purchases", request, who)
    prices = sees(request.user, "document.prices")
    context = {"customer": who, "documents": _documents(request, who), "prices": prices}
    return render(request, "customers/documents.html", context)


def _customer(request: SignedInRequest, key: UUID) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user), key=key)


def _note(page: str, request: SignedInRequest, *shown: Customer) -> None:
    note_read(page, [each.pk for each in shown], actor=request.user, at=timezone.now())


def _documents(request: SignedInRequest, who: Customer) -> Documents:
    try:
        return documents(request.user, who, after=request.GET.get("after") or None)
    except ValueError:
        raise Http404 from None


def _care(sheet: Sheet) -> dict[str, Any]:
    """Cost to serve per month, and that of comparable customers."""
    if sheet.estimate is None:
        return {}
    own = -sheet.estimate.year_cost_to_serve / 12
    others = -sheet.comparable.year_cost_to_serve / 12 if sheet.comparable else None
    net = sheet.estimate.year_net_revenue
    profit_share = sheet.estimate.year_contribution_3 / net if net > 0 else None
    return {"care": own, "care_of_others": others, "profit_share": profit_share}


def _active_before(sheet: Sheet) -> float | None:
    """How probable it was a month earlier that this was still a customer."""
    if sheet.run is None:
        return None
    earlier = [share for day, share in sheet.p_active if day <= sheet.run.as_of - A_MONTH]
    return earlier[-1] if earlier else None


def _levels(query: QueryDict, path: str) -> list[dict[str, Any]]:
    here = query.get("level", "")
    every = {"label": _("All"), "on": here not in LEVELS, "href": path + address(query, level=None)}
    return [every] + [
        {"label": label, "on": name == here, "href": path + address(query, level=name)}
        for name, (label, _first, _last) in LEVELS.items()
    ]


def _narrowed(query: QueryDict, path: str) -> list[dict[str, str]]:
    """Document, day and period that the entries are limited to, each with the way out."""
    taken = []
    document = query.get("document", "")
    if document:
        shown = _("without number") if document.startswith("~") else document
        taken.append({"label": shown, "href": path + address(query, document=None)})
    if (day := _shown(query.get("day"))) is not None:
        taken.append({"label": day, "href": path + address(query, day=None)})
    first, last = _shown(query.get("from")), _shown(query.get("to"))
    if first or last:
        period = f"{first or ''} – {last or ''}".strip()
        taken.append({"label": period, "href": path + address(query, **{"from": None, "to": None})})
    return taken


def _shown(day: str | None) -> str | None:
    try:
        return str(formats.date_format(date.fromisoformat(day or ""), "SHORT_DATE_FORMAT"))
    except ValueError:
        return None
