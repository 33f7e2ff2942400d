"""Stars: set and taken away, from the list, the preview or the customer's page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kundenstamm.customers import starring
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest, moment, own_address


@require_POST
def star(request: SignedInRequest, key: UUID) -> HttpResponse:
    who = known_or_404(request, key)
    starring.star(who, actor=request.user, at=moment())
    return _answer(request, key, starred=True)


@require_POST
def unstar(request: SignedInRequest, key: UUID) -> HttpResponse:
    who = known_or_404(request, key)
    starring.unstar(who, actor=request.user, at=moment())
    return _answer(request, key, starred=False)


def _answer(request: SignedInRequest, key: UUID, *, starred: bool) -> HttpResponse:
    """The button as it is now; without scripts, the page one came from."""
    if request.htmx:
        context = {"key": key, "starred": starred, "place": request.GET.get("place", "")[:8]}
        return render(request, "customers/star.html", context)
    before = request.headers.get("Referer", "")
    return redirect(own_address(request, before, reverse("customer", args=[key])))
