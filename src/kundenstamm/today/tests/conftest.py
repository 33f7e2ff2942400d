"""The cast, customers of Anna and Bernd, and steps as the job would have prepared them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.today.models import Step

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served", "stepped"]


def stepped(customer, cost="70", cause="late", minutes=15, **told):
    said = {"msgid": "A rival was seen {seen} days ago.", "params": {"seen": 3}}
    values = {"reason": said, "value_class": "A", "allowed": 30, "silence": 60, "p_now": 0.5} | told
    return Step.objects.create(
        customer=customer, as_of=TODAY, cost_of_waiting=Decimal(cost), cause=cause,
        minutes=minutes, **values,
    )  # fmt: skip


@pytest.fixture
def ahorn(codes):
    found = served("Ahorn", (codes["Anna"], -365, None))
    stepped(found)
    return found


@pytest.fixture
def birke(codes):
    """Bernd's."""
    found = served("Birke", (codes["Bernd"], -365, None))
    stepped(found, "90")
    return found
