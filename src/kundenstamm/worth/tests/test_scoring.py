"""Scores: what is refused, what is told beside, and how far it is."""

from __future__ import annotations

import polars as pl
import pytest

from kundenstamm.worth import backtest, score
from kundenstamm.worth.scoring import scored
from kundenstamm.worth.steps import CUSTOMERS, WINDOWS
from kundenstamm.worth.tests.test_backtesting import CUT, DAYS, SHOP


@pytest.mark.parametrize("days", [0, -5])
def test_no_days_ahead_are_refused_in_words(days):
    with pytest.raises(ValueError, match="1 day or more"):
        score(SHOP, CUT, days)
    with pytest.raises(ValueError, match="1 or more"):
        backtest(SHOP, [CUT], days, ["own_rate"])


def test_every_step_is_told_and_changes_nothing():
    heard = []
    found = scored(SHOP, CUT, DAYS, step=lambda *told: heard.append(told))
    looked = [told[1:] for told in heard if told[0] == WINDOWS]
    assert looked
    assert looked == [(number, len(looked)) for number in range(1, len(looked) + 1)]
    assert heard[-1] == (CUSTOMERS, found.table.height, found.table.height)
    assert "earlier windows" in str(found.why[0])
    assert found.table.equals(score(SHOP, CUT, DAYS))


@pytest.mark.parametrize("estimator", ["mbgnbd", "own_rate", "auto"])
def test_ends_of_counts_are_whole(estimator):
    ends = score(SHOP, CUT, DAYS, estimator).select("occasions_low", "occasions_high")
    assert ends.select(pl.all() == pl.all().round()).to_numpy().all()
