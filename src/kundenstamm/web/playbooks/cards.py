"""The card of the customer's page: how far the playbook is, and a way to start or stop one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from kundenstamm.care import rules
from kundenstamm.care.models import Task
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle.queries import Sheet
from kundenstamm.playbooks import queries
from kundenstamm.web.care.words import opened, reads
from kundenstamm.web.playbooks.forms import StartForm, StopForm


def playbook_card(actor: User, sheet: Sheet, sent: forms.Form | None) -> dict[str, Any] | None:
    """What runs, or what ended last; None where there is neither one nor one to start."""
    found, records = queries.newest(actor, sheet.customer), may(actor, Right.RECORD)
    runs = found is not None and found.of.ended_at is None and found.progress.open > 0
    start = start_form(sheet.customer, sent, _stage(sheet)) if records and not runs else None
    if found is None and start is None:
        return None
    plain, today = reads(actor), timezone.localdate()
    return {
        "started": found,
        "runs": runs,
        "rows": [_row(each, plain, today) for each in found.tasks] if found else [],
        "because": opened(found.of, "because", plain=plain) if found else "",
        "links": records,
        "start": start,
        "stop": _again(sent, StopForm, StopForm(auto_id="stop_%s")) if records and runs else None,
        "open": isinstance(sent, StartForm | StopForm),
    }


def start_form(customer: Customer, sent: forms.Form | None, stage: str = "") -> StartForm | None:
    """Those of the customer's link, its stage chosen; None where none is switched on."""
    choices = queries.to_choose(customer.link)
    if not choices:
        return None
    own = next((str(each.pk) for each in choices if each.stage == stage), None)
    fresh = StartForm(choices, initial={"playbook": own}, auto_id="start_%s")
    return sent if isinstance(sent, StartForm) else fresh


def _stage(sheet: Sheet) -> str:
    return sheet.estimate.stage if sheet.estimate else ""


def _row(task: Task, plain: bool, today: Any) -> dict[str, Any]:
    late = not task.ended and rules.when_due(task.due, today) == "overdue"
    return {"of": task, "what": opened(task, "what", plain=plain), "overdue": late}


def _again(sent: forms.Form | None, kind: type[forms.Form], fresh: forms.Form) -> forms.Form:
    return sent if isinstance(sent, kind) else fresh
