"""The preview beside the list."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.lifecycle.queries import glance
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def preview(request: SignedInRequest, key: UUID) -> HttpResponse:
    """A customer's figures, without the page around them."""
    seen = glance(request.user, key)
    if seen is None:
        raise Http404
    note_read("preview", [seen.customer.pk], actor=request.user, at=timezone.now())
    context = {"glance": seen, "customer": seen.customer, "estimate": seen.estimate}
    return render(request, "customers/preview.html", context)
