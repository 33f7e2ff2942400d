"""All pursuits as a board, and what those that were won came to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.guard.rights import Right, may
from kundenstamm.pursuits import learning, queries
from kundenstamm.pursuits.queries import Card, Column
from kundenstamm.web.pursuits.cards import verdict_chip
from kundenstamm.web.pursuits.forms import MoveForm
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """By state; ``?of=mine``: only one's own."""
    mine, pursues = request.GET.get("of") == "mine", may(request.user, Right.PURSUE)
    found = queries.board(request.user, timezone.localdate(), mine=mine)
    shown = {card.of.customer_id for column in found for card in column.cards}
    note_read("pursuits", shown, actor=request.user, at=timezone.now())
    context = {
        "columns": [_column(each, pursues) for each in found],
        "number": sum(len(each.cards) for each in found),
        "mine": mine,
        "pursues": pursues,
        "here": request.get_full_path(),
    }
    return render(request, "pursuits/board.html", context)


def _column(of: Column, pursues: bool) -> dict[str, Any]:
    return {"of": of, "cards": [_card(card, pursues) for card in of.cards]}


def _card(card: Card, pursues: bool) -> dict[str, Any]:
    form = MoveForm(card.of, auto_id=f"move-{card.of.key.hex[:12]}_%s") if pursues else None
    return {"of": card.of, "watched": card.watched, "move": form, "verdict": verdict_chip(card.of)}


@require_safe
def promised(request: SignedInRequest) -> HttpResponse:
    """Won pursuits whose first year is over: what was promised, what came."""
    found = queries.kept_promises(request.user)
    note_read(
        "kept-promises", {each.customer_id for each in found},
        actor=request.user, at=timezone.now(),
    )  # fmt: skip
    context = {
        "rows": [
            {"of": each, "promised": learning.promised(each), "ratio": learning.ratio(each)}
            for each in found
        ],
        "optimism": learning.learned(),
        "known": learning.known(),
    }
    return render(request, "pursuits/promised.html", context)
