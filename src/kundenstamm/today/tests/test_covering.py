"""Where value hangs on one person, the day's list proposes a second introduction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kundenstamm.customers.models import Assignment
from kundenstamm.relations.queries.turnover import company_leaving_rate
from kundenstamm.relations.reckoning import reckon_all
from kundenstamm.relations.tests.conftest import AT, TODAY, codes, people, spoke, world
from kundenstamm.today.models import Step
from kundenstamm.today.preparing import prepare_all, prepare_due

__all__ = ["codes", "people", "world"]


def prepared(world):
    reckon_all(TODAY, actor=world.people["Frieda"], at=AT)
    prepare_all(TODAY, actor=world.people["Frieda"], at=AT)
    return {each.customer.name: each for each in Step.objects.select_related("customer")}


@pytest.fixture
def bought(world):
    from kundenstamm.lifecycle.models import Estimate

    Estimate.objects.update(
        first_day=TODAY - timedelta(days=400), last_day=TODAY - timedelta(days=3), gap_mean=30,
        gap_sd=5, occasions=13, p_active=0.95,
    )  # fmt: skip
    return world


def test_whoever_is_known_by_one_person_is_proposed_with_the_reason(bought):
    step = prepared(bought)["Ahorn"]
    assert (step.cause, step.minutes) == ("cover", 60)
    assert step.reason["params"] == {"holder": "Anna", "others": 400}


def test_a_second_colleague_who_knows_them_takes_it_off_the_list(bought):
    for ago in (0, 1, 2):
        spoke(bought.of["Ahorn"], bought.people["Bernd"], ago)
    assert "Ahorn" not in prepared(bought)


def test_before_any_reckoning_nobody_is_held(bought):
    prepare_all(TODAY, actor=bought.people["Frieda"], at=AT)
    assert not Step.objects.filter(cause="cover").exists()


def test_once_bonds_were_reckoned_the_steps_are_prepared_anew(bought):
    """The valuation may be told of first by the one job, first by the other."""
    frieda, later = bought.people["Frieda"], AT + timedelta(minutes=5)
    prepare_all(TODAY, actor=frieda, at=AT)
    reckon_all(TODAY, actor=frieda, at=later)
    assert prepare_due(actor=frieda, at=later + timedelta(minutes=1), today=TODAY).whole
    assert Step.objects.get(customer=bought.of["Ahorn"]).cause == "cover"
    again = prepare_due(actor=frieda, at=later + timedelta(minutes=20), today=TODAY)
    assert again is None or not again.whole


def test_the_rate_is_the_companys_own_drawn_towards_one_in_ten(world, codes):
    """Anna, Bernd and Carl have served for 700 days each; then Carl ends a year early."""
    years = 3 * 700 / 365
    assert company_leaving_rate(TODAY) == pytest.approx(1 / (10 + years))
    Assignment.objects.filter(representative=codes["Carl"]).update(ends=TODAY - timedelta(days=365))
    assert company_leaving_rate(TODAY) == pytest.approx(2 / (10 + years - 1))
