"""Asking to see what is masked: the reason first, then one field, on the page or by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kundenstamm.customers import revealing
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.keys import KeysRefused
from kundenstamm.guard.masks import FIELDS
from kundenstamm.guard.revealing import Reason
from kundenstamm.lifecycle.queries import documents
from kundenstamm.web.customers import sensitive
from kundenstamm.web.customers.sheet_views import entries_context
from kundenstamm.web.shell.requests import SignedInRequest

NAMES = ("document", "day", "source", "place")
# Where the form stands → what its answer takes the place of.
TARGETS = {"row": "closest tr", "entries": "#lines"}


@require_http_methods(["GET", "POST"])
def contact(request: SignedInRequest, contact: UUID, field: str) -> HttpResponse:
    """Mail address or phone of one contact; 404 for a customer that is not the reader's to see."""
    found = revealing.contact_of(request.user, contact)
    if found is None or field not in Contact.sealed_fields or not getattr(found, field):
        raise Http404
    context: dict[str, Any] = {
        "customer": found.customer, "contact": found, "title": FIELDS[f"contact.{field}"].label,
    }  # fmt: skip
    if request.method == "POST":
        reason, words = _said(request)
        try:
            text = revealing.reveal_contact(
                found, field, reason, words, actor=request.user, at=timezone.now()
            )
        except ValidationError as refused:
            return _form(request, context | {"refused": refused.messages})
        except KeysRefused:
            _note(request, found.customer)
            context["field"] = sensitive.of_contact(found, field, plain=True)
        else:
            context["field"] = sensitive.revealed(field, text)
        page = "contact_field" if request.htmx else "reveal"
        return render(request, f"customers/{page}.html", context)
    return _form(request, context)


@require_http_methods(["GET", "POST"])
def prices(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Prices of one document: in the customer's list, or with all of its entries."""
    who = get_object_or_404(Customer.objects.visible_to(request.user), key=key)
    asked = {name: _sent(request).get(name, "")[:120].replace("\0", "") for name in NAMES}
    if not (asked["document"] and asked["day"]):
        raise Http404
    context: dict[str, Any] = {
        "customer": who, "document": asked["document"], "title": FIELDS["document.prices"].label,
        "kept": {name: value for name, value in asked.items() if value},
    }  # fmt: skip
    if request.method == "POST":
        reason, words = _said(request)
        try:
            revealing.reveal_prices(who, reason, words, actor=request.user, at=timezone.now())
        except ValidationError as refused:
            return _form(request, context | {"refused": refused.messages})
        return _prices(request, who, asked)
    return _form(request, context)


def _prices(request: SignedInRequest, who: Customer, asked: dict[str, str]) -> HttpResponse:
    if request.htmx and asked["place"] == "row":
        cursor = f"{asked['day']}/{asked['source']}/{asked['document']}"
        try:
            found = documents(request.user, who, only=cursor)
        except ValueError:
            raise Http404 from None
        context = {"customer": who, "documents": found, "prices": True}
        return render(request, "customers/documents.html", context)
    query = request.GET.copy()
    query.update({name: asked[name] for name in ("document", "day")})
    context = entries_context(request, who, query, revealed=True)
    page = "lines" if request.htmx else "entries"
    return render(request, f"customers/{page}.html", context)


def _form(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    """The question for the reason: a page, or in place of what is masked."""
    _note(request, context["customer"])
    reason, words = _said(request)
    place = _sent(request).get("place", "")
    told = context | {
        "reasons": Reason.choices, "reason": reason, "words": words, "action": request.path,
        "target": TARGETS.get(place, "this"),
    }  # fmt: skip
    if not request.htmx:
        return render(request, "customers/reveal.html", told)
    page = "reveal_row" if place == "row" else "reveal_form"
    answer = render(request, f"customers/{page}.html", told)
    if request.method == "POST" and place != "row":
        answer["HX-Retarget"] = "this"
    return answer


def _note(request: SignedInRequest, who: Customer) -> None:
    """What is revealed is noted where it is; this is for answers that only name the customer."""
    note_read("reveal", [who.pk], actor=request.user, at=timezone.now())


def _said(request: SignedInRequest) -> tuple[str, str]:
    return request.POST.get("reason", ""), request.POST.get("words", "")[:200].replace("\0", "")


def _sent(request: SignedInRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET
