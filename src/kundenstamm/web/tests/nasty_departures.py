"""A departure whose reason, successor and sheet are attacks, with its pages' addresses."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Contact, Representative
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures.models import (
    Absence,
    Departure,
    HandoverLine,
    KnowledgeSheet,
    Point,
    WatchOpening,
)
from kundenstamm.departures.watching import ask, switch_to
from kundenstamm.guard.models import User
from kundenstamm.web.tests.conftest import NASTY


def pages_of_departure(customer):
    """In the state that shows most: the last hour is set, a choice was made, a sheet written."""
    made = Departure.objects.first() or _departure(customer)
    switch_to(True, 90, actor=made.opened_by, at=timezone.now())
    if not WatchOpening.objects.exists():
        ask(made.watch, NASTY, actor=made.opened_by, at=timezone.now())
    return {
        "watch": reverse("watch"),
        "departures": reverse("departures"),
        "absences": reverse("absences"),
        "departure": reverse("departure", args=[made.key]),
        "departure-letter": reverse("departure-letter", args=[made.key, customer.key, "de"]),
        "handover-sheets": reverse("handover-sheets"),
        "handover-sheet": reverse("handover-sheet", args=[made.sheets.get().key]),
    }


def _departure(customer):
    at, who = timezone.now(), User.objects.get(email="frieda@example.com")
    leaving = User.objects.create(
        email="weg@example.com", name=NASTY[:120], role="representative", created_at=at
    )
    Representative.objects.create(code="weg", name=NASTY[:120], user=leaving)
    heir = Representative.objects.create(code="erbin", name=NASTY[:110] + "2")
    made = Departure(
        person=leaving, state="notice", leaves_at=at + timedelta(days=9), opened_by=who,
        opened_at=at, rooms={str(heir.pk): 5},
    )  # fmt: skip
    made.put("because", NASTY)
    made.save()
    Point.objects.create(departure=made, what="rights")
    Absence.objects.create(
        person=leaving,
        deputy=who,
        starts=local_day(at),
        ends=local_day(at),
        entered_by=who,
        entered_at=at,
    )
    HandoverLine.objects.create(
        departure=made, customer=customer, value=10, at_risk=1, saves={str(heir.pk): 1},
        proposed=heir, chosen=heir, chosen_by=who,
    )  # fmt: skip
    contact = Contact.objects.filter(customer=customer).first() or Contact.objects.create(
        customer=customer, name=NASTY[:200]
    )
    sheet = KnowledgeSheet(
        departure=made, customer=customer, contact=contact, written_by=who, written_at=at
    )
    sheet.put("matters", NASTY)
    sheet.save()
    return made
