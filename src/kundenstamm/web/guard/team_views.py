"""Teams: who stands in for whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.guard import team_actions
from kundenstamm.guard.models import Team
from kundenstamm.guard.people import people, teams
from kundenstamm.web.guard.forms import TeamForm
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def teams_page(request: SignedInRequest) -> HttpResponse:
    """All teams with their members, each with a form that changes it, and one for a new team."""
    return _page(request)


@require_POST
def make_team(request: SignedInRequest) -> HttpResponse:
    form = TeamForm(people(), request.POST, auto_id="new_%s")
    if form.is_valid():
        name, members = form.cleaned_data["name"], form.cleaned_data["members"]
        try:
            team_actions.make_team(name, members, actor=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
    if form.errors:
        return _page(request, made=form)
    messages.success(request, _("The team has been made."))
    return redirect("teams")


@require_POST
def change_team(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another name, other members; both or nothing."""
    team, at = get_object_or_404(Team, pk=pk), timezone.now()
    form = TeamForm(people(), request.POST, auto_id=f"team{pk}_%s")
    if form.is_valid():
        name, members = form.cleaned_data["name"], form.cleaned_data["members"]
        try:
            with transaction.atomic():
                team_actions.rename_team(team, name, actor=request.user, at=at)
                team_actions.set_members(team, members, actor=request.user, at=at)
        except ValidationError as refused:
            form.add_error(None, refused)
    if form.errors:
        return _page(request, changed=(pk, form))
    messages.success(request, _("Saved."))
    return redirect("teams")


@require_POST
def dissolve_team(request: SignedInRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    team_actions.dissolve_team(team, actor=request.user, at=timezone.now())
    messages.success(request, _("The team is dissolved; its people stay."))
    return redirect("teams")


def _page(
    request: SignedInRequest,
    *,
    made: forms.Form | None = None,
    changed: tuple[int, forms.Form] | None = None,
) -> HttpResponse:
    everybody = list(people())
    rows: list[dict[str, Any]] = []
    for team in teams():
        members = list(team.members.all())
        told = {"name": team.name, "members": [member.pk for member in members]}
        sent = changed[1] if changed and changed[0] == team.pk else None
        form = sent or TeamForm(everybody, initial=told, auto_id=f"team{team.pk}_%s")
        rows.append({"team": team, "members": members, "form": form, "open": sent is not None})
    context = {"rows": rows, "form": made or TeamForm(everybody, auto_id="new_%s")}
    return render(request, "guard/teams.html", context)
