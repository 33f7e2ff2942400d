"""A customer's timeline on a page of its own, with all filters."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.web.care.timeline_rows import asked, line
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.shell.requests import SignedInRequest

PAGE = 40


@require_safe
def customer_timeline(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everything from a day on back; a filter gets the part that it changes only."""
    who = known_or_404(request, key)
    note_read("timeline", [who.pk], actor=request.user, at=timezone.now())
    swapped = bool(request.htmx) and not request.htmx.history_restore_request
    context = {"customer": who, "line": line(request.user, who, asked(request.GET), PAGE)}
    template = "care/timeline_part.html" if swapped else "care/timeline.html"
    return render(request, template, context)
