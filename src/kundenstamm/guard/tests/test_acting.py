"""What a page reads once does not outlive its transaction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kundenstamm.guard.acting import acting_as, read_anew, read_once

AT = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def read():
    """How often it was asked, told by what it finds."""
    asked = []

    def how_often():
        asked.append(1)
        return len(asked)

    return how_often


@pytest.mark.django_db
def test_within_a_transaction_it_is_read_once_and_anew_in_the_next(read):
    with acting_as(None, at=AT):
        assert [read_once("it", read), read_once("it", read)] == [1, 1]
    with acting_as(None, at=AT):
        assert read_once("it", read) == 2


@pytest.mark.django_db
def test_what_has_changed_is_read_anew(read):
    with acting_as(None, at=AT):
        read_once("it", read)
        read_anew("it")
        assert read_once("it", read) == 2


@pytest.mark.django_db
def test_a_transaction_that_failed_leaves_nothing(read):
    def fails():
        with acting_as(None, at=AT):
            read_once("it", read)
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        fails()
    assert read_once("it", read) == 2


def test_outside_of_one_it_is_read_every_time(read):
    assert [read_once("it", read), read_once("it", read)] == [1, 2]
