"""Which channels, campaigns and partners there are; how a customer came, and who sent whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from kundenstamm.acquisition import rules
from kundenstamm.acquisition.models import (
    Campaign,
    Channel,
    Origin,
    Partner,
    Referral,
    Spending,
    Touch,
)
from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import known_among
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run

USUAL = (
    Channel.Kind.ADVERTISING, Channel.Kind.PARTNERS, Channel.Kind.PERSONAL, Channel.Kind.SERVICE,
)  # fmt: skip
Direction = Referral.Direction


def channels() -> list[Channel]:
    """The four usual ones, also before their first use (without a key), then the company's own."""
    known = {each.code: each for each in Channel.objects.order_by("name", "pk")}
    usual = {kind.value: Channel(code=kind.value, kind=kind) for kind in USUAL}
    own = [each for code, each in known.items() if code not in usual]
    return [*(known.get(code, each) for code, each in usual.items()), *own]


def campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("channel").order_by("-starts", "name")


def spendings() -> QuerySet[Spending]:
    """All of them, the newest first."""
    related = Spending.objects.select_related("channel", "campaign", "pool", "recorded_by")
    return related.order_by("-day", "-pk")


def unclaimed(actor: User) -> QuerySet[Customer]:
    """Known customers whose records name a channel, and of whom nobody has told an origin."""
    return Customer.objects.visible_to(actor).filter(origin=None).exclude(channel="")


def unclaimed_names(actor: User) -> list[tuple[str, int]]:
    """How the records name channels, and how many customers have it; the most frequent first."""
    found = unclaimed(actor).order_by().values("channel").annotate(number=Count("pk"))
    return [(row["channel"], row["number"]) for row in found.order_by("-number", "channel")[:20]]


@dataclass(frozen=True)
class Coming:
    """How one customer came; ``sender`` is None also for one that the reader may not know."""

    origin: Origin | None
    touches: list[Touch]
    received: Referral | None
    sender: Customer | None


def coming(actor: User, customer: Customer) -> Coming:
    """What is known of it, in the order of time."""
    origins = Origin.objects.visible_to(actor).filter(customer=customer)
    touches = Touch.objects.visible_to(actor).filter(customer=customer)
    sent = Referral.objects.visible_to(actor).filter(
        customer=customer, direction=Direction.RECEIVED
    )
    received = sent.select_related("partner", "colleague", "thanked_by").first()
    senders = named(actor, [received] if received else [])
    return Coming(
        origins.select_related("channel", "campaign", "recorded_by").first(),
        list(touches.select_related("channel", "campaign")),
        received,
        senders.get(received.sender_id) if received and received.sender_id else None,
    )


def sent_by(actor: User, customer: Customer) -> list[Referral]:
    """Whom this customer has sent to us, of those the reader knows."""
    found = Referral.objects.visible_to(actor).filter(sender=customer)
    return list(found.select_related("customer").order_by("-day", "-pk"))


def numbered(actor: User | None, number: str) -> Customer | None:
    """The customer of a number, if the actor knows it."""
    keys = list(Customer.objects.filter(number=number).values_list("pk", flat=True))
    return known_among(actor, keys).first()


def named(actor: User, referrals: Iterable[Referral]) -> dict[int, Customer]:
    """Customers who sent others, by key: those that the reader knows."""
    asked = {each.sender_id for each in referrals if each.sender_id}
    if not asked:
        return {}
    return {each.pk: each for each in Customer.objects.visible_to(actor).filter(pk__in=asked)}


def not_to_pass_on(actor: User, customer: Customer) -> str | None:
    """Why nobody else may hear of a customer; None where a partner may, once it has agreed."""
    if customer.confidential:
        return _("This customer is confidential. Nobody outside may hear of it.")
    if contacts_of(actor, customer).exclude(objection="").exists():
        return _("A contact of this customer objects to being approached. Do not pass it on.")
    return None


def overdue(actor: User, today: date) -> list[Referral]:
    """Referrals we got and have not said thanks for in time, the oldest first."""
    found = Referral.objects.visible_to(actor).filter(
        direction=Direction.RECEIVED, thanked_on=None, day__lt=today - rules.THANKS,
        customer__withdrawn=False,
    )  # fmt: skip
    return list(found.select_related("customer", "partner", "colleague").order_by("day", "pk"))


@dataclass(frozen=True)
class Exchange:
    """With one partner: who came from them, who went, and what it brought and took.

    ``brought`` is contribution II of 12 months of those who came, ``expected`` that of the next 12.
    """

    partner: Partner
    received: list[Referral]
    given: list[Referral]
    brought: Decimal
    expected: Decimal
    thanks: Decimal
    worth: Decimal
    overdue: int


def exchanges(actor: User, today: date, partner: Partner | None = None) -> list[Exchange]:
    """With each partner, or with one; of customers that the actor knows. Best ones first."""
    partners = list(Partner.objects.filter(pk=partner.pk) if partner else Partner.objects.all())
    known = Referral.objects.visible_to(actor).filter(
        partner__in=partners, customer__withdrawn=False
    )
    found = defaultdict(list)
    for each in known.select_related("customer", "thanked_by").order_by("-day", "-pk"):
        found[each.partner_id].append(each)
    brings = _brings(actor, [each.customer_id for each in known])
    made = [_exchange(each, found[each.pk], brings, today) for each in partners]
    return sorted(made, key=lambda each: -each.brought)


def _exchange(
    partner: Partner, of: list[Referral], brings: dict[int, tuple[Decimal, Decimal]], today: date
) -> Exchange:
    received = [each for each in of if each.direction == Direction.RECEIVED]
    given = [each for each in of if each.direction == Direction.GIVEN]
    nothing = (Decimal(0), Decimal(0))
    sums = [brings.get(each.customer_id, nothing) for each in received]
    return Exchange(
        partner, received, given,
        sum((each[0] for each in sums), Decimal(0)), sum((each[1] for each in sums), Decimal(0)),
        sum((each.thanks_cost for each in received), Decimal(0)),
        sum((each.worth for each in given if each.worth is not None), Decimal(0)),
        sum(rules.thanks_overdue(each.day, each.thanked_on, today) for each in received),
    )  # fmt: skip


def _brings(actor: User, customers: Iterable[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """By customer: contribution II of 12 months, and what is expected of the next 12."""
    found = Estimate.objects.visible_to(actor).filter(
        Q(run=latest_run()), customer__in=set(customers)
    )
    rows = found.values_list("customer", "year_contribution_2", "expected_contribution")
    return {pk: (year, expected or Decimal(0)) for pk, year, expected in rows}
