"""Pools, types of activity and the allocation from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from kundenstamm.cli import serving
from kundenstamm.cli.main import app
from kundenstamm.customers.models import Customer
from kundenstamm.ledger.models import Source
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.serving.models import Activity, ActivityType, DerivedFrom

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setattr(serving, "site", lambda: nullcontext())

    def command(words):
        said = words.split()
        done = CliRunner().invoke(app(only=said[0]), said)
        return done.exit_code, done.stdout, done.stderr

    return command


@pytest.fixture
def a_visit(say):
    assert say("pool Field --month 2026-05 --cost 3000 --minutes 600 --share 1")[0] == 0
    assert say("activity visit --pool Field --kind visit --minutes 40 --driver km=0.5")[0] == 0
    return Activity.objects.create(
        customer=Customer.objects.create(number="K1", name="K1", created_at=AT),
        type=ActivityType.objects.get(), date=date(2026, 5, 4), drivers={"km": 40},
        source=Source.objects.create(name="Diary"), document="D1",
    )  # fmt: skip


def test_a_month_is_allocated_told_and_valued(say, a_visit):
    status, told, _progress = say("allocate --month 2026-05")
    assert status == 0
    row = next(line for line in told.splitlines() if line.startswith("Field"))
    assert row.split() == ["Field", "3000.00", "600.00", "60.00", "300.00", "2700.00"]
    assert "1 new, 0 changed, 0 taken back, 0 unchanged; reversed: 0.00." in told
    assert ValuationRun.objects.count() == 1


def test_an_equation_holds_from_its_day_on(say, a_visit):
    words = "activity visit --pool Field --kind visit --minutes 50 --driver km=0.5 --from"
    status, told, _refused = say(f"{words} 2026-05-04")
    assert status == 0
    assert told == "visit: 50 + 0.5 per km minutes, done by Field, from 2026-05-04 on.\n"
    say(f"{words} 2026-05-05".replace("50", "90"))
    found = json.loads(say("allocate --month 2026-05 --json")[1])
    assert found["charged"] == "350.0000"


def test_it_runs_again_and_tells_what_it_reversed(say, a_visit):
    say("allocate --month 2026-05")
    a_visit.minutes = 100
    a_visit.save()
    _status, told, _progress = say("allocate --month 2026-05 --json")
    found = json.loads(told)
    assert (found["version"], found["replaces"], found["changed"]) == (2, 1, 1)
    assert (found["reversed"], found["charged"]) == ("300.0000", "500.0000")


@pytest.mark.parametrize("way", [way.value for way in DerivedFrom if way])
def test_a_type_is_derived_from_what_is_recorded_or_sold(say, a_visit, way):
    words = f"activity made --pool Field --kind visit --minutes 50 --derived-from {way}"
    assert say(words)[0] == 0
    assert ActivityType.objects.get(code="made").derived_from == way
    say(words.replace(way, "nothing"))
    assert ActivityType.objects.get(code="made").derived_from == ""


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("allocate --month Mai", "no month"),
        ("allocate --month 2026-04", "2026-04"),
        ("pool Field --month 2026-05 --cost viel --minutes 1", "no number"),
        ("pool Field --month 2026-05 --cost NaN --minutes 1", "no number"),
        ("pool Field --month 2026-05 --cost -1 --minutes 1", "Enter nil or more"),
        ("activity x --pool Nobody --kind visit --minutes 1", "no pool Nobody"),
        ("activity x --pool Field --kind visit --minutes 1 --from gestern", "no day"),
        ("activity x --pool Nobody --kind sale --minutes 1", "no such kind"),
        ("activity x --pool Field --kind visit --minutes 1 --driver km", "no number"),
        ("activity x --pool Field --kind visit --minutes 1 --derived-from notes", "complaints"),
    ],
)
def test_what_cannot_be_is_refused(say, a_visit, words, reason):
    with override("en"):
        status, _told, refused = say(words)
    assert status == 1
    assert reason in refused
