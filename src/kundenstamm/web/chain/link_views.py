"""A link of the chain begins or ends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.customers import chain_actions as actions
from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import known_by_number, known_customer
from kundenstamm.web.chain.forms import ABOVE, EndLinkForm, LinkForm
from kundenstamm.web.chain.views import branch_page, lasting
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_POST
def link(request: SignedInRequest, key: UUID) -> HttpResponse:
    """With another customer, named by its number; one that is not known does not exist."""
    who, form = known_or_404(request, key), LinkForm(request.POST, auto_id="link_%s")
    if form.is_valid():
        number = form.cleaned_data["number"].replace("\0", "")
        other = known_by_number(request.user, number)
        if other is None:
            form.add_error("number", _("You know of no customer with this number."))
        else:
            _link(request, who, other, form)
    if form.errors:
        return branch_page(request, who, form)
    messages.success(request, _("Linked."))
    return redirect("chain-of", key=key)


def _link(request: SignedInRequest, who: Customer, other: Customer, form: LinkForm) -> None:
    above = form.cleaned_data["side"] == ABOVE
    upper, lower = (other, who) if above else (who, other)
    first = form.cleaned_data["valid_from"]
    try:
        actions.link(upper, lower, first, actor=request.user, at=moment())
    except ValidationError as refused:
        field_error(form, refused)


@require_POST
def end(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The last day of a link; whoever knew of the customer by it does so no more."""
    who = known_or_404(request, key)
    form = EndLinkForm(who, lasting(request, who), request.POST, auto_id="end_%s")
    if form.is_valid():
        try:
            actions.end_link(
                form.chosen(), form.cleaned_data["valid_to"], actor=request.user, at=moment()
            )
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return branch_page(request, who, form)
    messages.success(request, _("Saved."))
    if known_customer(request.user, key) is None:
        messages.info(request, _("You do not know of this customer any more."))
        return redirect("chain")
    return redirect("chain-of", key=key)
