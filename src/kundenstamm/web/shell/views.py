"""What every page offers: finding customers and places by a few letters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.lifecycle.queries import Wanted, customer_page
from kundenstamm.web.shell.context import PLACES
from kundenstamm.web.shell.requests import SignedInRequest

SHOWN = 8


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """The places, then the customers, whose name has the words in it."""
    words = request.GET.get("q", "")[:100].replace("\0", "").strip()
    places = [
        {"name": place.name, "label": place.label, "icon": place.icon}
        for place in PLACES
        if place.is_open_to(request.user) and words.casefold() in str(place.label).casefold()
    ]
    wanted = Wanted(words=words, sort="name", descending=False)
    rows = customer_page(request.user, wanted, size=SHOWN).rows if words else []
    note_read("find", [row.customer.pk for row in rows], actor=request.user, at=timezone.now())
    return render(request, "shell/found.html", {"places": places, "rows": rows})
