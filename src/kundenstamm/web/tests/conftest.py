"""A small company behind the pages, loaded as a person would load it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kundenstamm.acquisition.preparing import prepare_due as prepare_growth
from kundenstamm.customers.models import Assignment, Contact, Representative
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish
from kundenstamm.worth.synthetic import sample_company
from tests.uncommitted import kept_for_module

NASTY = '<script>alert(1)</script> & "Söhne" {{ 7|add:7 }}'


@pytest.fixture
def frieda(db):
    return owner()


def owner():
    return ensure_owner(at=timezone.now(), email="frieda@example.com", name="Frieda")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The company, for all tests of a module: those without it belong to another module."""
    path = tmp_path_factory.mktemp("company") / "sales.csv"
    yield from kept_for_module(django_db_blocker, lambda: load_company(path))


@pytest.fixture
def company(loaded, db):
    return loaded


def load_company(path):
    """Forty customers of a year; the first one's name is an attack."""
    frieda = owner()
    made = sample_company(timezone.localdate(), customers=40, years=1)
    file = made.sales_file()
    nasty = file["Kunde"].replace(file["Kunde"][0], NASTY)
    file.with_columns(nasty).write_csv(path, separator=";")
    loaded = actions.load(Wish(path), actor=frieda, at=timezone.now())
    prepare_growth(actor=frieda, at=timezone.now())
    return loaded


@pytest.fixture
def signed_in(client, frieda):
    """Frieda's session."""
    client.force_login(frieda)
    return client


@pytest.fixture
def serving(db):
    """Make who serves a customer: Anna, with Hanno in her team; Bernd knows nobody."""

    def made(customer):
        at = timezone.now()
        roles = {"Anna": Role.REPRESENTATIVE, "Bernd": Role.REPRESENTATIVE, "Hanno": Role.SERVICE}
        people = {
            name: User.objects.create(
                email=f"{name}@example.com".lower(), name=name, role=role, created_at=at
            )
            for name, role in roles.items()
        }
        code = Representative.objects.create(code="A", name="Anna", user=people["Anna"])
        since = timezone.localdate(at) - timedelta(days=9)
        Assignment.objects.create(customer=customer, representative=code, starts=since)
        Team.objects.create(name="Nord").members.set([people["Anna"], people["Hanno"]])
        return people

    return made


@pytest.fixture
def work():
    """What the background worker would do with the jobs that wait."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    done = set()

    def working():
        for job in ProcrastinateJob.objects.exclude(pk__in=done).order_by("pk"):
            done.add(job.pk)
            app.tasks[job.task_name](**job.args)

    return working


def attacking_contact(customer):
    """One whose every word is an attack."""
    made = Contact.objects.filter(customer=customer).first()
    if made is None:
        made = Contact(customer=customer, name=NASTY, function=NASTY[:100], salutation=NASTY[:100])
        made.put("best_time", NASTY)
        made.put("mention", NASTY)
        made.save()
    return made
