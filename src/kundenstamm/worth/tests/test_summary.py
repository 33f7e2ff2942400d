"""The summary against a naive one in plain Python; levels to the cent; stages; the whale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import log
from statistics import mean, stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth import Kind, appraise, read, statement, statements, summarise
from kundenstamm.worth.stages import StageLimits
from kundenstamm.worth.whale import whale

START = date(2025, 1, 1)
entry = st.tuples(
    st.sampled_from(["A", "B", "C"]),
    st.integers(0, 40),
    st.sampled_from([int(kind) for kind in Kind]),
    st.decimals(-500, 500, places=4),
)


def table(entries):
    return pl.DataFrame(
        {
            "customer_id": [e[0] for e in entries],
            "date": [START + timedelta(days=e[1]) for e in entries],
            "kind": [e[2] for e in entries],
            "amount": [e[3] for e in entries],
        },
        schema={"customer_id": pl.String, "date": pl.Date, "kind": pl.Int16,
                "amount": pl.Decimal(18, 4)},
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(entry, min_size=1, max_size=40), st.integers(0, 45))
def test_the_summary_agrees_with_a_naive_one(entries, until):
    as_of = START + timedelta(days=until)
    found = {row["customer_id"]: row for row in summarise(read(table(entries)), as_of).to_dicts()}
    expected = _naively(entries, until)
    assert set(found) == set(expected)
    for customer, wanted in expected.items():
        for name, value in wanted.items():
            if isinstance(value, float | Decimal):
                value = pytest.approx(float(value), rel=1e-9, abs=1e-6)
            got = found[customer][name]
            assert (float(got) if isinstance(got, Decimal) else got) == value, name


def _naively(entries, until):
    answer = {}
    for customer in {e[0] for e in entries if e[1] <= until}:
        mine = [e for e in entries if e[0] == customer and e[1] <= until]
        net, contribution, serving = {}, {}, Decimal(0)
        for _c, day, kind, amount in mine:
            net[day] = net.get(day, Decimal(0)) + (amount if kind < 40 else 0)
            contribution[day] = contribution.get(day, Decimal(0)) + (amount if kind < 60 else 0)
            serving += amount if 50 <= kind < 60 else 0
        days = sorted(day for day, total in net.items() if total > 0)
        gaps = [after - before for before, after in pairwise(days)]
        answer[customer] = {
            "occasions": len(days),
            "x": max(len(days) - 1, 0),
            "first_day": START + timedelta(days=days[0]) if days else None,
            "last_day": START + timedelta(days=days[-1]) if days else None,
            "previous_day": START + timedelta(days=days[-2]) if len(days) > 1 else None,
            "regular_day": START + timedelta(days=days[2]) if len(days) > 2 else None,
            "t_x": days[-1] - days[0] if days else None,
            "age": until - days[0] if days else None,
            "gap_mean": float(mean(gaps)) if gaps else None,
            "gap_log_mean": mean(log(gap) for gap in gaps) if gaps else None,
            "gap_sd": float(stdev(gaps)) if len(gaps) > 1 else None,
            "net_sales": sum(net.values()),
            "contribution": sum(contribution.values()),
            "cost_to_serve": serving,
        }
    return answer


@settings(max_examples=40, deadline=None)
@given(st.lists(entry, min_size=1, max_size=40))
def test_levels_add_up_exactly(entries):
    frame = table(entries)
    per_customer = statements(read(frame)).to_polars()
    whole = statement(
        {kind: sum((e[3] for e in entries if e[2] == kind), Decimal(0)) for kind in Kind}
    )
    for name, total in whole.items():
        assert Decimal(per_customer[name].sum()) == total, name
    assert whole["contribution_3"] == sum(e[3] for e in entries)


def _stage(days, until, limits=None):
    """The stage of one customer among steady others."""
    others = [
        (f"K{n}", day, 10, Decimal(50)) for n in range(40) for day in range(n % 9, 300, 9 + n % 5)
    ]
    mine = [("ME", day, 10, Decimal(50)) for day in days]
    as_of = START + timedelta(days=until)
    answer = appraise(summarise(read(table(others + mine)), as_of), as_of, limits=limits)
    row = answer.filter(pl.col("customer_id") == "ME").row(0, named=True)
    return row["stage"], (row["since"] - START).days if row["since"] else None


@pytest.mark.parametrize(
    ("days", "until", "stage", "since"),
    [
        ([290], 300, "new", 290),
        ([280, 295], 300, "repeat", 295),
        (list(range(10, 300, 10)), 300, "regular", 30),
        (list(range(10, 260, 10)), 300, "at_risk", None),
        (list(range(10, 100, 10)), 300, "lost", None),
        ([*range(10, 100, 10), 295], 300, "won_back", 295),
    ],
)
def test_stages_and_the_day_they_began(days, until, stage, since):
    found, began = _stage(days, until)
    assert found == stage
    if since is not None:
        assert began == since
    elif stage in ("at_risk", "lost"):
        assert max(days) < began <= until


def test_a_customer_without_a_purchase_is_a_prospect():
    entries = [("A", 1, int(Kind.RETURN), Decimal(-5)), ("B", 1, 10, Decimal(5))]
    answer = appraise(summarise(read(table(entries)), START + timedelta(5)), START + timedelta(5))
    row = answer.filter(pl.col("customer_id") == "A").row(0, named=True)
    assert (row["stage"], row["since"], row["p_active"]) == ("prospect", None, None)


def test_limits_are_the_companys_own():
    assert _stage([280, 295], 300, StageLimits(regular_occasions=2))[0] == "regular"


def test_the_whale_of_known_profits():
    curve = whale([100.0, 50.0, 0.0, -50.0])
    assert curve is not None
    assert (curve.peak_rank, curve.peak_share) == (2, 1.5)
    assert (curve.loss_makers, curve.loss_share) == (1, 0.5)
    assert curve.shares[0] == 0
    assert curve.shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("profits", [[], [0.0], [-5.0, 3.0]])
def test_there_is_no_curve_without_a_profit(profits):
    assert whale(profits) is None
