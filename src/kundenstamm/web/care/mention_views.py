"""What waits for somebody who was spoken to in a note."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kundenstamm.care.mentioning import see, unseen
from kundenstamm.care.models import Mention
from kundenstamm.guard.models import User
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.shell.requests import SignedInRequest, moment

SHOWN = 50


@dataclass(frozen=True)
class Row:
    """A mention as the page of tasks shows it, with the note."""

    of: Mention
    note: str


def mention_rows(actor: User) -> list[Row]:
    """The newest that the actor has not seen."""
    plain = reads(actor)
    return [
        Row(each, opened(each.interaction, "note", plain=plain)) for each in unseen(actor)[:SHOWN]
    ]


@require_POST
def seen(request: SignedInRequest, mention: UUID) -> HttpResponse:
    """It waits no longer."""
    if not see(mention, actor=request.user, at=moment()):
        raise Http404
    return redirect("tasks")
