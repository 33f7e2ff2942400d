"""A campaign noted for many at once: who is touched, who is not anew, and back again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.acquisition.coming_actions import touch
from kundenstamm.acquisition.models import Campaign, Channel, Touch
from kundenstamm.acquisition.tests.conftest import AT, DAY, TODAY
from kundenstamm.acquisition.touching_many import told
from kundenstamm.customers import bulk
from kundenstamm.customers.models import BulkAct
from kundenstamm.guard.rights import Forbidden

KIND, LATER = BulkAct.Kind.CAMPAIGN, AT + timedelta(minutes=5)


@pytest.fixture
def spring(db):
    fair = Channel.objects.create(name="Messe")
    return Campaign.objects.create(channel=fair, name="Frühjahr", starts=TODAY - 30 * DAY)


def given(person, customers, campaign, day=TODAY):
    ids = [each.pk for each in customers]
    return bulk.do_to_all(KIND, ids, told(campaign, day), actor=person, at=AT)


def test_all_are_touched_on_the_day_and_undone_again(people, ahorn, birke, spring):
    touch(ahorn, spring.channel, TODAY - 9 * DAY, actor=people["Frieda"], at=AT)
    act = given(people["Frieda"], [ahorn, birke], spring)
    assert act.customers == 2
    assert Touch.objects.filter(campaign=spring, day=TODAY).count() == 2
    undone = bulk.undo(act, actor=people["Frieda"], at=LATER)
    assert (undone.back, undone.left) == (2, [])
    [kept] = Touch.objects.all()
    assert (kept.customer, kept.day) == (ahorn, TODAY - 9 * DAY)


def test_a_channel_touches_once_a_day(people, ahorn, birke, spring):
    touch(ahorn, spring.channel, TODAY, actor=people["Frieda"], at=AT)
    assert given(people["Frieda"], [ahorn, birke], spring).customers == 1
    assert given(people["Frieda"], [ahorn, birke], spring) is None
    assert Touch.objects.count() == 2


def test_who_was_touched_since_is_left_alone(people, ahorn, birke, spring):
    act = given(people["Frieda"], [ahorn, birke], spring)
    touch(birke, spring.channel, TODAY - DAY, actor=people["Bernd"], at=AT)
    undone = bulk.undo(act, actor=people["Frieda"], at=LATER)
    assert (undone.back, [each.customer for each in undone.left]) == (1, [birke])
    assert set(Touch.objects.values_list("customer__name", flat=True)) == {"Birke"}


def test_only_of_known_customers_and_days_that_were(people, ahorn, birke, spring):
    with pytest.raises(Forbidden):
        given(people["Anna"], [ahorn, birke], spring)
    with pytest.raises(Forbidden):
        given(people["Doris"], [ahorn], spring)
    with pytest.raises(ValidationError):
        given(people["Anna"], [ahorn], spring, TODAY + DAY)
    assert not Touch.objects.exists()
