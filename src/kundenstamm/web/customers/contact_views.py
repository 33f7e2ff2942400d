"""The people to talk to at a customer: all of them, one more, one changed, removed or put back."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.customers import contact_actions
from kundenstamm.customers.contacts import Contact
from kundenstamm.customers.models import Customer
from kundenstamm.customers.revealing import contact_of, contacts_of
from kundenstamm.customers.speaking import successor
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.keys import KeysRefused
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.customers import sensitive
from kundenstamm.web.customers.asked import key_of
from kundenstamm.web.customers.contact_forms import ContactForm
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_safe
def contacts(request: SignedInRequest, key: UUID) -> HttpResponse:
    """All of a customer, those that were removed among them."""
    return _list(request, known_or_404(request, key))


@require_POST
def add(request: SignedInRequest, key: UUID) -> HttpResponse:
    who, form = known_or_404(request, key), ContactForm(request.POST)
    if form.is_valid():
        try:
            contact_actions.add(who, form.about(), actor=request.user, at=moment())
        except (ValidationError, KeysRefused) as refused:
            _refuse(form, refused)
    if form.errors:
        return _list(request, who, form)
    messages.success(request, _("The contact is entered."))
    return redirect("contacts", key)


@require_http_methods(["GET", "POST"])
def contact(request: SignedInRequest, contact: UUID) -> HttpResponse:
    """All that is said of one, to be changed; whoever may not see it all has no business here."""
    held = _held(request, contact)
    if request.method != "POST":
        return _page(request, held, ContactForm(of=held))
    form = ContactForm(request.POST, of=held)
    if form.is_valid():
        try:
            contact_actions.change(held, form.about(), actor=request.user, at=moment())
        except (ValidationError, KeysRefused) as refused:
            _refuse(form, refused)
    if form.errors:
        return _page(request, held, form)
    messages.success(request, _("Saved."))
    return redirect("contacts", held.customer.key)


@require_POST
def make_main(request: SignedInRequest, contact: UUID) -> HttpResponse:
    return _do(request, contact, contact_actions.make_main, _("Main contact from now on."))


@require_POST
def remove(request: SignedInRequest, contact: UUID) -> HttpResponse:
    """With who is the main contact from now on, where that one goes."""
    said = _("Removed. What happened with them stays on record.")
    named = request.POST.get("successor", "")
    after = _held(request, key_of(named)) if named else None
    if after is not None:
        said += " " + _("Main contact from now on: %(name)s.") % {"name": after.name or "–"}
    return _do(request, contact, partial(contact_actions.remove, successor=after), said)


@require_POST
def put_back(request: SignedInRequest, contact: UUID) -> HttpResponse:
    return _do(request, contact, contact_actions.put_back, _("Put back."))


def _do(request: SignedInRequest, key: UUID, act: Any, said: str) -> HttpResponse:
    held = _held(request, key)
    try:
        act(held, actor=request.user, at=moment())
        messages.success(request, said)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("contacts", held.customer.key)


def _refuse(form: ContactForm, refused: Exception) -> None:
    if isinstance(refused, ValidationError):
        field_error(form, refused)
    else:
        form.add_error(None, _("Cannot be encrypted: the key is missing."))


def _list(request: SignedInRequest, who: Customer, sent: ContactForm | None = None) -> HttpResponse:
    note_read("contacts", [who.pk], actor=request.user, at=timezone.now())
    keeps = may(request.user, Right.RECORD) and may(request.user, Right.CONTACTS)
    found = list(contacts_of(request.user, who))
    main = next((each for each in found if each.is_main), None)
    standing = [each for each in found if not each.withdrawn]
    context = {
        "customer": who,
        "contacts": sensitive.contacts(request.user, found),
        "others": [each for each in standing if each != main],
        "proposed": successor(main or Contact(), standing),
        "without_main": bool(standing) and main is None,
        "form": (sent or ContactForm()) if keeps else None,
        "open": sent is not None,
    }
    return render(request, "customers/contacts.html", context)


def _page(request: SignedInRequest, held: Contact, form: ContactForm) -> HttpResponse:
    note_read("contact", [held.customer_id], actor=request.user, at=timezone.now())
    context = {"customer": held.customer, "contact": held, "form": form}
    return render(request, "customers/contact.html", context)


def _held(request: SignedInRequest, key: UUID | None) -> Contact:
    found = contact_of(request.user, key) if key else None
    if found is None:
        raise Http404
    return found
