"""A partner and a channel whose names are attacks, and the address of the partner's page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner, Referral, Touch
from kundenstamm.guard.models import User
from kundenstamm.web.tests.conftest import NASTY


def page_of_partner(customer):
    """A partner that is an attack has sent the customer, on a channel that is one, too."""
    found = Partner.objects.first()
    if found is None:
        day = date(2020, 1, 1)
        by = {"recorded_by": User.objects.first(), "recorded_at": customer.created_at}
        found = Partner.objects.create(name=NASTY, trade=NASTY[:100])
        channel = Channel.objects.create(name=NASTY)
        told = {"channel": channel, "customer": customer, **by}
        Campaign.objects.create(channel=channel, name=NASTY, audience=NASTY, starts=day)
        Touch.objects.create(day=day, **told)
        Origin.objects.create(said="customer", **told)
        Referral.objects.create(
            customer=customer, direction="received", partner=found, day=day, **by
        )
    return reverse("partner", args=[found.key])
