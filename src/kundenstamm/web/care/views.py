"""What happened with a customer: all of it, one more, one that was wrong."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.care import actions, attaching, queries
from kundenstamm.care.complaint_actions import open_complaint
from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.guard.audit import note_read
from kundenstamm.web.care.attachment_views import refuse_skipped, tell_known
from kundenstamm.web.care.cards import rows
from kundenstamm.web.care.forms import RecordForm, WithdrawForm
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment
from kundenstamm.web.terms.forms import field_error

PAGE = 25


@require_safe
def interactions(request: SignedInRequest, key: UUID) -> HttpResponse:
    """All of a customer, or from one on (``at``), newest first, those withdrawn among them."""
    who = known_or_404(request, key)
    note_read("interactions", [who.pk], actor=request.user, at=timezone.now())
    at = request.GET.get("at", "")
    last = _named(request, who, at or request.GET.get("before", ""))
    found = queries.page(queries.of(request.user, who), last, PAGE, itself=bool(at))
    context = {
        "customer": who, "rows": rows(request.user, who, found.rows), "before": found.before,
        "later": last is not None,
    }  # fmt: skip
    return render(request, "care/interactions.html", context)


@require_POST
def record(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One more, as the box on the customer's page says it."""
    who, now = known_or_404(request, key), moment()
    known = contacts_of(request.user, who).standing()
    form = RecordForm(request.POST, request.FILES, contacts=known)
    if form.is_valid():
        try:
            refuse_skipped(request)
            what = form.happening(timezone.localtime(now))
            made = actions.record(who, what, actor=request.user, at=now)
        except ValidationError as refused:
            field_error(form, refused)
    if form.errors:
        return customer_page(request, key, form)
    messages.success(request, _("Recorded."))
    if what.files:
        tell_known(request, attaching.of_interaction(request.user, made))
    if made.kind == Interaction.Kind.COMPLAINT:
        return redirect("complaint", open_complaint(made, actor=request.user, at=now).key)
    return redirect(reverse("customer", args=[key]) + "#care")


@require_POST
def withdraw(request: SignedInRequest, key: UUID, interaction: UUID) -> HttpResponse:
    """One that was wrong: it stays with the reason, and counts no more."""
    who, form = known_or_404(request, key), WithdrawForm(request.POST)
    held = get_object_or_404(queries.of(request.user, who), key=interaction)
    try:
        because = form.cleaned_data["because"] if form.is_valid() else ""
        actions.withdraw(held, because, actor=request.user, at=moment())
        messages.success(request, _("Withdrawn. It stays on record and counts no more."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("interactions", key)


@require_POST
def open_as_complaint(request: SignedInRequest, key: UUID, interaction: UUID) -> HttpResponse:
    """Somebody cares for it from here on; what came with a file is not opened by itself."""
    who = known_or_404(request, key)
    held = get_object_or_404(queries.of(request.user, who), key=interaction)
    try:
        made = open_complaint(held, actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("interactions", key)
    return redirect("complaint", made.key)


def _named(request: SignedInRequest, who: Customer, key: str) -> Interaction | None:
    """The interaction at which, or after which, the page begins."""
    if not key:
        return None
    try:
        found = queries.of(request.user, who).filter(key=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
