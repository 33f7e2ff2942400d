"""Chains: nobody supplies himself, nothing is counted twice, and what goes with a link."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.chain.links import Chain, Circle, Supply, circle_by
from kundenstamm.worth.chain.loss import Direct, at_risk, hanging, weakest, without
from kundenstamm.worth.chain.profit import profits, split
from kundenstamm.worth.chain.standing import standings

# Numbers as names: links only lead from the smaller to the larger, so there is no circle.
pairs = st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda pair: pair[0] < pair[1])
chains = st.dictionaries(pairs, st.floats(0, 1e6), max_size=40).map(
    lambda links: Chain([Supply(*pair, volume) for pair, volume in links.items()])
)
money = st.decimals(-100_000, 100_000, places=4)


@given(chain=chains, own=st.dictionaries(st.integers(0, 14), money))
def test_what_stands_at_the_tops_is_the_sum_of_the_ledger(chain, own):
    told = profits(chain, own)
    members = sum((own.get(name, Decimal(0)) for name in chain.order), Decimal(0))
    assert sum((told[name].whole for name in chain.tops()), Decimal(0)) == members


@given(amount=st.integers(-(10**12), 10**12), volumes=st.lists(st.floats(0, 1e9), min_size=1))
def test_parts_sum_up_and_are_within_one_unit_of_their_share(amount, volumes):
    parts, total = split(amount, volumes), sum(volumes)
    assert sum(parts) == amount
    for part, volume in zip(parts, volumes, strict=True):
        share = volume / total if total > 0 else 1 / len(volumes)
        assert abs(part - amount * share) <= 1 + 1e-9 * abs(amount)


@given(chain=chains)
def test_who_hangs_on_a_link_is_whom_nobody_reaches_without_it(chain):
    for link in chain.order:
        assert hanging(chain, link) == chain.behind(link) - _reached_without(chain, link)


def _reached_without(chain, link):
    """By walking down from the top, the link left out."""
    tops = [name for name in chain.tops() if name != link]
    reached, waiting = set(tops), list(tops)
    while waiting:
        for supply in chain.supplied.get(waiting.pop(), ()):
            if supply.supplied != link and supply.supplied not in reached:
                reached.add(supply.supplied)
                waiting.append(supply.supplied)
    return reached


@given(chain=chains, own=st.dictionaries(st.integers(0, 14), st.floats(0, 1e6)))
def test_the_loss_of_a_link_is_the_same_reckoned_alone_or_for_all(chain, own):
    all_of_them = at_risk(chain, own, dict.fromkeys(chain.order, 0.5))
    for link in chain.order:
        alone = without(chain, link, own, {})
        assert all_of_them[link].lost == pytest.approx(alone.lost, rel=1e-12, abs=1e-9)
        assert all_of_them[link].hanging == len(alone.hanging)


@given(links=st.sets(pairs, max_size=30), new=st.tuples(st.integers(0, 14), st.integers(0, 14)))
def test_a_new_link_is_told_to_close_a_circle_if_and_only_if_it_does(links, new):
    way = circle_by(links, *new)
    if way:
        with pytest.raises(Circle):
            Chain([Supply(*pair) for pair in [*links, new]])
        assert (way[0], way[-1]) == (new[1], new[0])
        assert set(pairwise(way)) <= links
    else:
        Chain([Supply(*pair) for pair in {*links, new}])


def test_a_circle_is_named():
    with pytest.raises(Circle) as refused:
        Chain([Supply("a", "b"), Supply("b", "c"), Supply("c", "a")])
    assert str(refused.value).startswith("A chain cannot lead back to itself: ")
    assert refused.value.names[0] == refused.value.names[-1]
    assert set(refused.value.names) == {"a", "b", "c"}


@pytest.mark.parametrize("volume", [-1.0, float("nan")])
def test_a_negative_volume_is_refused(volume):
    with pytest.raises(ValueError, match="must not be below 0"):
        Chain([Supply("a", "b", volume)])


def test_more_digits_than_the_ledger_keeps_are_refused():
    with pytest.raises(ValueError, match="more digits"):
        profits(Chain([Supply("a", "b")]), {"b": Decimal("0.00001")})


def test_who_would_cost_more_than_he_brings_is_not_served_directly():
    chain = Chain([Supply("dealer", "large"), Supply("dealer", "small")])
    told = without(
        chain, "dealer", {"dealer": 100.0},
        {"large": Direct(1_000, 0.3, 100), "small": Direct(100, 0.3, 100)}, comes_along=0.25,
    )  # fmt: skip
    assert told.directly == {"large": 200.0}
    assert (told.lost, told.kept, told.net) == (100.0, 50.0, -50.0)


def test_without_any_risk_no_link_is_the_weakest():
    assert weakest(Chain([]), {}, {}) is None
    assert weakest(Chain([Supply("a", "b")]), {"a": 5.0}, {}) is None


@given(
    chain=chains,
    value=st.dictionaries(st.integers(0, 14), st.floats(0, 1e6)),
    active=st.dictionaries(st.integers(0, 14), st.floats(0, 1)),
)
def test_what_stands_at_each_is_what_is_reckoned_by_itself(chain, value, active):
    marked = set(chain.order[::3])
    told = standings(chain, {}, value, active, marked)
    for name, each in told.items():
        behind = chain.behind(name)
        assert each.members == len(behind)
        assert each.marked == len(behind & marked)
        others = {one.supplier for low in behind for one in chain.suppliers[low]}
        assert each.closed == (others <= behind | {name})
        assert each.weakest_at_risk == max(told[one].risk.at_risk for one in behind | {name})
        assert each.expected_loss >= each.risk.at_risk - 1e-6 * max(each.risk.lost, 1)
        assert each.expected_loss <= each.risk.lost + 1e-6


def test_somebody_stays_only_if_everybody_does_on_whom_he_hangs():
    """9/10 of the dealer's 100 stay, and of the café's 50 the product of both chances."""
    chain = Chain([Supply("Ahrens", "Café")])
    told = standings(chain, {}, {"Ahrens": 100.0, "Café": 50.0}, {"Ahrens": 0.9, "Café": 0.8})
    assert told["Ahrens"].expected_loss == pytest.approx(150 - 0.9 * (100 + 0.8 * 50))
    assert told["Café"].expected_loss == pytest.approx(10)


@given(
    chain=chains,
    own=st.dictionaries(st.integers(0, 14), money),
    value=st.dictionaries(st.integers(0, 14), st.floats(-1e3, 1e6)),
    active=st.dictionaries(st.integers(0, 14), st.floats(0, 1)),
    wanted=st.sets(st.integers(0, 14)),
)
def test_with_closed_branches_folded_the_same_stands_at_all_others(
    chain, own, value, active, wanted
):
    marked = set(chain.order[::3])
    whole = standings(chain, own, value, active, marked)
    closed = [name for name in wanted if name in chain.suppliers and whole[name].closed]
    folded = {name: whole[name] for name in closed}
    gone = {name for each in folded for name in chain.behind(each)}
    left = Chain([each for each in chain.supplies if not gone & {each.supplied}])
    folded = {name: each for name, each in folded.items() if name not in gone}
    told = standings(left, own, value, active, marked, folded)
    assert set(told) == set(whole) - gone
    for name, each in told.items():
        before = whole[name]
        assert (each.profit, each.members, each.marked) == (
            before.profit, before.members, before.marked
        )  # fmt: skip
        assert each.risk.hanging == before.risk.hanging
        assert (each.direct, each.closed) == (before.direct, before.closed)
        close = {"rel": 1e-9, "abs": 1e-6}
        assert each.risk.lost == pytest.approx(before.risk.lost, **close)
        assert each.kept == pytest.approx(before.kept, **close)
        assert each.weakest_at_risk == pytest.approx(before.weakest_at_risk, **close)


def test_who_is_open_or_has_others_below_in_the_chain_cannot_be_folded():
    chain = Chain([Supply("a", "b"), Supply("b", "c"), Supply("a", "c")])
    whole = standings(chain, {}, {}, {})
    for name in ("a", "b", "nobody"):
        with pytest.raises(ValueError, match="cannot be folded"):
            standings(chain, {}, {}, {}, folded={name: whole.get(name, whole["c"])})
