"""One's own scenarios: side by side, made, changed, copied, deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.guard.audit import note_read
from kundenstamm.pursuits import scenarios
from kundenstamm.pursuits.hands import hands
from kundenstamm.pursuits.models import Scenario
from kundenstamm.pursuits.outlooks import compare, weighables
from kundenstamm.pursuits.scenarios import Scene
from kundenstamm.web.pursuits.scenario_forms import Forms, forms_of
from kundenstamm.web.pursuits.scenario_words import side_by_side
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error


@require_safe
def compared(request: SignedInRequest) -> HttpResponse:
    """What is planned first, then each scenario."""
    today = timezone.localdate()
    found = compare(request.user, list(scenarios.own(request.user)), today)
    shown = {pursuit.customer_id for column in found.columns for pursuit, _taken in column.taken}
    note_read("scenarios", shown, actor=request.user, at=timezone.now())
    context = side_by_side(found) | {
        "most": scenarios.MOST_SCENARIOS,
        "full": len(found.columns) > scenarios.MOST_SCENARIOS,
    }
    return render(request, "pursuits/scenarios.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    return _page(request, None)


@require_http_methods(["GET", "POST"])
def scenario(request: SignedInRequest, scenario: UUID) -> HttpResponse:
    return _page(request, _own_or_404(request, scenario))


def _page(request: SignedInRequest, found: Scenario | None) -> HttpResponse:
    """The form; sent, it is kept."""
    today = timezone.localdate()
    held = hands(today)
    known = weighables(request.user, held, today)
    scene = scenarios.scene_of(found, found.name, request.user) if found else Scene("")
    data = request.POST if request.method == "POST" else None
    forms = forms_of(data, scene, [each.pursuit for each in known], held.rows, today)
    if request.method == "POST" and forms.is_valid() and _kept(request, found, forms):
        messages.success(request, _("Kept."))
        return redirect("scenarios")
    note_read(
        "scenario", [each.pursuit.customer_id for each in known],
        actor=request.user, at=timezone.now(),
    )  # fmt: skip
    currency = profile().currency
    context = {
        "scenario": found,
        "forms": forms,
        "pools": held.rows,
        "unit": "€" if currency == "EUR" else currency,
    }
    return render(request, "pursuits/scenario.html", context)


def _kept(request: SignedInRequest, found: Scenario | None, forms: Forms) -> bool:
    by: dict[str, Any] = {"actor": request.user}
    try:
        if found is None:
            scenarios.create(forms.scene(), at=moment(), **by)
        else:
            scenarios.keep(found, forms.scene(), **by)
    except ValidationError as refused:
        field_error(forms.scenario, refused)
        return False
    return True


@require_POST
def copy(request: SignedInRequest, scenario: UUID) -> HttpResponse:
    found = _own_or_404(request, scenario)
    name = _("%(name)s, copy") % {"name": found.name}
    try:
        made = scenarios.copy(found, name[:80], actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("scenarios")
    return redirect("scenario", made.key)


@require_POST
def delete(request: SignedInRequest, scenario: UUID) -> HttpResponse:
    """Asked before by its button."""
    found = _own_or_404(request, scenario)
    scenarios.delete(found, actor=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
    return redirect("scenarios")


def _own_or_404(request: SignedInRequest, key: UUID) -> Scenario:
    found = scenarios.own_scenario(request.user, key)
    if found is None:
        raise Http404
    return found
