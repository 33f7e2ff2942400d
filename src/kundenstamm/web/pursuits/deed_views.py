"""What is done with a pursuit: moved, money and minutes booked, handed over."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.guard.models import User
from kundenstamm.pursuits import actions, queries
from kundenstamm.pursuits.models import State
from kundenstamm.web.pursuits.forms import BookForm, MoveForm
from kundenstamm.web.pursuits.sheet_views import known_or_404, sheet_page
from kundenstamm.web.shell.requests import SignedInRequest, moment, own_address
from kundenstamm.web.terms.forms import field_error


@require_POST
def move(request: SignedInRequest, pursuit: UUID) -> HttpResponse:
    """Back to where the button was pressed."""
    found = known_or_404(request, pursuit)
    form = MoveForm(found, request.POST, auto_id="move_%s")
    told = ""
    if form.is_valid():
        try:
            actions.move(
                found, form.cleaned_data["to"], form.cleaned_data["because"],
                actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            told = " ".join(refused.messages)
    else:
        told = _("There is no way from here to there.")
    if told:
        messages.error(request, f"{found.customer.name}: {told}")
    else:
        state = State(form.cleaned_data["to"]).label
        messages.success(request, f"{found.customer.name}: {state}.")
    otherwise = reverse("pursuit", args=[pursuit])
    return redirect(own_address(request, request.POST.get("next", ""), otherwise))


@require_POST
def book(request: SignedInRequest, pursuit: UUID) -> HttpResponse:
    found = known_or_404(request, pursuit)
    form = BookForm(request.POST, auto_id="book_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.book(
                found, told["day"], minutes=told["minutes"] or 0, money=told["money"] or Decimal(0),
                what=told["what"], actor=request.user, at=moment(),
            )  # fmt: skip
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return sheet_page(request, found, book=form)
    messages.success(request, _("Booked."))
    return redirect(reverse("pursuit", args=[pursuit]) + "#spent")


@require_POST
def take_back(request: SignedInRequest, pursuit: UUID) -> HttpResponse:
    """What was booked by mistake, by its key."""
    found = known_or_404(request, pursuit)
    try:
        key = UUID(request.POST.get("spending", ""))
    except ValueError:
        raise Http404 from None
    spending = queries.spendings(request.user, found).filter(key=key).first()
    if spending is None:
        raise Http404
    actions.take_back(spending, actor=request.user, at=moment())
    messages.success(request, _("Taken back."))
    return redirect(reverse("pursuit", args=[pursuit]) + "#spent")


@require_POST
def hand_over(request: SignedInRequest, pursuit: UUID) -> HttpResponse:
    found = known_or_404(request, pursuit)
    told = request.POST.get("to", "")
    to = User.objects.filter(pk=int(told)).first() if told.isdigit() and len(told) < 18 else None
    try:
        if to is None:
            raise ValidationError(_("Choose somebody else."))
        actions.hand_over(found, to, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Handed over to %(name)s.") % {"name": to.name})
    return redirect("pursuit", pursuit)
