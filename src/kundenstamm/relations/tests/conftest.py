"""Anna's customer, one she shares with Bernd, one of Carl who has no account, a silent one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from kundenstamm.care.models import Interaction
from kundenstamm.customers.contacts import Contact
from kundenstamm.customers.models import Customer
from kundenstamm.customers.tests.conftest import (
    AT,
    TODAY,
    as_the_site,
    codes,
    people,
    served,
)
from kundenstamm.guard.models import User
from kundenstamm.ledger.models import Source
from kundenstamm.lifecycle.models import Estimate, ValuationRun

__all__ = ["AT", "TODAY", "World", "as_the_site", "codes", "people", "served", "spoke", "world"]

EXPECTED = {"Ahorn": 12_000, "Birke": 4_000, "Carex": 1_000, "Distel": 8_000, "Erle": -700}


@dataclass
class World:
    people: dict[str, User]
    of: dict[str, Customer] = field(default_factory=dict)
    contact: Contact | None = None


@pytest.fixture
def world(people, codes):
    made = World(people)
    for name, who in (("Ahorn", "Anna"), ("Birke", "Anna"), ("Carex", "Carl"), ("Distel", "Bernd"),
                      ("Erle", "Anna")):  # fmt: skip
        made.of[name] = served(name, (codes[who], -700, None))
    Customer.objects.update(region="Nord")
    made.contact = Contact.objects.create(customer=made.of["Ahorn"], name="Frau Ahorn")
    valued(made)
    for ago in (0, 90, 180):
        spoke(made.of["Ahorn"], people["Anna"], ago, contact=made.contact)
    spoke(made.of["Ahorn"], people["Bernd"], 400)
    spoke(made.of["Birke"], people["Anna"], 0)
    for ago in (0, 1, 2):
        spoke(made.of["Birke"], people["Bernd"], ago)
    spoke(made.of["Carex"], None, 30)
    spoke(made.of["Erle"], people["Anna"], 0)
    return made


def valued(world, **more):
    """A run with estimates as a valuation would leave them."""
    frieda = world.people["Frieda"]
    run = ValuationRun.objects.create(
        as_of=TODAY,
        actor=frieda,
        made_at=AT,
        finished_at=AT,
        customers=len(world.of),
        models_fitted={"usual_gap": None, "refusal": "too few"},
    )
    for rank, (name, customer) in enumerate(world.of.items(), 1):
        Estimate.objects.create(
            run=run, customer=customer, rank=rank, stage="regular", occasions=3,
            expected_contribution=(EXPECTED | more)[name],
        )  # fmt: skip
    return run


def spoke(customer, author, ago, *, kind="visit", reached=True, contact=None):
    """Somebody spoke so many days ago; without an author it came with a file."""
    source = None if author else Source.objects.get_or_create(name="Tagebuch")[0]
    number = Interaction.objects.count()
    return Interaction.objects.create(
        customer=customer, kind=kind, reached=reached, author=author, contact=contact,
        happened_at=AT - timedelta(days=ago), day=TODAY - timedelta(days=ago), recorded_at=AT,
        source=source, document=f"D{number}" if source else "", line=1 if source else None,
    )  # fmt: skip
