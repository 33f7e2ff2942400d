"""States, reasons, limits and months, as plain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kundenstamm.pursuits import models, rules
from kundenstamm.pursuits.models import State
from kundenstamm.pursuits.rules import Watched
from kundenstamm.worth.pursuit.plan import Plan
from kundenstamm.worth.pursuit.verdict import Verdict


def test_verdicts_are_those_of_the_core():
    assert set(models.Verdict.values) == {each.value for each in Verdict}


def test_every_state_leads_somewhere_and_is_reached():
    assert set(rules.LEADS_TO) == set(State)
    assert {to for ways in rules.LEADS_TO.values() for to in ways} == set(State)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "expected"),
    [
        ("considering", "go", "go", False),
        ("considering", "go", "smaller", False),
        ("considering", "go", "later", True),
        ("considering", "go", "no", True),
        ("parked", "go", "no", True),
        ("go", "negotiating", "no", False),
        ("negotiating", "won", "no", False),
        ("considering", "parked", "go", True),
        ("negotiating", "lost", "go", True),
        ("lost", "considering", "no", False),
    ],
)
def test_what_needs_a_reason(before, after, verdict, expected):
    assert rules.needs_reason(before, after, verdict) is expected


@pytest.mark.parametrize(
    ("spent", "limit", "state"),
    [
        (0, None, ""), (900, None, ""), (0, 0, ""), (1, 0, "over"), (0, -5, ""),
        (79, 100, ""), (80, 100, "nearly"), (100, 100, "nearly"), (101, 100, "over"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_limit(spent, limit, state):
    told = Watched(Decimal(spent), None if limit is None else Decimal(limit))
    assert told.state == state


@pytest.mark.parametrize("ramp", [1, 2, 5, 12, 18])
def test_the_first_year_is_the_plans(ramp):
    """Twin of the core's own months."""
    plan = Plan(120_000, 0.6, ramp=ramp)
    promised = sum(plan.growing()[:12]) * 10_000
    assert float(rules.first_year(Decimal(120_000), ramp)) == pytest.approx(promised)


def test_months_go_over_the_year():
    assert rules.month_after(date(2026, 11, 1), -11) == date(2025, 12, 1)
    assert rules.months_between(date(2026, 11, 1), date(2028, 1, 1)) == 14
    assert rules.coming(date(2026, 12, 31)) == date(2027, 1, 1)
