"""Tasks as pages show them: rows of one's day, and the card of the customer's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kundenstamm.care import rules, task_queries
from kundenstamm.care.models import Task
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.care.task_forms import TaskForm
from kundenstamm.web.care.words import opened, reads

SHOWN, ENDED = 50, 5
PARTS = {
    "overdue": _("Overdue"),
    "today": _("Today"),
    "week": _("This week"),
    "later": _("Later"),
}


@dataclass(frozen=True)
class Row:
    """A task as a list shows it; ``passed_on_by``: who handed it to its owner last."""

    of: Task
    what: str
    part: str
    passed_on_by: User | None

    @property
    def overdue(self) -> bool:
        return self.part == "overdue"


def rows(actor: User, found: Sequence[Task], today: date) -> list[Row]:
    plain = reads(actor)
    by = task_queries.passed_on(actor, found) if found else {}
    return [
        Row(
            each,
            opened(each, "what", plain=plain),
            rules.when_due(each.due, today),
            by.get(each.pk),
        )
        for each in found
    ]


def in_parts(found: Sequence[Row]) -> list[dict[str, Any]]:
    """What is overdue, today's, this week's and what comes later; parts without a row are left
    out."""
    return [
        {"name": part, "label": PARTS[part], "rows": list(those)}
        for part, those in groupby(found, key=lambda row: row.part)
    ]


def tasks_card(actor: User, customer: Customer, sent: forms.Form | None) -> dict[str, Any]:
    """What is to be done for a customer, and one line to add more."""
    found = task_queries.of_customer(actor, customer)
    open_ones, ended = list(found.still_open().by_due()[:SHOWN]), list(found.ended()[:ENDED])
    shown = rows(actor, [*open_ones, *ended], timezone.localdate())
    form = None
    if may(actor, Right.RECORD):
        begins = {"due": timezone.localdate(), "owner": actor.pk}
        again = TaskForm(initial=begins, auto_id="task_%s")
        form = sent if isinstance(sent, TaskForm) else again
    return {
        "rows": shown[: len(open_ones)],
        "ended": shown[len(open_ones) :],
        "form": form,
        "open": isinstance(sent, TaskForm),
    }
