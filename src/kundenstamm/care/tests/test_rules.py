"""What each kind of interaction means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.care import rules
from kundenstamm.care.models import Interaction
from kundenstamm.guard import normalising

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "said", "reached"),
    [
        ("visit", None, True), ("visit", False, True), ("support", None, True),
        ("complaint", False, True), ("call", True, True), ("call", False, False),
        ("call", None, False), ("mail", True, True), ("mail", None, False),
        ("note", True, False), ("rival", True, False),
    ],
)  # fmt: skip
def test_what_was_an_exchange(kind, said, reached):
    assert rules.is_reached(kind, said) is reached


def test_each_kind_is_in_one_group():
    groups = (rules.ALWAYS_REACHED, rules.MAY_REACH, rules.WRITTEN_DOWN)
    assert sorted(kind for group in groups for kind in group) == sorted(Interaction.Kind.values)


NOW = datetime(2026, 3, 29, 15, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("day", "at_time", "moment"),
    [
        (date(2026, 3, 29), None, "2026-03-29T13:30+00:00"),
        (date(2026, 3, 29), time(8), "2026-03-29T06:00+00:00"),
        (date(2026, 3, 28), None, "2026-03-28T11:00+00:00"),
        (date(2026, 3, 28), time(23, 59), "2026-03-28T22:59+00:00"),
    ],
)
def test_a_local_day_and_time_become_a_moment(day, at_time, moment):
    found = rules.moment_of(day, at_time, NOW)
    assert found.astimezone(UTC) == datetime.fromisoformat(moment)


@given(st.dates(date(2000, 1, 1), date(2026, 3, 28)), st.times())
def test_a_moment_has_the_day_that_was_entered(day, at_time):
    """Across time zones and the hour that a night in March leaves out."""
    found = rules.moment_of(day, at_time, NOW).astimezone(UTC).astimezone(BERLIN)
    assert found.date() == day


@given(st.text())
def test_spelling_twice_changes_nothing(text):
    once = normalising.one_spelling(text)
    assert normalising.one_spelling(once) == once
    assert normalising.one_spelling(f"  {text}\n") == once
