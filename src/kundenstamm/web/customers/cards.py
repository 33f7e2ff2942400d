"""Cards of the customer's page: what happened, what was agreed, who serves it; with forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.care import complaint_queries
from kundenstamm.customers.models import Assignment, Grant
from kundenstamm.customers.queries import grants_of
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.queries import Sheet
from kundenstamm.web.acquisition.cards import coming_card
from kundenstamm.web.care.complaint_cards import complaints_card
from kundenstamm.web.care.survey_cards import Known, service_card
from kundenstamm.web.care.task_cards import tasks_card
from kundenstamm.web.care.timeline_card import care_card
from kundenstamm.web.customers.forms import AssignForm, EndForm, GrantForm
from kundenstamm.web.decisions.cards import proposals_card
from kundenstamm.web.playbooks.cards import playbook_card
from kundenstamm.web.pursuits.cards import pursuit_card
from kundenstamm.web.relations.cards import holding_card
from kundenstamm.web.terms.cards import terms_card
from kundenstamm.web.today.cards import step_card

A_MOMENT = timedelta(microseconds=1)


def cards(
    actor: User, sheet: Sheet, sent: forms.Form | None = None, kind: str = ""
) -> dict[str, Any]:
    """What the cards show; ``sent`` is a form that came back with errors, ``kind`` what is about to
    be recorded."""
    complaints = list(complaint_queries.of_customer(actor, sheet.customer).by_deadline())
    read = Known(sheet.contacts, complaints)
    return {
        "serve": _serve(sheet, sent) if may(actor, Right.ASSIGN) else None,
        "next": step_card(actor, sheet.customer, sheet.contacts),
        "happened": care_card(actor, sheet.customer, sheet.contacts, sent, kind),
        "complaints": complaints_card(complaints),
        "service": service_card(actor, sheet.customer, read, sent),
        "tasks": tasks_card(actor, sheet.customer, sent),
        "playbook": playbook_card(actor, sheet, sent),
        "pursuit": pursuit_card(actor, sheet),
        "coming": coming_card(actor, sheet.customer, sent),
        "holding": holding_card(actor, sheet.customer, sent),
        "terms": terms_card(actor, sheet.customer, sent),
        "proposals": proposals_card(actor, sheet.customer),
        "knowing": _knowing(actor, sheet, sent) if may(actor, Right.GRANT) else None,
    }


def _serve(sheet: Sheet, sent: forms.Form | None) -> dict[str, Any]:
    """A form that hands over, and one per assignment that lasts, which ends it."""
    today = timezone.localdate()
    lasting = [each for each in sheet.assignments if each.ends is None or each.ends >= today]
    again = AssignForm(initial={"starts": today}, auto_id="assign_%s")
    return {
        "form": sent if isinstance(sent, AssignForm) else again,
        "ends": [
            {"of": each, "planned": each.starts > today, "form": _end(each, sent, n)}
            for n, each in enumerate(lasting)
        ],
        "open": isinstance(sent, AssignForm | EndForm),
    }


def _end(assignment: Assignment, sent: forms.Form | None, number: int) -> forms.Form:
    told = {
        "representative": assignment.representative.code,
        "starts": assignment.starts.isoformat(),
    }
    if isinstance(sent, EndForm) and all(sent[name].value() == told[name] for name in told):
        return sent
    return EndForm(initial=told | {"ends": timezone.localdate()}, auto_id=f"end{number}_%s")


def _knowing(actor: User, sheet: Sheet, sent: forms.Form | None) -> dict[str, Any]:
    """To whom the customer is opened or closed now, and a form for one more."""
    found = grants_of(actor, sheet.customer, at=timezone.now())
    return {
        "rows": [{"grant": grant, "until": _last_day(grant)} for grant in found],
        "form": sent if isinstance(sent, GrantForm) else GrantForm(auto_id="grant_%s"),
        "open": isinstance(sent, GrantForm),
    }


def _last_day(grant: Grant) -> Any:
    """A grant until midnight holds on the day before."""
    return timezone.localdate(grant.ends_at - A_MOMENT) if grant.ends_at else None
