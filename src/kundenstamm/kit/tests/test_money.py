from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.kit.money import CENT, apportion, shown_parts, to_cents

cents = st.integers(-(10**12), 10**12).map(lambda n: n * CENT)
exact = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("0.01", [1, 1], ["0.01", "0.00"]),
        ("-0.05", [1, 3], ["-0.01", "-0.04"]),
        ("10.00", [0, 1], ["0.00", "10.00"]),
    ],
)
def test_apportions_by_largest_remainder(total, shares, parts):
    assert apportion(Decimal(total), shares) == [Decimal(part) for part in parts]


@given(cents, weights)
def test_parts_add_up_and_stay_within_a_cent_of_their_share(total, shares):
    parts = apportion(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * share / sum(shares)) < CENT


@given(st.lists(exact, max_size=30))
def test_shown_parts_add_up_to_the_shown_sum(parts):
    shown = shown_parts(parts)
    assert sum(shown, Decimal(0)) == to_cents(sum(parts, Decimal(0)))
    assert all(abs(a - b) <= CENT for a, b in zip(shown, parts, strict=True))


@pytest.mark.parametrize("shares", [[], [0], [1, -1]])
def test_refuses_weights_that_say_nothing(shares):
    with pytest.raises(ValueError, match="Weights"):
        apportion(Decimal(1), shares)
