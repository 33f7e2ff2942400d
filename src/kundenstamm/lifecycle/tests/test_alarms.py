"""Alarms from the ledger to the list, and every part of the bridge to its entries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kundenstamm.ledger.models import EntryKind
from kundenstamm.ledger.queries import entries_of
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.frames.base import YEAR
from kundenstamm.lifecycle.models import Alarm
from kundenstamm.lifecycle.queries import Wanted, base_figures, customer_page, customer_sheet
from kundenstamm.lifecycle.rules import sentence
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post
from kundenstamm.worth.alarm import Alarm as WorthAlarm

pytestmark = pytest.mark.django_db
SALE, VISIT, WINNING = EntryKind.SALE, EntryKind.VISIT, EntryKind.ACQUISITION


@pytest.fixture
def base(frieda):
    """Of four one is served too much, one won too dearly, one on the way down, one fine."""
    served, won, turning, fine = known = customers("Betreut", "Gewonnen", "Kippt", "Gut")
    post(frieda, [(who, AS_OF - timedelta(days=20), SALE, 1000) for who in known])
    post(frieda, [(served, AS_OF, VISIT, -400), (won, AS_OF, WINNING, -400)])
    quarters = [date(2025, 2, 1), date(2025, 5, 1), date(2025, 8, 1), date(2025, 11, 1)]
    for n, day in enumerate(quarters):
        post(frieda, [(turning, day, SALE, 1000 - 100 * n), (turning, day, VISIT, -10 - 20 * n)])
        post(frieda, [(fine, day, SALE, 1000), (fine, day, VISIT, -50)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def _names(frieda, **wanted):
    return [row.customer.name for row in customer_page(frieda, Wanted(**wanted)).rows]


def test_the_list_is_narrowed_by_alarms(base, frieda):
    assert _names(frieda, alarms=("contribution_2",)) == ["Betreut"]
    assert _names(frieda, alarms=("contribution_3",)) == ["Gewonnen"]
    assert _names(frieda, alarms=("trend",)) == ["Kippt"]
    assert set(_names(frieda, alarms=tuple(Alarm.values))) == {"Betreut", "Gewonnen", "Kippt"}
    assert customer_page(frieda, Wanted(alarms=("trend",))).about.number == 1
    with pytest.raises(ValueError, match="no alarm"):
        Wanted(alarms=("smoke",))


def test_the_base_counts_what_the_list_shows(base, frieda):
    counts = base_figures(frieda).totals["alarms"]
    for alarm in Alarm.values:
        assert counts[alarm] == len(_names(frieda, alarms=(alarm,)))


def test_the_reason_is_a_sentence_with_the_figures(base, frieda):
    estimate = customer_sheet(frieda, base[0].key, AS_OF).estimate
    assert sentence(estimate.alarm_reason, "en") == (
        "Serving cost €400 in twelve months, contribution I brought €350."
    )
    turning = sentence(customer_sheet(frieda, base[2].key, AS_OF).estimate.alarm_reason, "de")
    assert "von 40 € auf 120 € im Halbjahr" in turning.replace("\u00a0", " ")


def test_whom_we_let_go_gives_no_alarm(base, frieda):
    base[0].parted_on = AS_OF
    base[0].save(update_fields=["parted_on"])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert _names(frieda, alarms=("contribution_2",)) == []


def test_every_part_of_the_bridge_is_the_sum_of_its_entries(base, frieda):
    first, last = (AS_OF - YEAR + timedelta(days=1)).isoformat(), AS_OF.isoformat()
    for who in base:
        for step in customer_sheet(frieda, who.key, AS_OF).bridge:
            found = entries_of(frieda, who, level=step.name, first_day=first, last_day=last)
            assert found.total == step.amount, (who.name, step.name)


def test_the_words_for_people_are_twins():
    assert ["", *Alarm.values] == [each.value for each in WorthAlarm]
