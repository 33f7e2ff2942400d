"""A wholesaler, two dealers, three end customers; one of them is supplied by both dealers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import Assignment, ChainLink, Customer, Link, Representative
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, User
from kundenstamm.ledger.models import EntryKind, Source
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.tests.books import AS_OF, AT, post

NAMES = ("Gross", "Ahrens", "Benn", "Café", "Dom", "Eck")
LINKS = (
    ("Gross", "Ahrens"), ("Gross", "Benn"), ("Ahrens", "Café"), ("Ahrens", "Dom"),
    ("Benn", "Dom"), ("Benn", "Eck"),
)  # fmt: skip
# A cent that no share divides evenly, and a loss.
SOLD = {"Gross": "900.01", "Ahrens": "100.1", "Benn": "10", "Café": "20.01", "Dom": "100"}
ACTIVE = {"Gross": 0.99, "Ahrens": 0.9, "Benn": 0.5, "Café": 0.9, "Dom": 0.9}
EXPECTED = {"Gross": 900, "Ahrens": 300, "Benn": 40, "Café": 20, "Dom": 100}
A_MONTH = timedelta(days=30)


@dataclass
class World:
    frieda: User
    anna: User
    doris: User
    of: dict[str, Customer] = field(default_factory=dict)

    def ledger(self, *names: str) -> Decimal:
        """Contribution III of the year, as the ledger's own lines say it."""
        from django.db.models import Sum

        from kundenstamm.ledger.models import Line

        lines = Line.objects.filter(customer__name__in=names or NAMES)
        return lines.aggregate(of=Sum("amount"))["of"] or Decimal(0)


@pytest.fixture
def world(db):
    frieda = ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
    anna, doris = (
        User.objects.create(email=f"{name}@example.com", name=name, role=role, created_at=AT)
        for name, role in (("Anna", Role.REPRESENTATIVE), ("Doris", Role.CONTROLLER))
    )
    made = World(frieda, anna, doris)
    roles = dict(zip(NAMES, ("wholesaler", "dealer", "dealer", *["end_customer"] * 3), strict=True))
    for name in NAMES:
        made.of[name] = Customer.objects.create(
            number=name, name=name, link=Link(roles[name]), created_at=AT
        )
    for upper, lower in LINKS:
        ChainLink.objects.create(upstream=made.of[upper], downstream=made.of[lower])
    lines = [
        (made.of[name], AS_OF - A_MONTH, EntryKind.SALE, amount) for name, amount in SOLD.items()
    ]
    post(frieda, [*lines, (made.of["Benn"], AS_OF, EntryKind.VISIT, "-60")])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    for name, p_active in ACTIVE.items():
        Estimate.objects.filter(customer=made.of[name]).update(
            p_active=p_active, expected_contribution=EXPECTED[name]
        )
    reported(made, "Ahrens", "Dom", 300)
    reported(made, "Benn", "Dom", 100)
    reported(made, "Benn", "Eck", 400)
    code = Representative.objects.create(code="A", name="Anna", user=anna)
    Assignment.objects.create(customer=made.of["Benn"], representative=code, starts=AS_OF - A_MONTH)
    as_somebody(frieda)
    return made


def reported(world: World, dealer: str, end: str, amount: int, line: int | None = None) -> None:
    source, _made = Source.objects.get_or_create(name="Reports")
    SellThrough.objects.create(
        dealer=world.of[dealer], end_customer=world.of[end], first_day=AS_OF - A_MONTH,
        last_day=AS_OF, amount=amount, source=source, document=f"{dealer} {end}", line=line or 1,
    )  # fmt: skip


def as_somebody(person: User, day: date = AS_OF) -> None:
    name_actor(person, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kundenstamm.day', %s, true)", [day.isoformat()])
