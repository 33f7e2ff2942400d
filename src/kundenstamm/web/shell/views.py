"""What every page offers: finding customers, pages and commands by a few letters; the shortcuts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.web.shell import shortcuts
from kundenstamm.web.shell.finding import found
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def find(request: SignedInRequest) -> HttpResponse:
    """The palette's entries; asked for by an address, a page with them and a plain form."""
    words = request.GET.get("q", "")[:100].replace("\0", "").strip()
    offered = found(request.user, words)
    note_read("find", offered.shown, actor=request.user, at=timezone.now())
    swapped = bool(request.htmx)
    context = {
        "groups": offered.groups, "rows": offered.rows, "words": words, "palette": swapped,
    }  # fmt: skip
    return render(request, "shell/found.html" if swapped else "shell/find.html", context)


@require_safe
def shortcut_page(request: SignedInRequest) -> HttpResponse:
    """All shortcuts; asked for by the ``?`` key, only the table."""
    context = {"table": shortcuts.table(request.user), "on": request.user.shortcuts}
    part = "shell/shortcut_table.html" if request.htmx else "shell/shortcuts.html"
    return render(request, part, context)
