"""The cast, a customer of Anna's with a contact, and a way to record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kundenstamm.care.actions import Happening, record
from kundenstamm.customers.models import Contact
from kundenstamm.customers.tests.conftest import (
    AT,
    as_the_site,
    codes,
    own_ring,
    people,
    served,
)

__all__ = ["AT", "as_the_site", "codes", "own_ring", "people", "served"]


@pytest.fixture
def ahorn(codes):
    return served("Ahorn", (codes["Anna"], -365, None))


@pytest.fixture
def birke(codes):
    """Bernd's."""
    return served("Birke", (codes["Bernd"], -365, None))


@pytest.fixture
def contact(ahorn):
    return Contact.objects.create(customer=ahorn, name="Frau Ahorn")


@pytest.fixture
def recorded(people, ahorn):
    """Record with Ahorn, an hour ago if nothing else is said."""

    def recording(kind="note", who="Anna", customer=ahorn, **told):
        told = {"happened_at": AT - timedelta(hours=1), "note": "Probe"} | told
        return record(customer, Happening(kind, **told), actor=people[who], at=AT)

    return recording
