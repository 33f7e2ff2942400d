"""Which windows of a history are predicted, by its length."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kundenstamm.worth.cutoffs import last_cutoffs, needed, suited

LAST = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("covered", "days", "windows"),
    [
        (2000, 365, 3),
        (1095, 365, 2),
        (1058, 365, 2),
        (1057, 182, 3),
        (527, 182, 2),
        (526, 91, 3),
        (263, 91, 2),
        (262, 30, 3),
        (87, 30, 2),
    ],
)
def test_the_longest_window_that_fits_twice(covered, days, windows):
    found = suited(LAST - timedelta(covered), LAST)
    assert found is not None
    assert found == (days, [LAST - timedelta(days * n) for n in range(1, windows + 1)])


def test_what_is_too_short_and_how_much_is_needed():
    assert suited(LAST - timedelta(needed() - 1), LAST) is None
    assert suited(LAST - timedelta(needed()), LAST) is not None
    assert suited(LAST, LAST) is None


@pytest.mark.parametrize(
    ("covered", "before", "windows"), [(400, 60, 3), (239, 60, 1), (149, 60, 0), (90, 0, 1)]
)
def test_cutoffs_with_so_much_history_before(covered, before, windows):
    found = last_cutoffs(LAST - timedelta(covered), LAST, 90, before)
    assert found == [LAST - timedelta(90 * n) for n in range(1, windows + 1)]
