"""Bonuses owed month by month, exact to the cent, and settled when the note comes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry
from kundenstamm.terms.booking import AccrualRefused, accrue, recognise_all
from kundenstamm.terms.tests.conftest import AT


@pytest.fixture
def accrued(frieda):
    """Accrue months of 2026 and tell what stands under the accruals, by document."""

    def run(*months):
        for n in months:
            accrue(Month(date(2026, n, 1)), actor=frieda, at=AT)
        return standing()

    return run


def standing():
    rows = Entry.objects.filter(source__name="Bonus, accrued", reverses=None, reversals=None)
    return {each.document: float(each.amount) for each in rows.order_by("document")}


def test_each_month_adds_what_was_earned_in_it(promise, book, accrued):
    promise("bonus", "0.015")
    book(date(2026, 1, 5), ("sale", "1000.33"), ("rebate", "-100"))
    book(date(2026, 2, 5), ("sale", "555.55"), ("bonus", "-7"))
    # 900.33 → 13.50; 1455.88 → 21.84, whereof 13.50 is there. The part paid is settled.
    assert accrued(1, 2) == {"2026-01": -13.5, "2026-02": -8.34, "2026-01 settled": 7}


def test_running_again_posts_nothing_and_a_correction_moves_later_months(promise, book, accrued):
    promise("bonus", "0.10")
    book(date(2026, 1, 5), ("sale", "100"), document="D")
    book(date(2026, 2, 5), ("sale", "100"))
    before = accrued(1, 2)
    count = Entry.objects.count()
    assert accrued(2, 1) == before
    assert Entry.objects.count() == count
    book(date(2026, 1, 5), ("sale", "300"), document="D")
    assert accrued(1) == {"2026-01": -30, "2026-02": -10}


def test_the_tier_is_last_years_until_this_year_reaches_a_higher_one(promise, book, accrued):
    promise("bonus", tiers=[("1000", "0.01"), ("2000", "0.02")])
    book(date(2025, 6, 1), ("sale", "1500"))
    book(date(2026, 1, 5), ("sale", "500"))
    book(date(2026, 2, 5), ("sale", "1500"))
    # January at last year's 1 %: 5. By February 2000 are reached: 2 % of all, 40.
    assert accrued(1, 2) == {"2026-01": -5, "2026-02": -35}


def test_a_year_that_falls_short_gives_back_what_was_accrued(promise, book, accrued):
    promise("bonus", tiers=[("1000", "0.01")], ends=date(2026, 3, 31))
    book(date(2025, 6, 1), ("sale", "1500"))
    book(date(2026, 1, 5), ("sale", "500"))
    assert accrued(1, 2, 3) == {"2026-01": -5, "2026-03": 5}


def test_the_note_settles_what_was_accrued(promise, book, accrued, frieda):
    made = promise("bonus", "0.10", date(2025, 1, 1))
    book(date(2025, 6, 5), ("sale", "1000"))
    for n in (6, 12):
        accrue(Month(date(2025, n, 1)), actor=frieda, at=AT)
    assert standing() == {"2025-06": -100}
    book(date(2026, 1, 20), ("bonus", "-98"), document="N")
    assert recognise_all(actor=frieda, at=AT) == 1
    assert standing() == {"2025-06": -100, "2025-01 settled": 100}
    cost = sum(each.entry.amount for each in made.links.select_related("entry"))
    assert cost == Decimal(-98)
    # A corrected note settles as well; one that is taken back does not.
    book(date(2026, 1, 20), ("rebate", "-98"), document="N")
    recognise_all(actor=frieda, at=AT)
    assert standing() == {"2025-06": -100}


def test_an_early_part_settles_its_own_amount(promise, book, accrued, frieda):
    promise("bonus", "0.10")
    book(date(2026, 1, 5), ("sale", "1000"))
    book(date(2026, 4, 5), ("bonus", "-60"))
    assert accrued(1) == {"2026-01": -100, "2026-01 settled": 60}


def test_a_month_to_come_is_refused(accrued):
    with pytest.raises(AccrualRefused):
        accrued(8)
