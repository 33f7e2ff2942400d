"""Which links hold? All chains that one knows; one customer's; what if a dealer goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.chain import flowing, queries
from kundenstamm.chain.conflicts import conflicts, sold_on
from kundenstamm.chain.reader import Row
from kundenstamm.chain.what_if import what_if as reckoned
from kundenstamm.customers.chain_queries import links_of, suppliers_of
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.masks import sees
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.today.queries import prepared
from kundenstamm.web.chain import flow
from kundenstamm.web.chain.cards import treatment
from kundenstamm.web.chain.forms import EndLinkForm, LinkForm, WantedForm, WhatIfForm
from kundenstamm.web.customers.asked import address
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest

SHOWN = 25
# Of somebody who supplies thousands, those to be ended are found on the other end's page.
LINKS = 100


@require_safe
def chains(request: SignedInRequest) -> HttpResponse:
    """Everybody who supplies others, and is supplied by nobody whom the reader knows."""
    actor, today = request.user, timezone.localdate()
    form, start = WantedForm(request.GET or None), _start(request)
    found = queries.chains(actor, form.wanted(), today, start=start, size=SHOWN)
    both = conflicts(actor, found.run, today, at_most=SHOWN) if not start else []
    shown = _shown(found.rows) | {each.end_customer.pk for each in both}
    _note(request, "chain", shown | {each.dealer.pk for each in both})
    context = {
        "found": found,
        "rows": found.rows,
        "form": form,
        "asked": bool(request.GET),
        "conflicts": both,
        "prices": sees(actor, "document.prices"),
        "whole": sees_whole_base(actor),
        "start": start,
        "previous": _at(request, start - SHOWN) if start else "",
        "next": _at(request, start + SHOWN) if found.more else "",
    }
    return render(request, "chain/chains.html", context)


@require_safe
def branch(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One customer: who supplies it, whom it supplies, what hangs on it."""
    return branch_page(request, known_or_404(request, key))


def branch_page(
    request: SignedInRequest, who: Customer, sent: forms.Form | None = None
) -> HttpResponse:
    """The page, once more with a form that was sent and has errors."""
    actor, today, start = request.user, timezone.localdate(), _start(request)
    found = queries.branch(actor, who, today, start=start, size=SHOWN)
    above = suppliers_of(actor, who, today)
    both = conflicts(actor, found.run, today, of=who, at_most=SHOWN)
    shown = _shown([found.row, *found.below]) | {each.pk for each in above}
    shown |= {each.end_customer.pk for each in both} | {each.dealer.pk for each in both}
    forms_shown = _forms(request, who, sent) if may(actor, Right.ASSIGN) else {}
    sees_prices = sees(actor, "document.prices")
    steps = flowing.flow(actor, found.run, who, today) if sees_prices and not start else []
    shown |= {each.lower.pk for step in steps for each in step.flows}
    shown |= {pk for each in forms_shown.get("lasting", ()) for pk in _ends(each)}
    note_read("chain-of", shown, actor=actor, at=timezone.now(), of=who.pk)
    estimate = (
        Estimate.objects.visible_one_by_one(actor).filter(run=found.run, customer=who).first()
    )
    context = {
        "customer": who,
        "found": found,
        "row": found.row,
        "above": above,
        "conflicts": both,
        "sold": sold_on(actor, found.run, who),
        "prices": sees_prices,
        "drawing": flow.drawn(who, found.row.own, steps),
        "flows": flow.rows(who, steps),
        "whole": sees_whole_base(actor),
        "estimate": estimate,
        "treatment": treatment(who, estimate),
        "step": prepared(actor, who),
        "what_if_form": WhatIfForm(),
        "start": start,
    }
    return render(request, "chain/branch.html", context | forms_shown | _rows(request, found))


@require_safe
def below(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Whom somebody supplies: what is unfolded below a row of the tree."""
    who, start = known_or_404(request, key), _start(request)
    found = queries.branch(request.user, who, timezone.localdate(), start=start, size=SHOWN)
    _note(request, "chain-below", _shown([found.row, *found.below]))
    context = _rows(request, found) | {"customer": who}
    # Of the whole page there is one weakest link; which one, the page says.
    asked = request.GET.get("of", "")[:36]
    marked = (row.customer for row in found.below if str(row.customer.key) == asked)
    context["weakest"] = next(marked, {"key": asked} if asked else None)
    return render(request, "chain/below.html", context)


@require_safe
def what_if(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Who would be lost with this dealer, and whom we could serve ourselves, at what cost."""
    who, form = known_or_404(request, key), WhatIfForm(request.GET or None)
    found = reckoned(request.user, who, timezone.localdate(), form.assumed())
    shown = {who.pk} | {each.customer.pk for each in found.rows}
    note_read("chain-what-if", shown, actor=request.user, at=timezone.now(), of=who.pk)
    context = {
        "customer": who,
        "gone": found,
        "what_if_form": form,
        "prices": sees(request.user, "document.prices"),
        "whole": sees_whole_base(request.user),
    }
    page = "chain/gone.html" if request.htmx else "chain/what_if.html"
    return render(request, page, context)


def lasting(request: SignedInRequest, who: Customer) -> list[ChainLink]:
    """Links of a customer that are not over, the newest first."""
    today = timezone.localdate()
    last = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return list(links_of(request.user, who).filter(last)[:LINKS])


def _forms(request: SignedInRequest, who: Customer, sent: forms.Form | None) -> dict[str, Any]:
    today, links = timezone.localdate(), lasting(request, who)
    fresh = LinkForm(initial={"valid_from": today}, auto_id="link_%s")
    ending = EndLinkForm(who, links, initial={"valid_to": today}, auto_id="end_%s")
    return {
        "lasting": links,
        "link_form": sent if isinstance(sent, LinkForm) else fresh,
        "end_form": (sent if isinstance(sent, EndLinkForm) else ending) if links else None,
    }


def _rows(request: SignedInRequest, found: queries.Branch) -> dict[str, Any]:
    start = _start(request)
    return {
        "rows": [(row, found.suppliers.get(row.customer.pk, 1) - 1) for row in found.below],
        "next": start + SHOWN if found.more else None,
        "previous": max(start - SHOWN, 0) if start else None,
        "weakest": found.row.weakest,
        "total": found.row.behind,
    }


def _ends(link: ChainLink) -> tuple[int, int]:
    return link.upstream_id, link.downstream_id


def _shown(rows: Iterable[Row]) -> set[int]:
    found = list(rows)
    weakest = {row.weakest.pk for row in found if row.weakest is not None}
    return {row.customer.pk for row in found} | weakest


def _note(request: SignedInRequest, page: str, shown: set[int]) -> None:
    note_read(page, shown, actor=request.user, at=timezone.now())


def _at(request: SignedInRequest, start: int) -> str:
    told = {"from": str(start) if start > 0 else None}
    return request.path + address(request.GET, **told)


def _start(request: SignedInRequest) -> int:
    text = request.GET.get("from", "")
    if text and not (text.isdecimal() and len(text) < 9):
        raise Http404
    return int(text or 0)
