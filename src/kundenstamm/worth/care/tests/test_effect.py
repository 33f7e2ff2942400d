"""κ: drawn from its prior by what was recorded; outcomes beside similar customers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kundenstamm.worth.care.effect import PRIORS, Cause, Tally, kappas, learned
from kundenstamm.worth.care.outcomes import (
    FEWEST,
    ORDERED,
    TOO_FEW,
    UNLIKE,
    compare,
    lateness_bands,
    tally,
)


def test_without_records_the_prior_stands():
    found = learned({})
    assert {cause: each.kappa for cause, each in found.items()} == pytest.approx(dict(PRIORS))
    assert all(each.weight == 0 and each.low < each.kappa < each.high for each in found.values())


@pytest.mark.parametrize("times", [1, 10, 1_000])
def test_the_more_was_recorded_the_less_the_prior_counts(times):
    record = Tally(20 * times, 2 * times, 20 * times, 10 * times)
    found = learned({Cause.LATE: record})[Cause.LATE]
    assert PRIORS[Cause.LATE] < found.kappa < 0.81
    assert {1: 0 < found.weight < 0.2, 10: 0.3 < found.weight < 0.8, 1_000: found.kappa > 0.78}[
        times
    ]


def test_a_conversation_that_drives_customers_away_has_no_effect_to_count_on():
    found = learned({Cause.LATE: Tally(20_000, 2_000, 20_000, 1_280)})
    assert found[Cause.LATE].kappa < 0
    assert kappas(found)[Cause.LATE] == 0


def test_causes_far_from_their_priors_widen_the_spread_of_all():
    strange = {cause: Tally(500, 200, 500, 100) for cause in (Cause.LATE, Cause.RIVAL, Cause.DRIFT)}
    alone = learned({Cause.LATE: strange[Cause.LATE]})[Cause.LATE]
    together = learned(strange)[Cause.LATE]
    assert together.weight > alone.weight
    assert together.kappa < alone.kappa


def test_the_truth_lies_in_four_of_five_intervals():
    """κ drawn from the prior, outcomes from κ: the interval is one of 80 %."""
    rng, inside = np.random.default_rng(3), 0
    for _ in range(400):
        kappa = 1 - 0.7 * np.exp(0.2 * rng.standard_normal())
        record = Tally(200, rng.binomial(200, 0.4 * (1 - kappa)), 200, rng.binomial(200, 0.4))
        found = learned({Cause.NEGLECT: record})[Cause.NEGLECT]
        inside += found.low <= kappa <= found.high
    assert 0.74 < inside / 400 < 0.87


def _windows(rows):
    """Rows of (spoken to, class, how many, how many of them bought)."""
    return pl.concat(
        pl.DataFrame(
            {
                "spoken": [spoken] * count,
                "value_class": [name] * count,
                "stage": ["regular"] * count,
                "lateness": [1] * count,
                "ordered": [True] * bought + [False] * (count - bought),
                "contribution": [100.0] * bought + [0.0] * (count - bought),
            }
        )
        for spoken, name, count, bought in rows
    )


def test_similar_customers_are_compared():
    """Spoken to were those who order seldom: the plain shares would say the opposite."""
    rows = [(True, "A", 20, 18), (False, "A", 180, 144), (True, "C", 80, 32), (False, "C", 20, 6)]
    found = compare(_windows(rows))
    assert found.ordered is not None
    assert found.contribution is not None
    assert found.ordered.spoken == pytest.approx(0.5)
    assert found.ordered.others == pytest.approx(0.2 * 0.8 + 0.8 * 0.3)
    assert found.ordered.low < found.ordered.difference < found.ordered.high
    assert found.contribution.difference == pytest.approx(100 * found.ordered.difference)
    assert found.contribution.low < found.contribution.difference < found.contribution.high
    assert [each.template for each in found.sentences(30)] == [ORDERED]


def test_a_single_stratum_is_newcombes_example():
    """Newcombe (1998), example (a): 56/70 less 48/80, method 10: 0.0524 to 0.3339."""
    found = compare(_windows([(True, "A", 70, 56), (False, "A", 80, 48)])).ordered
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_too_few_are_refused_and_nobody_similar_is_told():
    few = compare(_windows([(True, "A", 19, 10), (False, "A", 500, 200)]))
    assert (few.ordered, few.contribution) == (None, None)
    assert [each.template for each in few.sentences(30)] == [TOO_FEW]
    alone = [(True, "A", 30, 20), (False, "A", 30, 10), (True, "B", 7, 7), (False, "C", 90, 9)]
    found = compare(_windows(alone))
    assert (found.spoken, found.others, found.left_out) == (30, 30, 7)
    assert [each.template for each in found.sentences(90)] == [ORDERED, UNLIKE]


def test_without_a_difference_the_interval_holds_nil_nineteen_times_of_twenty():
    rng, inside = np.random.default_rng(5), 0
    for _ in range(200):
        rows = []
        for name, chance in (("A", 0.8), ("B", 0.5), ("C", 0.2)):
            for spoken, count in ((True, FEWEST), (False, 40)):
                rows.append((spoken, name, count, rng.binomial(count, chance)))
        found = compare(_windows(rows)).ordered
        assert found is not None
        inside += found.low <= 0 <= found.high
    assert inside / 200 > 0.91


def test_the_others_count_as_many_as_their_weights_leave():
    even = tally(_windows([(True, "A", 50, 40), (False, "A", 60, 30)]))
    assert (even.spoken, even.lost, even.others, even.others_lost) == pytest.approx(
        (50, 10, 60, 30)
    )
    uneven = tally(_windows([(True, "A", 49, 40), (False, "A", 3, 2), (True, "C", 1, 1),
                             (False, "C", 57, 30)]))  # fmt: skip
    assert uneven.others < 4
    assert tally(_windows([(True, "A", 5, 4)])) == Tally(0, 0, 0, 0)


def test_bands_of_lateness():
    silent, gaps = [0, 14, 16, 40, 70, 90, 5], [30.0] * 6 + [float("nan")]
    assert list(lateness_bands(silent, gaps)) == [0, 0, 1, 2, 3, 4, -1]
