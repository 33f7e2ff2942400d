"""``kundenstamm value``: one JSON object that other programs rely on."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from kundenstamm.cli import sample, value
from kundenstamm.cli.main import app
from kundenstamm.cli.sample.growth import PROSPECTS
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.ledger.models import Line
from kundenstamm.lifecycle.models import Stage
from kundenstamm.worth.synthetic import sample_company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 18, tzinfo=UTC)
UNTIL = date(2026, 6, 30)


@pytest.fixture
def run_command(monkeypatch):
    """The command on the test's own database."""
    monkeypatch.setattr(value, "site", nullcontext)
    return lambda *words: CliRunner().invoke(app(only="value"), ["value", *words])


def test_the_object_says_what_the_run_says(run_command):
    company = sample_company(UNTIL, customers=40, years=1)
    sample.load(company, as_of=UNTIL, actor=ensure_owner(at=AT), at=AT)
    done = run_command("--as-of", "2026-06-30", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["as_of"] == "2026-06-30"
    assert found["customers"] == 40 + len(PROSPECTS) == sum(found["stages"].values())
    assert set(found["stages"]) == set(Stage.values)
    lines = company.lines()
    exact = lines.filter(lines["kind"] < 50)["amount"].sum()
    assert found["contribution_1"] == f"{exact:.2f}"
    for level, kinds in ((2, 60), (3, 70)):
        amounts = Line.objects.filter(kind__lt=kinds).values_list("amount", flat=True)
        assert found[f"contribution_{level}"] == f"{sum(amounts):.2f}"
    assert found["estimated_margin"] is False
    assert found["models"]["report"]["converged"]
    assert found["scored"] == 0


def test_models_are_fitted_anew_where_asked(run_command):
    company = sample_company(UNTIL, customers=40, years=1)
    run = sample.load(company, as_of=UNTIL, actor=ensure_owner(at=AT), at=AT)
    kept = json.loads(run_command("--as-of", "2026-07-01", "--json").stdout)
    assert kept["models"]["fitted_on"] == run.models_fitted["fitted_on"] == "2026-06-30"
    anew = run_command("--as-of", "2026-07-01", "--refit")
    n = 40 + len(PROSPECTS)
    assert f"{n} customers ({n} scored anew, models of 2026-07-01)" in anew.stdout
    assert "Lifetime value, 5 years at 10% a year: " in anew.stdout


def test_an_empty_base_says_why_nothing_is_expected(run_command):
    done = run_command("--as-of", "2026-06-30")
    assert done.exit_code == 0
    assert "No expectation: There is no customer" in done.stdout


def test_a_day_to_come_is_refused_with_the_mend(run_command):
    done = run_command("--as-of", "2999-01-01", "--json")
    assert done.exit_code == 1
    assert "Take today or earlier" in done.stderr
