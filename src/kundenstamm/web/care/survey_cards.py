"""Service quality beside value: how a customer judges us, and how long it waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.care.complaint_figures import Told, summed
from kundenstamm.care.models import Complaint, Survey
from kundenstamm.care.survey_actions import askable_from, surveys_of
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.care.complaint_settings import span
from kundenstamm.web.care.survey_forms import AskForm
from kundenstamm.web.care.words import opened, reads
from kundenstamm.worth.promoters import DETRACTS, PROMOTES


@dataclass(frozen=True)
class Known:
    """What the page has read of a customer already."""

    contacts: list[Contact]
    complaints: list[Complaint]


def service_card(
    actor: User, customer: Customer, about: Known, sent: forms.Form | None = None
) -> dict[str, Any]:
    """The last answer, waits of complaints, links that are open, and the form to ask."""
    now = timezone.now()
    surveys = surveys_of(actor, [customer.pk])
    answered = sorted(
        (each for each in surveys if each.answered_at and not each.complaint_id),
        key=lambda each: each.answered_at or now,
    )
    told = ([getattr(each, name) for name in Told._fields] for each in about.complaints)
    waits = summed("", [Told(*row) for row in told])
    asks = may(actor, Right.RECORD)
    return {
        "last": row_of(answered[-1], actor) if answered else None,
        "links": [
            each for each in surveys
            if not each.answered_at and (each.takes_answers(now) or each.waits_for_mail(now))
        ],
        "waits": waits, "answer": span(waits.answer.half), "solution": span(waits.solution.half),
        "asks": asks,
        "again": _again(surveys, now),
        "form": _form(actor, customer, about, sent) if asks else None,
        "open": isinstance(sent, AskForm),
    }  # fmt: skip


def row_of(survey: Survey, actor: User) -> dict[str, Any]:
    """An answer with its words, as far as the actor reads what was written about customers."""
    plain, score = reads(actor), survey.score or 0
    stage = "regular" if score >= PROMOTES else "lost" if score <= DETRACTS else ""
    return {
        "of": survey, "stage": stage,
        "said": opened(survey, "said", plain=plain),
        "remark": opened(survey, "remark", plain=plain),
    }  # fmt: skip


def _again(surveys: list[Survey], now: datetime) -> datetime | None:
    """When it may be asked again, if it may not be now."""
    again = askable_from(surveys, profile())
    return again if again is not None and again > now else None


def _form(actor: User, customer: Customer, about: Known, sent: forms.Form | None) -> forms.Form:
    if isinstance(sent, AskForm):
        return sent
    return AskForm(actor, customer, listed=about.contacts, auto_id="ask_%s")
