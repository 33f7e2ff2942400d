"""Steps as pages show them: with their reasons in words, evidence and the forms to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.customers.speaking import Partner, partner
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.rules import sentence
from kundenstamm.today import queries, rules
from kundenstamm.today.models import Answer, Cause, Step
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.today.forms import (
    DoneForm,
    Fresh,
    GiveForm,
    NotNowForm,
    Options,
    colleagues,
    fresh,
    options,
)
from kundenstamm.worth.care import causes

# What a reason is about, by its template.
ABOUT = {
    causes.NEGLECT: Cause.NEGLECT, causes.NEVER: Cause.NEGLECT,
    causes.NEGLECT_OF_PLACE: Cause.NEGLECT, causes.NEVER_OF_PLACE: Cause.NEGLECT,
    causes.DRIFT: Cause.DRIFT,
    causes.UNANSWERED: Cause.COMPLAINT, causes.UNSOLVED: Cause.COMPLAINT,
    causes.RIVAL: Cause.RIVAL, causes.DETRACTED: Cause.DETRACTOR, causes.THINNING: Cause.THINNING,
    causes.ENDING: Cause.EXPIRY, causes.ENDED: Cause.EXPIRY,
    causes.UNCOVERED: Cause.COVER, causes.ALONE: Cause.COVER,
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """A sentence and the page that it rests on."""

    words: str
    href: str


@dataclass(frozen=True)
class Row:
    """A step with all that the page tells of it; ``sent``: the form that came back with errors."""

    of: Step
    about: queries.About
    reasons: list[Reason]
    fresh: Fresh | None
    sent: Form | None

    @property
    def sent_as(self) -> str:
        """Which of the answers came back."""
        kinds = ((DoneForm, "done"), (NotNowForm, "later"), (GiveForm, "give"))
        return next((name for kind, name in kinds if isinstance(self.sent, kind)), "")

    @cached_property
    def partner(self) -> Partner | None:
        """Told where the one to turn to first has objected."""
        return partner(self.about.contacts, asked_us=self.of.cause == Cause.COMPLAINT)

    @property
    def way(self) -> str:
        if self.partner is not None and self.partner.instead is None:
            return _("Do not call")
        if self.of.cause == Cause.COMPLAINT:
            return _("Settle the complaint")
        if self.of.cause == Cause.COVER:
            return _("Joint visit")
        return _("Visit") if rules.usual_way(self.of.cause) == "visit" else _("Call")


@dataclass(frozen=True)
class Answered:
    """What the reader answered today."""

    of: Answer
    because: str
    may_undo: bool


def rows(
    actor: User, steps: Sequence[Step], today: date, sent: Mapping[int, Form] | None = None
) -> list[Row]:
    """``sent``: by customer, a form that was sent and has errors."""
    told = queries.about(actor, [each.customer_id for each in steps], today)
    choices = options(colleagues(actor) if may(actor, Right.RECORD) else {})
    currency = profile().currency
    return [
        _row(actor, each, told[each.customer_id], number, choices, today, currency, sent or {})
        for number, each in enumerate(steps)
    ]


def row(actor: User, step: Step, today: date, contacts: list[Contact], *, answers: bool) -> Row:
    """One step on its customer's own page, which tells the rest itself and knows the contacts."""
    choices = options(colleagues(actor) if answers and may(actor, Right.RECORD) else {})
    about = queries.About(None, [], contacts)
    made = _row(actor, step, about, 0, choices, today, profile().currency, {})
    return made if answers else replace(made, fresh=None)


def _row(
    actor: User, step: Step, about: queries.About, number: int, choices: Options,
    today: date, currency: str, sent: Mapping[int, Form],
) -> Row:  # fmt: skip
    told = [step.reason, *step.further]
    reasons = [Reason(_words(each, currency), _evidence(each, step.customer)) for each in told]
    begins = None
    if may(actor, Right.RECORD):
        begins = fresh(step.cause, reasons[0].words, number, choices, today)
    return Row(step, about, reasons, begins, sent.get(step.customer_id))


def answered_rows(actor: User, today: date) -> list[Answered]:
    plain = reads(actor)
    return [
        Answered(each, opened(each, "because", plain=plain), queries.may_undo(each))
        for each in queries.answered(actor, today)
    ]


def _words(reason: Mapping[str, Any], currency: str) -> str:
    return sentence(reason, get_language() or "de", currency)


def _evidence(reason: Mapping[str, Any], customer: Customer) -> str:
    """Where one sees for oneself what a sentence says."""
    cause, page = ABOUT.get(reason["msgid"], Cause.LATE), reverse("customer", args=[customer.key])
    if cause == Cause.EXPIRY:
        return f"{page}#terms"
    if cause == Cause.THINNING:
        return reverse("entries", args=[customer.key])
    if cause == Cause.LATE:
        return f"{page}#buying"
    if cause == Cause.COMPLAINT:
        return f"{page}#complaints"
    if cause == Cause.COVER:
        return f"{page}#holding"
    if cause == Cause.DETRACTOR:
        return f"{page}#service"
    return reverse("interactions", args=[customer.key])
