"""Merging proposed by who may not do it, accepted or refused by who may."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kundenstamm.customers import doubles_queries, merge_proposals
from kundenstamm.customers.models import MergeProposal
from kundenstamm.guard.people_actions import Refused
from kundenstamm.web.shell.requests import SignedInRequest, moment


@require_POST
def propose(request: SignedInRequest, keep: UUID, drop: UUID) -> HttpResponse:
    found = doubles_queries.known_pair(request.user, keep, drop)
    if found is None:
        raise Http404
    try:
        merge_proposals.propose(*found, actor=request.user, at=moment())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Proposed. Somebody who may merge them decides."))
    return redirect("duplicate", keep=keep, drop=drop)


@require_POST
def accept(request: SignedInRequest, merge_proposal: UUID) -> HttpResponse:
    found = _found(request, merge_proposal)
    try:
        merge_proposals.accept(found, actor=request.user, at=moment())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        told = _("“%(dropped)s” is being merged into “%(kept)s”.")
        messages.success(request, told % {"dropped": found.dropped.name, "kept": found.kept.name})
    return redirect("duplicates")


@require_POST
def refuse(request: SignedInRequest, merge_proposal: UUID) -> HttpResponse:
    found = _found(request, merge_proposal)
    try:
        merge_proposals.refuse(
            found, request.POST.get("reason", ""), actor=request.user, at=moment()
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("duplicate", keep=found.kept.key, drop=found.dropped.key)
    messages.success(request, _("Refused. Whoever proposed it reads the reason here."))
    return redirect("duplicates")


def _found(request: SignedInRequest, proposal: UUID) -> MergeProposal:
    return get_object_or_404(doubles_queries.proposals(request.user), key=proposal)
