"""What is sealed opens in its place and nowhere else, and only as it was."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kundenstamm.guard.sealed import NotOpened, Place, blind_index, blind_indexes, opened, seal

TEXTS = st.text(st.characters(exclude_categories=()), max_size=80)
PLACES = st.builds(
    Place,
    st.sampled_from(["customers_contact", "customers_customer"]),
    st.sampled_from(["email", "phone"]),
    st.uuids(),
)


@given(text=TEXTS, place=PLACES)
def test_what_was_sealed_opens(text, place):
    sealed = seal(text, place)
    assert opened(sealed, place) == text
    assert len(text) < 4 or text not in sealed
    assert seal(text, place) != sealed


@given(text=TEXTS, place=PLACES, other=PLACES)
def test_it_opens_in_no_other_place(text, place, other):
    assume(place != other)
    with pytest.raises(NotOpened, match="does not open"):
        opened(seal(text, place), other)


@pytest.mark.parametrize("changed", [{"table": "x"}, {"column": "x"}, {"row": uuid.uuid4()}])
def test_each_part_of_the_place_counts(changed):
    place = Place("customers_contact", "email", uuid.uuid4())
    with pytest.raises(NotOpened):
        opened(seal("anna@example.com", place), place._replace(**changed))


@given(text=TEXTS, place=PLACES, data=st.data())
def test_any_changed_character_refuses(text, place, data):
    sealed = seal(text, place)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.characters().filter(lambda each: each != sealed[at]))
    with pytest.raises(NotOpened):
        opened(sealed[:at] + other + sealed[at + 1 :], place)


@given(text=TEXTS, place=PLACES, cut=st.integers(1, 30))
def test_what_is_cut_off_or_added_refuses(text, place, cut):
    sealed = seal(text, place)
    for wrong in (sealed[:-cut], sealed + "A" * cut, sealed + "=", "", "k1.", "plain text"):
        with pytest.raises(NotOpened):
            opened(wrong, place)


@given(one=TEXTS, other=TEXTS)
def test_the_index_is_the_same_for_the_same_text_only(one, other):
    assert (blind_index(one, "t", "c") == blind_index(other, "t", "c")) == (one == other)
    assert blind_index(one, "t", "c") != blind_index(one, "t", "d")
    assert blind_index(one, "t", "c") in blind_indexes(one, "t", "c")
