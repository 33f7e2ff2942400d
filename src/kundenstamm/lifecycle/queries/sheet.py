"""Everything one customer's page shows, in a number of queries that no customer raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kundenstamm.customers.contacts import Contact
from kundenstamm.customers.models import Assignment, ChainLink, Customer
from kundenstamm.customers.queries import known_customer, serving_now_and_before, stars_of
from kundenstamm.customers.revealing import contacts_of
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.lifecycle.frames.rhythm import active_curve
from kundenstamm.lifecycle.models import Estimate, StageChange, ValuationRun
from kundenstamm.lifecycle.queries.comparing import Comparable, comparable
from kundenstamm.lifecycle.queries.purchases import Day, Documents, documents, purchase_days
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.rules import BRIDGE, Step

SHOWN_NEIGHBOURS = 20


@dataclass(frozen=True)
class Sheet:
    """``estimate`` is missing before the first run that knows the customer; then so is the rest.

    ``suppliers`` stand above the customer in the chain, ``supplied`` below: the first twenty.
    """

    customer: Customer
    run: ValuationRun | None
    estimate: Estimate | None
    comparable: Comparable | None
    bridge: list[Step]
    days: list[Day]
    p_active: list[tuple[date, float]]
    documents: Documents
    stages: list[StageChange]
    contacts: list[Contact]
    assignments: list[Assignment]
    suppliers: list[Customer]
    supplied: list[Customer]
    # Whether the actor sees everybody: only then ranks are shown.
    whole: bool
    # By the actor: stars are everybody's own.
    starred: bool


def customer_sheet(actor: User, key: UUID, today: date) -> Sheet | None:
    """The customer behind a public key; None where there is none or none for ``actor``.

    ``today``: of the chain, the links that hold then.
    """
    customer = known_customer(actor, key)
    if customer is None:
        return None
    run = latest_run()
    whole = sees_whole_base(actor)
    estimate = Estimate.objects.visible_to(actor).filter(run=run, customer=customer).first()
    days = purchase_days(actor, customer)
    return Sheet(
        customer=customer,
        run=run,
        estimate=estimate,
        comparable=comparable(actor, run, customer, estimate) if run and estimate else None,
        whole=whole,
        starred=stars_of(actor).filter(customer=customer).exists(),
        bridge=_bridge(estimate),
        days=days,
        p_active=_curve(run, days),
        documents=documents(actor, customer),
        stages=list(_of(StageChange, actor, customer).order_by("-id")),
        contacts=list(contacts_of(actor, customer).standing()),
        assignments=serving_now_and_before(actor, customer),
        suppliers=_neighbours(actor, "upstream", today, downstream=customer),
        supplied=_neighbours(actor, "downstream", today, upstream=customer),
    )


def _of(model, actor: User, customer: Customer):  # type: ignore[no-untyped-def]
    return model.objects.visible_to(actor).filter(customer=customer)


def _bridge(estimate: Estimate | None) -> list[Step]:
    if estimate is None:
        return []
    return [
        Step(name, label, getattr(estimate, f"year_{name}"), is_subtotal)
        for name, label, is_subtotal in BRIDGE
    ]


def _curve(run: ValuationRun | None, days: list[Day]) -> list[tuple[date, float]]:
    if run is None:
        return []
    occasions = [day.day for day in days if day.is_occasion]
    return active_curve(run.models_fitted, occasions, run.as_of)


def _neighbours(actor: User, side: str, today: date, **end: Customer) -> list[Customer]:
    links = ChainLink.objects.on(today).filter(**end).values(side)
    visible = Customer.objects.visible_to(actor).filter(pk__in=links)
    return list(visible.order_by("sort_name", "id")[:SHOWN_NEIGHBOURS])
