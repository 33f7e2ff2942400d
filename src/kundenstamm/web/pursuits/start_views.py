"""A pursuit begins: of a customer in the base, or of a prospect by name."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import called, regions
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.pursuits import actions, queries
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.pursuits.forms import ProspectForm
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

OFFERED, SAME = 100, 5


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A prospect by name; who is known by that name already is told as one types."""
    told = request.GET.get("name", "")[:200].replace("\0", "")
    form = ProspectForm(request.POST or None, initial={"name": told})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.start_by_name(actor=request.user, at=moment(), **form.cleaned_data)
        except ValidationError as refused:
            field_error(form, refused)
        else:
            return redirect("pursuit", made.key)
    same = list(called(request.user, request.POST.get("name", "").replace("\0", "") or told)[:SAME])
    note_read("new-pursuit", [each.pk for each in same], actor=request.user, at=timezone.now())
    context = {"form": form, "same": same}
    if request.htmx:
        return render(request, "pursuits/same.html", context)
    context |= {"regions": regions(request.user), "trades": _trades(request.user)}
    return render(request, "pursuits/new.html", context)


@require_http_methods(["GET", "POST"])
def of_customer(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Of somebody in the base; where one is running, there."""
    who = known_or_404(request, key)
    if request.method == "POST":
        try:
            made = actions.start(who, actor=request.user, at=moment())
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("customer", key)
        return redirect("pursuit", made.key)
    fits, found = queries.may_be_pursued(request.user, who), queries.of_customer(request.user, who)
    if found is not None and found.is_open:
        return redirect("pursuit", found.key)
    note_read("pursue", [who.pk], actor=request.user, at=timezone.now())
    context = {"customer": who, "fits": fits}
    return render(request, "pursuits/start.html", context)


def _trades(actor: User) -> list[str]:
    """Of customers that the actor knows: who is typed alike is found alike."""
    found = Customer.objects.visible_to(actor).exclude(trade="").order_by("trade")
    return list(found.values_list("trade", flat=True).distinct()[:OFFERED])
