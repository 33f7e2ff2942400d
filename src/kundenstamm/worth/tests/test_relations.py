"""Who holds whom: shares sum to one, cover never adds to what hangs on one, fresh counts more."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.relations.bonds import COVERS_FROM, COVERS_FULLY, FIRM, bonds
from kundenstamm.worth.relations.dependency import dependencies, firm, valued
from kundenstamm.worth.relations.leaving import (
    LOSS,
    after_joint_visit,
    at_risk,
    covered_by,
    leaving_rate,
)
from kundenstamm.worth.relations.strength import HALF_LIFE, strengths, ties
from kundenstamm.worth.tables import TableError

AS_OF = date(2026, 6, 1)
# customer, colleague, days ago
rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 1200)), min_size=1, max_size=40
)


def spoken(told):
    """Conversations from customer, colleague, days ago and, where noted, with whom."""
    full = [(*each, None)[:4] for each in told]
    return pl.DataFrame(
        [(one, two, contact, AS_OF - timedelta(days=ago)) for one, two, ago, contact in full],
        schema={
            "customer_id": pl.Int64, "colleague_id": pl.Int64, "contact_id": pl.Int64,
            "day": pl.Date,
        },
        orient="row",
    )  # fmt: skip


def said(*told):
    """Corrections from customer, colleague, days ago and what is said."""
    return pl.DataFrame(
        [(one, two, AS_OF - timedelta(days=ago), says) for one, two, ago, says in told],
        schema={
            "customer_id": pl.Int64, "colleague_id": pl.Int64, "day": pl.Date, "says": pl.String
        },
        orient="row",
    )  # fmt: skip


def found(told, corrections=None, here=None):
    """By customer and colleague."""
    made = bonds(strengths(spoken(told), AS_OF, corrections), here)
    return {(row["customer_id"], row["colleague_id"]): row for row in made.to_dicts()}


@pytest.mark.parametrize(
    ("ago", "strength"), [((0,), 1), ((180,), 0.5), ((0, 0), 1), ((0, 180), 1.5), ((540,), 0.125)]
)
def test_strength_counts_days_by_half_for_every_half_year(ago, strength):
    row = found([(1, 1, each) for each in ago])[1, 1]
    assert row["strength"] == pytest.approx(strength)
    assert row["bound"] == pytest.approx(strength / (FIRM + strength))
    assert (row["days"], row["last_day"]) == (len(set(ago)), AS_OF - timedelta(days=min(ago)))


def test_what_comes_after_the_day_counts_nowhere():
    assert strengths(spoken([(1, 1, -1)]), AS_OF).is_empty()
    assert ties(spoken([(1, 1, -1, 7)]), AS_OF).is_empty()


@pytest.mark.parametrize(
    ("others", "cover"),
    [
        ([], 0),
        # One conversation half a year ago is the threshold itself.
        ([(2, 180)], 0),
        ([(2, 0)], 1 / 3),
        ([(2, 0), (3, 0)], 1 - (2 / 3) ** 2),
        ([(2, 0), (2, 1)], 1 - (2 - 1 - 2 ** (-1 / HALF_LIFE)) / 1.5),
        ([(2, 0), (2, 1), (2, 2)], 1),
        ([(2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2)], 1),
    ],
)
def test_cover_by_others(others, cover):
    row = found([(1, 1, 0), *((1, who, ago) for who, ago in others)])[1, 1]
    assert row["cover"] == pytest.approx(cover)


def test_whoever_left_is_told_but_holds_and_covers_nobody():
    told = found([(1, 1, 0), *((1, 2, day) for day in range(9))], here=[1])
    assert told[1, 2]["strength"] > told[1, 1]["strength"]
    assert (told[1, 2]["bound"], told[1, 2]["holds"]) == (0, False)
    assert (told[1, 1]["cover"], told[1, 1]["holds"]) == (0, True)


@pytest.mark.parametrize(
    ("corrections", "holder", "covered"),
    [
        ([], 1, False),
        ([(1, 2, 0, "holds")], 2, True),
        ([(1, 2, 0, "knows")], 1, True),
        ([(1, 1, 0, "left")], None, False),
        # The later one counts, also of the same colleague.
        ([(1, 2, 9, "holds"), (1, 3, 0, "holds")], 3, True),
        ([(1, 2, 9, "holds"), (1, 2, 0, "left")], 1, False),
        # It wears off as conversations do.
        ([(1, 2, 720, "knows")], 1, False),
    ],
)
def test_what_is_said_counts_against_the_record(corrections, holder, covered):
    told = found([(1, 1, 0), (1, 1, 30), (1, 1, 60)], said(*corrections))
    held = {who for (_customer, who), row in told.items() if row["holds"]}
    assert held == ({holder} if holder else set())
    if holder:
        assert (told[1, holder]["cover"] > 0.9) is covered


def test_ties_tell_with_whom():
    made = ties(spoken([(1, 1, 0, 7), (1, 1, 0, 8), (1, 1, 180, 8), (1, 2, 0)]), AS_OF)
    told = {(r["contact_id"], r["colleague_id"]): r["strength"] for r in made.to_dicts()}
    assert told == {(7, 1): 1.0, (8, 1): 1.5, (None, 2): 1.0}


def test_a_table_that_does_not_fit_is_refused():
    with pytest.raises(TableError, match="colleague_id"):
        strengths(spoken([(1, 1, 0)]).drop("colleague_id"), AS_OF)


@given(told=rows)
def test_shares_sum_to_one(told):
    made = bonds(strengths(spoken(told), AS_OF))
    firms = FIRM / (FIRM + pl.col("strength").sum())
    summed = made.group_by("customer_id").agg(pl.col("share", "bound", "holds").sum(), firms=firms)
    for row in summed.to_dicts():
        assert row["share"] == pytest.approx(1)
        assert row["bound"] + row["firms"] == pytest.approx(1)
        assert row["holds"] == 1
    assert made.filter(~pl.col("cover").is_between(0, 1)).is_empty()


@given(told=rows, more=st.integers(0, 1200))
def test_another_conversation_of_a_second_never_adds_to_what_hangs_on_the_first(told, more):
    values = pl.DataFrame({"customer_id": range(4), "value": [1000.0, 200.0, -5.0, 0.0]})

    def hanging(spoke):
        made = valued(bonds(strengths(spoken(spoke), AS_OF)), values)
        return dict(dependencies(made).select("colleague_id", "hanging").rows())

    before, after = hanging(told), hanging([*told, (0, 9, more)])
    for who, money in before.items():
        assert after[who] <= money + 1e-9


@given(told=rows, ago=st.integers(1, 1200), later=st.integers(0, 1200))
def test_fresher_is_stronger(told, ago, later):
    older, fresher = max(ago, later), min(ago, later)
    others = [each for each in told if each[:2] != (0, 0)]
    was, is_now = (found([*others, (0, 0, day)])[0, 0] for day in (older, fresher))
    assert is_now["strength"] >= was["strength"]
    assert is_now["bound"] >= was["bound"]


@given(told=rows)
def test_the_order_of_rows_says_nothing(told):
    ordered, turned = found(told), found(told[::-1])
    assert {key: row["holds"] for key, row in ordered.items()} == {
        key: row["holds"] for key, row in turned.items()
    }


@given(told=rows, cents=st.integers(1, 1000))
def test_money_in_another_unit_is_the_same_share(told, cents):
    made = bonds(strengths(spoken(told), AS_OF))
    values = pl.DataFrame({"customer_id": range(4), "value": [1000.0, 200.0, 7.0, None]})
    other = values.with_columns(pl.col("value") * cents)
    one, two = (firm(valued(made, each), each) for each in (values, other))
    assert two.dependency == pytest.approx(one.dependency)
    assert two.cover == pytest.approx(one.cover)
    assert 0 <= one.hanging <= one.bound <= one.known <= one.value + 1e-9


def test_the_firm_is_the_sum_of_its_people():
    """Whoever costs money takes none along; of whom nobody speaks, nobody knows whom they know."""
    values = pl.DataFrame({"customer_id": [1, 2, 3, 4], "value": [1000.0, 500.0, -300.0, 250.0]})
    spoke = [(1, 1, 0), (1, 2, 0), (2, 2, 0), (3, 1, 0)]
    made = valued(bonds(strengths(spoken(spoke), AS_OF)), values)
    told = firm(made, values)
    by_person = {row["colleague_id"]: row for row in dependencies(made).to_dicts()}
    # Of two fresh conversations and the firm's 0.25 each holds 1 / 2.25, covered by a third.
    one = 1000 / 2.25 * 2 / 3
    assert by_person[1]["hanging"] == pytest.approx(one)
    assert by_person[2]["hanging"] == pytest.approx(one + 500 * 0.8)
    assert told.hanging == pytest.approx(2 * one + 400)
    assert (told.value, told.known, told.customers, told.alone) == (1750, 1500, 3, 2)
    assert told.dependency == pytest.approx((2 * one + 400) / 1750)


def test_nobody_and_nothing():
    values = pl.DataFrame({"customer_id": [1], "value": [10.0]})
    made = valued(bonds(strengths(spoken([]), AS_OF)), values)
    told = firm(made, values)
    assert (told.dependency, told.cover, told.customers) == (0, 0, 0)
    assert dependencies(made).is_empty()


@pytest.mark.parametrize("rates", [(0.2, 0.1), (-0.1, 0.1), (0.1, 1.1)])
def test_rates_that_are_none_are_refused(rates):
    with pytest.raises(ValueError, match="shares in order"):
        at_risk(100, rates)


@given(hanging=st.floats(0, 1e9), share=st.floats(0, 1))
def test_value_at_risk_is_an_interval_that_cover_narrows(hanging, share):
    whole, part = at_risk(hanging), at_risk(hanging * share)
    assert 0 <= part.low <= part.high <= whole.high
    assert part.avoidable <= part.high
    assert whole.low == pytest.approx(LOSS[0] * hanging)


@given(left=st.integers(0, 50), years=st.floats(0, 1000))
def test_the_leaving_rate_lies_between_record_and_assumption(left, years):
    rate = leaving_rate(left, years)
    ends = sorted([0.1, left / years]) if years > 1e-6 else [0.1, float("inf")]
    assert ends[0] - 1e-9 <= rate <= ends[1] + 1e-9


@given(strength=st.floats(0, 50))
def test_a_joint_visit_never_lowers_cover(strength):
    assert covered_by(strength) <= after_joint_visit(strength) <= 1
    assert covered_by(COVERS_FROM) == 0
    assert covered_by(COVERS_FULLY) == 1


@pytest.mark.slow
def test_a_large_base_is_reckoned_within_ten_seconds():
    import time

    import numpy as np

    rng, n = np.random.default_rng(7), 1_000_000
    who = rng.integers(0, 100_000, n)
    told = pl.DataFrame(
        {
            "customer_id": who,
            # Each customer knows three of two hundred.
            "colleague_id": (who * 7 + rng.integers(0, 3, n) * 31) % 200,
            "contact_id": who * 2 + rng.integers(0, 2, n),
            "day": (AS_OF.toordinal() - 719_163 - rng.integers(0, 1100, n)).astype(np.int32),
        }
    ).with_columns(pl.col("day").cast(pl.Date))
    values = pl.DataFrame(
        {"customer_id": np.arange(100_000), "value": rng.lognormal(7, 1, 100_000)}
    )
    began = time.perf_counter()
    made = valued(bonds(strengths(told, AS_OF)), values)
    dependencies(made), firm(made, values), ties(told, AS_OF)
    assert time.perf_counter() - began < 10
