"""How every customer of the cast came, and who was sent by whom."""

from __future__ import annotations

from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner, Referral, Touch
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from tests.wall.days import AT, TODAY


def come(frieda: User) -> None:
    """Everybody was touched, told where it comes from, sent by the one before and sent on."""
    fair = Channel.objects.create(name="Messe")
    Campaign.objects.create(channel=fair, name="Frühjahr", starts=TODAY)
    partner = Partner.objects.create(name="Planungsbüro", trade="Planung")
    by = {"recorded_by": frieda, "recorded_at": AT}
    sent = {"direction": "received", "day": TODAY.replace(year=TODAY.year - 1), **by}
    before = None
    for n, customer in enumerate(Customer.objects.order_by("pk")):
        Touch.objects.create(customer=customer, channel=fair, day=TODAY, **by)
        Origin.objects.create(customer=customer, channel=fair, said="customer", **by)
        # Each third came by the partner, the others were sent by customers of whoever.
        giver = {"partner": partner} if before is None or n % 3 == 0 else {"sender": before}
        Referral.objects.create(customer=customer, **giver, **sent)
        Referral.objects.create(
            customer=customer, partner=partner, direction="given", consent_on=TODAY, day=TODAY,
            worth=5, **by,
        )  # fmt: skip
        before = customer
