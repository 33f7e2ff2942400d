"""Somebody says how it really stands with a colleague, or takes it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.relations import correcting, queries
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.relations.cards import colleagues
from kundenstamm.web.relations.forms import CorrectForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_POST
def correct(request: SignedInRequest, key: UUID) -> HttpResponse:
    who, form = known_or_404(request, key), CorrectForm(request.POST, colleagues=colleagues())
    if form.is_valid():
        try:
            correcting.correct(who, **form.cleaned_data, actor=request.user, at=moment())
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("Noted. It counts within five minutes."))
    return redirect(f"{reverse('customer', args=[key])}#holding")


@require_POST
def take_back(request: SignedInRequest, key: UUID, correction: UUID) -> HttpResponse:
    who = known_or_404(request, key)
    held = queries.corrections_of(request.user, who).filter(key=correction).first()
    if held is None:
        raise Http404
    try:
        correcting.take_back(held, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Taken back. It counts within five minutes."))
    return redirect(f"{reverse('customer', args=[key])}#holding")
