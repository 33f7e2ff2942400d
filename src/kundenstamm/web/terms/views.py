"""What do we give away? All agreements, one of them, and what has no agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.company.queries import profile
from kundenstamm.decisions.queries.reminders import Reminder, reminders
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.masks import sees
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.queries.runs import day_told
from kundenstamm.terms.models import Agreement, AgreementEntry
from kundenstamm.terms.queries import (
    Given,
    Overview,
    Returned,
    brought,
    comparison,
    given,
    overview,
    returned,
    unexplained_entries,
)
from kundenstamm.terms.queries.overview import ratchets_of
from kundenstamm.terms.rules import Ratchet
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest
from kundenstamm.web.terms import words
from kundenstamm.web.terms.forms import EndAgreementForm, renewing

SHOWN = 25
SHOWN_ENTRIES = 100
ORDERS = ("cost", "back", "brings")


def as_of() -> date:
    """The day of the newest valuation, as on every page; before the first one, today."""
    return day_told(timezone.localdate())


@require_safe
def terms(request: SignedInRequest) -> HttpResponse:
    """What agreements cost: most, or most that came back, or the least bringing customers first."""
    found = overview(request.user, as_of())
    order = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "cost"
    rows, back = _ordered(request.user, found, str(order))
    start = _start(request.GET.get("from", ""), len(rows))
    shown = rows[start : start + SHOWN]
    brings = brought(request.user, [each.agreement for each in shown])
    if order != "back":
        back = returned(request.user, [each.agreement for each in shown], found.as_of)
    soon, still = found.soon[:SHOWN], found.still_granted[:SHOWN]
    customers = {each.agreement.customer_id for each in (*shown, *soon)}
    customers |= {each.agreement.customer_id for each in still}
    customers |= {each.customer.pk for each in found.unexplained}
    ending, endless = _mine(request.user)
    mine = (ending[:SHOWN], endless[:SHOWN])
    customers |= {each.agreement.customer_id for part in mine for each in part}
    note_read("terms", customers, actor=request.user, at=timezone.now())
    currency, prices = profile().currency, sees(request.user, "document.prices")
    context = {
        "found": found,
        "rows": [
            _row(request.user, currency, each, back, found.ratchets)
            | {"brings": brings.get(each.agreement.customer_id)}
            for each in shown
        ],
        "soon": [_row(request.user, currency, each, {}, {}) for each in soon],
        "still": still,
        "mine": [
            [{"of": of, "says": words.says(of.agreement, currency, plain=prices)} for of in part]
            for part in mine
        ],
        "endless": len(endless),
        "prices": prices,
        "order": order,
        "previous": max(start - SHOWN, 0) if start else None,
        "next": start + SHOWN if start + SHOWN < len(rows) else None,
    }
    return render(request, "terms/terms.html", context)


@require_safe
def agreement(request: SignedInRequest, agreement: UUID) -> HttpResponse:
    """One agreement: what it says, what it costs, what came back, its entries."""
    return agreement_page(request, agreement)


def agreement_page(request: SignedInRequest, key: UUID, **sent: Any) -> HttpResponse:
    """The page, once more with a form that was sent and has errors."""
    found, day = known_agreement(request.user, key), as_of()
    note_read("agreement", [found.customer_id], actor=request.user, at=timezone.now())
    (cost,) = given(request.user, [found], day)
    back = returned(request.user, [found], day)
    own = Agreement.objects.visible_to(request.user).filter(customer=found.customer_id)
    context = {
        "row": _row(request.user, profile().currency, cost, back, ratchets_of(list(own))),
        "agreement": found,
        "customer": found.customer,
        "as_of": day,
        "comparison": comparison(request.user, found, back[found.pk]) if back else None,
        "links": _links(request.user, found),
        "renewed_by": own.filter(renews=found).first(),
        "prices": sees(request.user, "document.prices"),
    }
    if may(request.user, Right.TERMS):
        context |= {"end": EndAgreementForm(initial={"last_day": timezone.localdate()}),
                    "renew": renewing(found, auto_id="renew_%s")}  # fmt: skip
    return render(request, "terms/agreement.html", context | sent)


@require_safe
def without_agreement(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One customer's reductions of 12 months that have no agreement, to be given one by hand."""
    who, day = known_or_404(request, key), as_of()
    note_read("without-agreement", [who.pk], actor=request.user, at=timezone.now())
    entries = unexplained_entries(request.user, day).filter(customer=who)
    own = Agreement.objects.visible_to(request.user).filter(customer=who)
    agreements = own.select_related("product", "category").with_tiers(request.user)
    plain, currency = sees(request.user, "document.prices"), profile().currency
    context = {
        "customer": who,
        "entries": entries.order_by("-date", "-pk")[:SHOWN_ENTRIES],
        "agreements": [
            {"of": each, "says": words.says(each, currency, plain=plain)}
            for each in agreements.order_by("-valid_from", "pk")
        ],
        "prices": plain,
        "may_link": may(request.user, Right.TERMS),
    }
    return render(request, "terms/without.html", context)


def _mine(actor: User) -> tuple[list[Reminder], list[Reminder]]:
    """Of the reader's own those that end, and those that only come round."""
    found = reminders(actor, timezone.localdate())
    ending = [each for each in found if not each.is_endless]
    endless = [each for each in found if each.is_endless]
    return ending, endless


def known_agreement(actor: User, key: UUID) -> Agreement:
    known = Agreement.objects.visible_to(actor).filter(customer__withdrawn=False)
    related = known.select_related("customer", "product", "category", "agreed_by", "renews")
    return get_object_or_404(related.with_tiers(actor), key=key)


def _ordered(actor: User, found: Overview, order: str) -> tuple[list[Given], dict[int, Returned]]:
    """As they are by cost; by what came back, those of which nothing is known last."""
    if order == "brings":
        brings = brought(actor, [each.agreement for each in found.agreements])
        return sorted(
            found.agreements, key=lambda each: brings.get(each.agreement.customer_id, Decimal(0))
        ), {}
    if order == "cost":
        return found.agreements, {}
    back = returned(actor, [each.agreement for each in found.agreements], found.as_of)

    def change(each: Given) -> tuple[bool, Decimal]:
        told = back.get(each.agreement.pk)
        return told is None, -told.change if told else Decimal(0)

    return sorted(found.agreements, key=change), back


def _start(text: str, rows: int) -> int:
    if text and not (text.isdecimal() and len(text) < 9):
        raise Http404
    start = int(text or 0)
    return start if start < rows else 0


def _row(
    actor: User,
    currency: str,
    of: Given,
    back: dict[int, Returned],
    marks: dict[int, list[Ratchet]],
) -> dict[str, Any]:
    plain = sees(actor, "document.prices")
    return {
        "of": of.agreement,
        "says": words.says(of.agreement, currency, plain=plain),
        "year": of.year,
        "ever": of.ever,
        "back": back.get(of.agreement.pk),
        "marks": [words.why(each, plain=plain) for each in marks.get(of.agreement.pk, [])],
    }


def _links(actor: User, of: Agreement) -> Sequence[AgreementEntry]:
    """The newest entries it caused."""
    links = AgreementEntry.objects.visible_to(actor).filter(agreement=of)
    standing = links.filter(entry__reversals__isnull=True).select_related("entry", "linked_by")
    return list(standing.order_by("-entry__date", "-entry_id")[:SHOWN_ENTRIES])
