"""Jobs carry plain values, as they wait in a table, and call one action."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from kundenstamm.company.models import CompanyProfile
from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.jobs import nightly, value
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries import latest_run
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post


@pytest.mark.django_db
def test_valuing_as_a_job(frieda):
    customers("A")
    waiting = {"as_of": AS_OF.isoformat(), "actor": frieda.pk, "at": AT.isoformat()}
    value(**json.loads(json.dumps(waiting)))
    run = latest_run()
    assert (run.as_of, run.actor, run.made_at, run.customers) == (AS_OF, frieda, AT, 1)


def _at(hour, day=date(2026, 3, 5)):
    """What the worker hands to a periodic job: seconds, of an hour in UTC."""
    return int(datetime(day.year, day.month, day.day, hour, 10, tzinfo=UTC).timestamp())


@pytest.mark.django_db
def test_once_a_night_by_the_companys_clock(frieda):
    CompanyProfile.objects.create(pk=1, time_zone="America/New_York")
    [bakery] = customers("A")
    post(frieda, [(bakery, AS_OF, EntryKind.SALE, 100)])
    days = []
    for hour in (5, 7, 8, 9, 23):
        nightly(_at(hour))
        days.append(list(ValuationRun.objects.values_list("as_of", flat=True)))
    assert days == [[], [], *[[date(2026, 3, 5)]] * 3]
    assert latest_run().actor == frieda


@pytest.mark.django_db
def test_a_night_without_a_ledger_values_nothing(frieda):
    customers("A")
    nightly(_at(4))
    assert not ValuationRun.objects.exists()


@pytest.mark.django_db
def test_books_of_the_past_are_valued_once_as_of_their_end(frieda):
    [bakery] = customers("A")
    post(frieda, [(bakery, date(2024, 5, 3), EntryKind.SALE, 100)])
    nightly(_at(4))
    nightly(_at(4, date(2026, 3, 6)))
    assert [run.as_of for run in ValuationRun.objects.all()] == [date(2024, 5, 3)]


def test_the_worker_knows_of_the_night():
    from procrastinate.contrib.django import app

    periodic = {task.name for task, _id in _periodic(app)}
    assert "kundenstamm.lifecycle.jobs.nightly" in periodic


def _periodic(app):
    return [(each.task, each.periodic_id) for each in app.periodic_registry.periodic_tasks.values()]
