"""Customers that are there twice: pairs, a pair side by side, what was merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers import doubles_queries, merge_actions
from kundenstamm.customers.models import Customer, Duplicate, Merge, MergeProposal
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.customers.doubles_words import how_likely, why
from kundenstamm.web.shell.requests import SignedInRequest, moment

PAGE = 25
LISTED = 20
# What stands side by side, in order.
FIELDS = (
    "name", "number", "kind", "link", "trade", "street", "postcode", "city", "region", "country",
    "channel", "vat_id", "since",
)  # fmt: skip


@require_safe
def duplicates(request: SignedInRequest) -> HttpResponse:
    """Pairs that look like one, the likeliest first; below, what was merged and what is not."""
    page = Paginator(doubles_queries.open_pairs(request.user), PAGE).get_page(
        request.GET.get("page")
    )
    apart = list(doubles_queries.apart_pairs(request.user)[:LISTED])
    merged = list(doubles_queries.merges(request.user)[:LISTED])
    proposed = list(doubles_queries.proposals(request.user)[:LISTED])
    both = [pk for each in proposed for pk in (each.kept_id, each.dropped_id)]
    shown = [pk for pair in [*page, *apart] for pk in (pair.first_id, pair.second_id)]
    _note("duplicates", request, [*shown, *both, *(each.kept_id for each in merged)])
    at = timezone.now()
    context = {
        "page": page,
        "rows": [_row(pair) for pair in page],
        "proposed": [each for each in proposed if each.state == "open"],
        "decided": [each for each in proposed if each.state != "open"],
        "apart": [_row(pair) for pair in apart],
        "merges": [
            {"of": each, "dropped": _dropped(each), "undo": _undoable(each, at)} for each in merged
        ],
        "waiting": any(each.state in (Merge.State.WAITING, Merge.State.UNDOING) for each in merged),
    }
    return render(request, "customers/duplicates.html", context)


@require_safe
def duplicate(request: SignedInRequest, keep: UUID, drop: UUID) -> HttpResponse:
    """Two customers side by side, and what merging them would move."""
    kept, dropped = _pair(request, keep, drop)
    _note("duplicate", request, [kept.pk, dropped.pk])
    pair = doubles_queries.pair_of(request.user, kept, dropped)
    context: dict[str, Any] = {
        "kept": kept,
        "dropped": dropped,
        "pair": pair,
        "row": _row(pair) if pair else None,
        "fields": _side_by_side(kept, dropped),
        "days": merge_actions.UNDO_DAYS,
    }
    proposal = doubles_queries.open_proposal(request.user, kept, dropped)
    context |= {"proposal": proposal, "reasons": MergeProposal.Reason.choices,
                "proposes": may(request.user, Right.RECORD)}  # fmt: skip
    try:
        context["preview"] = merge_actions.preview(kept, dropped, actor=request.user, at=moment())
    except Refused as refused:
        context["refused"] = str(refused)
    return render(request, "customers/duplicate.html", context)


@require_POST
def merge(request: SignedInRequest, keep: UUID, drop: UUID) -> HttpResponse:
    kept, dropped = _pair(request, keep, drop)
    try:
        merge_actions.ask(kept, dropped, actor=request.user, at=moment())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("duplicate", keep=keep, drop=drop)
    told = _("“%(dropped)s” is being merged into “%(kept)s”.")
    messages.success(request, told % {"dropped": dropped.name, "kept": kept.name})
    return redirect("duplicates")


@require_POST
def undo(request: SignedInRequest, merge: UUID) -> HttpResponse:
    found = get_object_or_404(doubles_queries.merges(request.user), key=merge)
    try:
        merge_actions.ask_back(found, actor=request.user, at=moment())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The merge is being undone."))
    return redirect("duplicates")


@require_POST
def apart(request: SignedInRequest, pair: int) -> HttpResponse:
    """They are two; or, said again, perhaps one after all."""
    found = doubles_queries.one_pair(request.user, pair)
    if found is None:
        raise Http404
    if request.POST.get("again"):
        merge_actions.look_again(found, actor=request.user, at=moment())
    else:
        merge_actions.keep_apart(found, actor=request.user, at=moment())
        messages.success(request, _("Remembered: they are two."))
    return redirect("duplicates")


def looks_like(request: SignedInRequest, customer: Customer) -> list[dict[str, Any]]:
    """For the customer's page: whom it looks like, for who may merge them."""
    if not may(request.user, Right.MERGE):
        return []
    pairs = doubles_queries.doubles_of(request.user, customer)
    return [
        _row(each) | {"other": each.second if each.first_id == customer.pk else each.first}
        for each in pairs
    ]


def _row(pair: Duplicate) -> dict[str, Any]:
    return {"of": pair, "why": why(pair.reasons), "likely": how_likely(pair.probability)}


def _dropped(each: Merge) -> str:
    """What the dropped one was called; whoever knows the kept one knows what it consists of."""
    return str(each.told.get("name", ""))


def _undoable(each: Merge, at: Any) -> Any:
    until = merge_actions.undo_until(each)
    return until if until is not None and until >= at else None


def _side_by_side(kept: Customer, dropped: Customer) -> list[dict[str, Any]]:
    """Field by field: what each says, and whether they say the same."""
    rows = []
    for name in FIELDS:
        field = Customer._meta.get_field(name)
        pair = [_said(each, name) for each in (kept, dropped)]
        if any(pair):
            rows.append({
                "label": getattr(field, "verbose_name", name),
                "kept": pair[0], "dropped": pair[1],
                "same": pair[0] == pair[1],
            })  # fmt: skip
    return rows


def _said(customer: Customer, name: str) -> Any:
    label = getattr(customer, f"get_{name}_display", None)
    return label() if label else getattr(customer, name)


def _pair(request: SignedInRequest, keep: UUID, drop: UUID) -> tuple[Customer, Customer]:
    found = doubles_queries.known_pair(request.user, keep, drop)
    if found is None:
        raise Http404
    return found


def _note(page: str, request: SignedInRequest, shown: list[int]) -> None:
    note_read(page, list(dict.fromkeys(shown)), actor=request.user, at=timezone.now())
