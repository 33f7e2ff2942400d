"""A colleague who speaks with a customer whose name is an attack, and somebody says so."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.relations.reckoning import reckon_all
from kundenstamm.web.tests.conftest import NASTY


def page_of_leaving(customer: Customer) -> str:
    frieda, at = User.objects.get(name="Frieda"), timezone.now()
    today = timezone.localdate(at)
    if not Correction.objects.exists():
        Interaction.objects.create(
            customer=customer, kind="visit", reached=True, happened_at=at, day=today,
            author=frieda, recorded_at=at,
        )  # fmt: skip
        reckon_all(today, actor=frieda, at=at)
        made = Correction(
            customer=customer, colleague=Colleague.objects.get(user=frieda), says="holds",
            day=today, by=frieda, at=at,
        )  # fmt: skip
        made.put("because", NASTY)
        made.save()
        reckon_all(today, actor=frieda, at=at)
    return reverse("leaving", args=[Colleague.objects.get(user=frieda).key])
