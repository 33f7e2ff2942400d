"""Asking for satisfaction, and what customers answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.care import survey_actions, survey_mailing
from kundenstamm.care.models import Survey
from kundenstamm.care.survey_actions import Question
from kundenstamm.care.survey_figures import month, parts
from kundenstamm.care.survey_figures import satisfaction as figures
from kundenstamm.care.survey_queries import asked_of
from kundenstamm.customers.models import Assignment
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.today.answering import class_of, stages
from kundenstamm.web.care.survey_cards import row_of
from kundenstamm.web.care.survey_forms import AskForm
from kundenstamm.web.customers.serving_views import known_or_404
from kundenstamm.web.customers.sheet_views import customer_page
from kundenstamm.web.shell.requests import SignedInRequest, moment

SHOWN = 100


@require_POST
def ask(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Make the link, and show it this once; on its way by mail, if that was wished."""
    actor, at = request.user, moment()
    customer = known_or_404(request, key)
    form = AskForm(actor, customer, request.POST, auto_id="ask_%s")
    if not form.is_valid():
        return customer_page(request, key, form)
    told = form.cleaned_data
    if told.get("by_mail") and not (told["contact"] and told["contact"].email):
        form.add_error("contact", _("Choose a contact with a mail address."))
        return customer_page(request, key, form)
    question = Question(told["language"], told["question"], told["contact"])
    try:
        made, token = survey_actions.ask(customer, question, actor=actor, at=at)
    except ValidationError as refused:
        form.add_error(None, refused)
        return customer_page(request, key, form)
    path = reverse("feedback", args=[token])
    note_read("customer", [customer.pk], actor=actor, at=at)
    context = {
        "customer": customer, "survey": made, "link": request.build_absolute_uri(path),
        "mailed": _mailed(made, settings.SITE_URL + path, actor) if told.get("by_mail")
        else _("not sent"),
    }  # fmt: skip
    return render(request, "care/survey_link.html", context)


def _mailed(survey: Survey, link: str, actor: User) -> str:
    try:
        survey_mailing.send(survey, link, actor=actor, at=survey.asked_at)
    except OSError:
        return _("The mail server did not take it. Copy the link instead.")
    return _("on its way to %(name)s") % {"name": survey.contact or ""}


@require_POST
def revoke(request: SignedInRequest, key: UUID, survey: UUID) -> HttpResponse:
    """The link answers no more."""
    known = asked_of(request.user, [known_or_404(request, key).pk])
    found = get_object_or_404(known, key=survey)
    survey_actions.revoke(found, actor=request.user, at=moment())
    messages.success(request, _("Revoked. The link answers no more."))
    return redirect(reverse("customer", args=[key]) + "#service")


@require_safe
def satisfaction(request: SignedInRequest) -> HttpResponse:
    """The net promoter score over customers that one knows, and their answers."""
    actor, now = request.user, timezone.now()
    found = figures(actor, now)
    shown = found.answers[:SHOWN]
    note_read("satisfaction", [each.customer_id for each in shown], actor=actor, at=now)
    by_stage, serving = stages(actor), _serving(actor, found.answers)
    context = {
        "found": found, "rows": [row_of(each, actor) for each in shown],
        "shortened": len(found.answers) > SHOWN, "shown": SHOWN,
        "months": parts(found.answers, month)[::-1],
        "classes": parts(found.answers, class_of(actor)),
        "stages": parts(found.answers, lambda each: by_stage.get(each.customer_id, "–")),
        "people": parts(found.answers, lambda each: serving.get(each.customer_id, "–")),
        "keeps_classes": may(actor, Right.COMPANY), "tab": "satisfaction",
    }  # fmt: skip
    return render(request, "care/satisfaction.html", context)


def _serving(actor: User, answers: list[Survey]) -> dict[int, str]:
    """Who serves each customer that answered."""
    about: dict[str, Any] = {"customer__in": [each.customer_id for each in answers], "ends": None}
    found = Assignment.objects.visible_to(actor).filter(**about).order_by("starts", "pk")
    return dict(found.values_list("customer_id", "representative__name"))
