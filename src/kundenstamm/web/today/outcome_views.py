"""Does it help to speak to customers? Those spoken to beside similar others."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kundenstamm.today.outcomes import latest_outcomes
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def outcomes(request: SignedInRequest) -> HttpResponse:
    """403 for whoever does not see the whole base: all of it is sums over everybody."""
    return render(request, "today/outcomes.html", {"found": latest_outcomes(request.user)})
