"""How every customer of the cast came, and who was sent by whom."""

from __future__ import annotations

from kundenstamm.acquisition.models import (
    Arrival,
    ArrivalCost,
    Campaign,
    Channel,
    Origin,
    Partner,
    Path,
    Referral,
    Touch,
    Touched,
)
from kundenstamm.acquisition.preparing import prepare_all
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
    prepare_all(actor=frieda, at=AT)
    _arrive()


def _arrive() -> None:
    """Everybody also has arrived, whenever the books began, took money, and was touched since."""
    nobody, _new = Path.objects.get_or_create(codes="")
    for customer in Customer.objects.filter(arrival=None):
        Arrival.objects.create(
            customer=customer, path=nobody, day=TODAY, regular=False, months=[], so_far=[],
            beyond=0, before=0,
        )  # fmt: skip
    for customer in Customer.objects.all():
        ArrivalCost.objects.get_or_create(
            customer=customer, month=TODAY.replace(day=1), defaults={"amount": 5}
        )
        Touched.objects.create(customer=customer)
