"""What is known of customers beside their purchases: as of its day, and worth learning from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from kundenstamm.worth import stack
from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.covariates import Covariates
from kundenstamm.worth.purchases import Purchases
from kundenstamm.worth.tables import TableError

CUT = date(2026, 1, 31)
EVENTS = pl.DataFrame(
    {
        "customer_id": ["A", "A", "A", "B", "C"],
        "date": [CUT, CUT - timedelta(40), CUT + timedelta(1), CUT - timedelta(5), CUT],
        "kind": ["complaint", "complaint", "complaint", "rebate", "rebate"],
        "value": [None, None, None, 12.5, 2.0],
    }
)
TRAITS = pl.DataFrame({"customer_id": ["B", "A"], "channel": ["web", "visit"], "size": [3, 9]})


def test_only_what_was_known_on_the_day_is_told():
    told = Covariates.of(TRAITS, EVENTS).at(pl.Series(["A", "B", "D"]), CUT, 30)
    assert told.to_dicts() == [
        {
            "given_channel": "visit", "given_size": 9,
            "given_complaint_count": 1.0, "given_complaint_value": 0.0,
            "given_complaint_since": 0.0,
            "given_rebate_count": 0.0, "given_rebate_value": 0.0, "given_rebate_since": None,
        },
        {
            "given_channel": "web", "given_size": 3,
            "given_complaint_count": 0.0, "given_complaint_value": 0.0,
            "given_complaint_since": None,
            "given_rebate_count": 1.0, "given_rebate_value": 12.5, "given_rebate_since": 5.0,
        },
        {
            "given_channel": None, "given_size": None,
            "given_complaint_count": 0.0, "given_complaint_value": 0.0,
            "given_complaint_since": None,
            "given_rebate_count": 0.0, "given_rebate_value": 0.0, "given_rebate_since": None,
        },
    ]  # fmt: skip


def test_numbers_and_text_name_the_same_customer():
    told = Covariates.of(pl.DataFrame({"customer_id": ["17"], "channel": ["web"]}))
    assert told.at(pl.Series([17, 18]), CUT, 30)["given_channel"].to_list() == ["web", None]


@pytest.mark.parametrize(
    ("traits", "events", "said"),
    [
        (TRAITS.rename({"customer_id": "kunde"}), None, "no column 'customer_id'"),
        (pl.concat([TRAITS, TRAITS.head(1)]), None, "'B' stands 2 times"),
        (None, EVENTS.drop("kind"), "no column 'kind'"),
        (None, EVENTS.with_columns(value=pl.lit("much")), "cannot be read"),
        (None, EVENTS.with_columns(kind=pl.lit(None, pl.String)), "lacks its customer"),
    ],
)
def test_bad_tables_are_refused_with_the_mend(traits, events, said):
    with pytest.raises(TableError, match=said):
        Covariates.of(traits, events)


def shop(customers=900, days=900, seed=3):
    """Half of the customers complain one day, and buy a quarter as often from then on."""
    rng = np.random.default_rng(seed)
    bought, complained = [], []
    for number in range(customers):
        turn = int(rng.integers(200, days - 60)) if number % 2 else 10 * days
        at, gap = float(rng.integers(0, 200)), float(rng.gamma(4, 6))
        if turn < days:
            complained.append((number, turn))
        while at < days:
            bought.append((number, int(at), 50.0))
            at += max(1.0, rng.exponential(gap * (4 if at > turn else 1)))
    first = date(2023, 1, 1)

    def dated(rows, columns):
        frame = pl.DataFrame(rows, schema=["customer_id", "n", *columns], orient="row")
        return frame.with_columns(date=pl.lit(first) + pl.duration(days="n")).drop("n")

    events = dated(complained, []).with_columns(kind=pl.lit("complaint"))
    return dated(bought, ["amount"]), events, first + timedelta(days)


@pytest.fixture(scope="module")
def told():
    """The shop with and without its complaints, each with what an estimator makes of it."""
    lines, events, end = shop()
    cut = end - timedelta(120)
    found = {}
    for name, covariates in {"with": Covariates.of(events=events), "without": None}.items():
        known = Purchases.of(lines, covariates)
        window = known.window(cut, 120)
        auto = AutoEstimator.looking_back(known.until(cut), cut, 120).fit(window.summary)
        found[name] = known, window, auto
    return found, cut


def test_complaints_that_matter_are_learned_from(told):
    found, _cut = told
    deviance = {
        name: stack.deviance(window.occasions, auto.expected_occasions(window.summary, 120))
        for name, (_known, window, auto) in found.items()
    }
    assert found["with"][2].choice_.share > 0
    assert deviance["with"] < 0.97 * deviance["without"]


def test_complaints_yet_to_come_change_nothing(told):
    found, cut = told
    known, window, auto = found["with"]
    events = known.covariates.events
    other = replace(known, covariates=Covariates.of(events=events.filter(pl.col("date") <= cut)))
    blind = AutoEstimator.looking_back(other, cut, 120).fit(other.outlook(cut, 120))
    np.testing.assert_array_equal(
        blind.expected_occasions(other.outlook(cut, 120), 120),
        auto.expected_occasions(window.summary, 120),
    )


def test_trees_with_covariates_come_back(told):
    _known, window, auto = told[0]["with"]
    back = AutoEstimator.from_data(auto.as_data())
    np.testing.assert_allclose(
        back.expected_occasions(window.summary, 120),
        auto.expected_occasions(window.summary, 120),
        rtol=1e-12,
    )
