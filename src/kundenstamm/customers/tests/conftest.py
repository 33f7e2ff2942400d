"""The cast, who serves customers, the wall in front of them, and a key ring of one's own."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard import keys
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.kit.postgres.roles import APP

AT = timezone.now()
TODAY = timezone.localdate(AT)
ROLES = {
    "Anna": Role.REPRESENTATIVE, "Bernd": Role.REPRESENTATIVE, "Doris": Role.CONTROLLER,
    "Emil": Role.AUDITOR, "Frieda": Role.OWNER, "Greta": Role.SALES_LEAD, "Hanno": Role.SERVICE,
    "Ida": Role.DATA_PROTECTION,
}  # fmt: skip


def day(offset):
    """So many days from today; None stays open."""
    return None if offset is None else TODAY + timedelta(days=offset)


@pytest.fixture
def people(db):
    """The cast; Greta leads Anna."""
    made = {
        name: User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role=role, created_at=AT
        )
        for name, role in ROLES.items()
    }
    Team.objects.create(name="Nord").members.set([made["Greta"], made["Anna"]])
    name_actor(None, at=AT)  # the day is today's, wherever the server's clock stands
    return made


@pytest.fixture
def codes(people):
    """Anna and Bernd have accounts, Carl has none."""
    return {
        name: Representative.objects.create(code=name[0], name=name, user=people.get(name))
        for name in ("Anna", "Bernd", "Carl")
    }


@pytest.fixture
def customer(codes):
    """Served by Anna for a year."""
    return served("Ahorn", (codes["Anna"], -365, None))


def served(name, *assignments):
    made = Customer.objects.create(number=f"Nr{name}", name=name, created_at=AT)
    for representative, starts, ends in assignments:
        Assignment.objects.create(
            customer=made, representative=representative, starts=day(starts), ends=day(ends)
        )
    return made


def record(customer):
    """Who serves a customer from when until when, in days from today."""
    return {
        (each.representative.name, (each.starts - TODAY).days, _offset(each.ends))
        for each in Assignment.objects.filter(customer=customer).select_related("representative")
    }


def _offset(ends):
    return None if ends is None else (ends - TODAY).days


def knows(person, customer):
    person = User.objects.get(pk=person.pk)
    return Customer.objects.visible_to(person).filter(pk=customer.pk).exists()


@contextmanager
def as_the_site(person):
    """In the database role of the site, on a person's behalf: both walls stand."""
    with transaction.atomic():
        name_actor(person, at=AT)
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APP}")
            yield
            cursor.execute("RESET ROLE")


@pytest.fixture
def frieda(db):
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def own_ring(db, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=timezone.now())
    return tmp_path / "keys.json"
