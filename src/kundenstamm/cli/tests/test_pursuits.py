"""The calendar of pools from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from kundenstamm.cli import pursuits
from kundenstamm.cli.main import app
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.serving.models import Pool

BEGINS = coming(timezone.localdate())


@pytest.fixture
def say(monkeypatch, db):
    monkeypatch.setattr(pursuits, "site", lambda: nullcontext())

    def command(*words):
        done = CliRunner().invoke(app(only="pursuits"), ["pursuits", "capacity", *words])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    return command


def test_without_pools_it_says_where_they_are_entered(say):
    assert "kundenstamm pool" in say()
    assert json.loads(say("--json"))["pools"] == []


def test_each_month_of_each_pool_in_hours_and_as_json_in_minutes(say):
    pool = Pool.objects.create(name="Lager")
    pool.months.create(
        month=month_after(BEGINS, -1), cost=3_000, theoretical_minutes=7_500, practical_share="0.8"
    )
    lines = say("--months", "2").splitlines()
    assert lines[:2] == ["Lager", "hours       capacity    served       won  pursuits      free"]
    assert lines[2].split() == [f"{BEGINS:%Y-%m}", "100.0", "0.0", "0.0", "0.0", "100.0"]
    [told] = json.loads(say("--months", "24", "--json"))["pools"]
    assert len(told["months"]) == 24
    assert told["months"][0] | {"month": ""} == {
        "month": "", "capacity": 6_000.0, "base": 0.0, "won": 0.0, "planned": 0.0,
        "needed": 0.0, "free": 6_000.0, "short": False,
    }  # fmt: skip
