"""Postal regions: coarse, and honest where nothing is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.handover.places import AUSTRIA, GERMANY, SWITZERLAND, region_of, road_km

PLACES = [*GERMANY.values(), *AUSTRIA.values(), *SWITZERLAND.values()]


@pytest.mark.parametrize(
    ("postcode", "country", "region"),
    [
        ("80331", "Deutschland", "DE-80"), ("01067", "", "DE-01"), ("D-20095", "DE", "DE-20"),
        ("1010", "Österreich", "AT-1"), ("6900", "AT", "AT-69"), ("6020", "AT", "AT-6"),
        ("9900", "Austria", "AT-99"), ("1201", "Schweiz", "CH-12"), ("8001", "CH", "CH-8"),
    ],
)  # fmt: skip
def test_a_postcode_is_in_its_region(postcode, country, region):
    assert region_of(postcode, country)[0] == region


@pytest.mark.parametrize(
    ("postcode", "country"),
    [("", ""), ("8033", ""), ("05123", ""), ("75001", "Frankreich"), ("8O331", ""), ("0101", "AT"),
     ("803311", ""), ("٨٠٣٣١", "")],
)  # fmt: skip
def test_what_is_not_known_has_no_place(postcode, country):
    assert region_of(postcode, country) is None


@pytest.mark.parametrize(
    ("one", "other", "by_road"),
    [("20095", "80331", 790), ("50667", "10115", 575), ("70173", "80331", 220),
     ("01067", "04109", 115), ("60311", "97070", 120)],
)  # fmt: skip
def test_ways_that_one_knows_come_out_within_a_fifth_or_forty_kilometres(one, other, by_road):
    told = road_km(region_of(one)[1], region_of(other)[1])
    assert told == pytest.approx(by_road, rel=0.2, abs=40)


def test_all_middles_lie_in_their_countries():
    """A slip of a digit would put a region into the sea or into another country."""
    for table, (south, north, west, east) in (
        (GERMANY, (47.3, 55.0, 5.9, 15.0)), (AUSTRIA, (46.4, 49.0, 9.5, 17.2)),
        (SWITZERLAND, (45.8, 47.8, 5.9, 10.5)),
    ):  # fmt: skip
        for digits, (lat, lon) in table.items():
            assert south <= lat <= north, digits
            assert west <= lon <= east, digits


def test_regions_of_one_first_digit_are_neighbours():
    """German postal zones hang together: no region is far from all others of its first digit."""
    for digits, place in GERMANY.items():
        others = [of for name, of in GERMANY.items() if name[0] == digits[0] and name != digits]
        assert min(road_km(place, of) for of in others) < 150, digits


@given(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_a_way_is_a_distance(one, other, third):
    assert road_km(one, one) == 0
    assert road_km(one, other) == pytest.approx(road_km(other, one))
    assert road_km(one, other) <= road_km(one, third) + road_km(third, other) + 1e-6
