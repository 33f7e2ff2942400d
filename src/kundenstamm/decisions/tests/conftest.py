"""One customer whom Anna serves, a year of its sales, and offers in few words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.decisions.actions import propose
from kundenstamm.decisions.offers import Offer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.ledger.actions import Document, post_lines

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
TODAY = date(2026, 7, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def people(db):
    """Anna and Bernd are representatives, Greta leads Anna, Hanno serves, Doris reckons."""
    roles = {"Anna": Role.REPRESENTATIVE, "Bernd": Role.REPRESENTATIVE, "Greta": Role.SALES_LEAD,
             "Hanno": Role.SERVICE, "Doris": Role.CONTROLLER}  # fmt: skip
    made = {
        name: User.objects.create(
            email=f"{name}@example.com".lower(), name=name, role=role, created_at=AT
        )
        for name, role in roles.items()
    }
    made["Frieda"] = ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
    Team.objects.create(name="Nord").members.set([made["Anna"], made["Greta"], made["Hanno"]])
    return made


@pytest.fixture
def customer(people):
    """A customer of Anna's."""
    found = sold_for_100_000(date(2026, 6, 1), actor=people["Frieda"], at=AT)
    code = Representative.objects.create(code="A", name="Anna", user=people["Anna"])
    Assignment.objects.create(customer=found, representative=code, starts=TODAY - 9 * A_DAY)
    return found


def sold_for_100_000(day, *, actor, at):
    """A customer with one sale; goods are reckoned with the overall margin of 35 %."""
    lines = pl.DataFrame(
        [("K1", None, day, 10, Decimal(100_000), None, None, None, "D1", 1)],
        {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
         "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
         "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64},
        orient="row",
    )  # fmt: skip
    post_lines(lines, Document("Shop"), actor=actor, at=at)
    return Customer.objects.get()


@pytest.fixture
def offer():
    """Terms for a year from tomorrow on; shares as text."""

    def made(**told):
        shares = ("rebate", "price", "service", "volume")
        told = {k: Decimal(v) if k in shares else v for k, v in told.items()}
        tiers = tuple((Decimal(a), Decimal(r)) for a, r in told.pop("tiers", ()))
        span = {"valid_from": TODAY + A_DAY, "valid_to": TODAY + 365 * A_DAY}
        return Offer(**(span | told), tiers=tiers)

    return made


@pytest.fixture
def proposed(people, customer, offer):
    """Somebody proposes to the customer."""

    def made(who="Anna", at=AT, **told):
        return propose(customer, offer(**told), reason="asked", actor=people[who], at=at)

    return made
