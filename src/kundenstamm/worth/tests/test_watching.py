"""Unusual reading: usual days are silent, more is never less suspicious, reasons name numbers."""

from hypothesis import given
from hypothesis import strategies as st

from kundenstamm.worth.synthetic.watched import readers
from kundenstamm.worth.watching.counts import SIGNALS, Day, walked
from kundenstamm.worth.watching.score import month, score

counts = st.integers(0, 500)
days = st.builds(Day, counts, counts, counts, counts, counts)


@given(day=days, own=st.lists(days, max_size=30), peers=st.lists(days, max_size=30))
def test_more_of_anything_is_never_less_unusual(day, own, peers):
    before = score(day, own, peers).score
    assert before >= 0
    for name in SIGNALS:
        more = Day(**{each: getattr(day, each) + (9 if each == name else 0) for each in SIGNALS})
        assert score(more, own, peers).score >= before


@given(day=days, number=st.integers(10, 40))
def test_what_one_always_does_is_usual(day, number):
    assert score(day, [day] * number, []).score == 0
    assert score(day, [], [day]).score == 0
    assert score(day, [day] * number, []).reasons == ()


def test_a_few_days_of_ones_own_say_nothing():
    much = Day(customers=200)
    assert score(much, [much] * 3, []).score > 2
    assert score(much, [much] * 10, []).score == 0


def test_reasons_name_what_was_seen_and_what_is_usual():
    told = score(Day(100, 0, 0, 1, 40), [Day(10, 0, 0, 1, 0)] * 20, [])
    assert [str(each) for each in told.reasons] == [
        "40 pages were printed or exported; usual are 0.0.",
        "100 customers were opened on one day; usual are 10.0.",
    ]


def test_a_walk_is_a_run_in_one_direction():
    assert walked([1, 2, 3, 4, 5]) == 5
    assert walked([5, 4, 3, 2, 1, 1]) == 5
    assert walked([1, 2, 3, 4]) == 0
    assert walked([1, 2, 1, 2, 1, 2]) == 0
    assert walked([1, 3, 6, 9, 12, 40, 41]) == 5
    assert walked([]) == 0


def test_a_month_is_its_three_most_unusual_days():
    usual = [Day(10)] * 20
    one = month([Day(10)] * 20 + [Day(300)], usual, [])
    three = month([Day(10)] * 18 + [Day(300)] * 3, usual, [])
    assert three.score > 2.9 * one.score > 0
    assert month([], usual, []).score == 0


def test_who_walks_the_whole_list_stands_out():
    stay = readers(3, 60, leaving=False)
    peers = [day for each in stay for day in each.own]
    scores = sorted(month(each.last, each.own, peers).score for each in stay)
    limit = scores[int(0.95 * len(scores))]
    walking = [each for each in readers(3, 60, leaving=True) if each.kind == "walk"]
    found = [month(each.last, each.own, peers).score > limit for each in walking]
    assert len(found) >= 8
    assert sum(found) >= 0.8 * len(found)
