"""What channels cost and brought: who is credited, what is counted, and what is kept from whom."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.acquisition.channel_actions import (
    Spent,
    keep_campaign,
    keep_channel,
    remove_spending,
    spend,
    standing,
)
from kundenstamm.acquisition.figures import growth
from kundenstamm.acquisition.models import Campaign, Channel, Origin, Spending, Touch
from kundenstamm.acquisition.queries import channels
from kundenstamm.acquisition.targets import targets
from kundenstamm.acquisition.tests.conftest import AT, DAY, TODAY
from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.tests.conftest import served
from kundenstamm.guard.rights import Forbidden
from kundenstamm.serving.models import Pool, PoolMonth
from kundenstamm.worth.acquisition.attribution import Attribution

# Of goods without a known cost: the overall margin of a company that has entered none.
MARGIN = float(CompanyProfile().default_margin)


@pytest.fixture
def there(people):
    return {each.code: standing(each) for each in channels()}


@pytest.fixture
def company(codes, people, there, traded):
    """Two won by advertising (one was sent to a partner's stand, too), one by partners."""
    made = {
        name: served(name, (codes[who], -800, None))
        for name, who in (("Alt", "Anna"), ("Eins", "Anna"), ("Zwei", "Bernd"), ("Drei", "Bernd"),
                          ("Niemand", "Anna"), ("Morgen", "Anna"))
    }  # fmt: skip
    by = {"recorded_by": people["Frieda"], "recorded_at": AT}
    for name, code in (("Eins", "advertising"), ("Zwei", "advertising"), ("Drei", "partners"),
                       ("Morgen", "advertising")):  # fmt: skip
        Origin.objects.create(customer=made[name], channel=there[code], said="customer", **by)
    Touch.objects.create(
        customer=made["Eins"], channel=there["partners"], day=TODAY - 401 * DAY, **by
    )
    sale, visit, winning = 10, 52, 60
    traded(
        (made["Alt"], 730, 500, sale), (made["Alt"], 10, 500, sale),
        (made["Eins"], 400, 100, sale), (made["Eins"], 380, 100, sale),
        (made["Zwei"], 400, 60, sale), (made["Zwei"], 399, -10, visit),
        (made["Drei"], 400, 800, sale), (made["Drei"], 405, -25, winning),
        (made["Niemand"], 300, 70, sale),
        (made["Morgen"], 5, -40, visit),
    )  # fmt: skip
    return made


def note(people, channel, **told):
    spent = Spent(**{"day": TODAY - 420 * DAY, **told})
    return spend(channel, spent, actor=people["Frieda"], at=AT)


def by_channel(person, way=Attribution.FIRST, **asked):
    found = growth(person, way, **asked)
    return {each.of.code if each.of else "": each for each in found.results}, found


@pytest.mark.parametrize(
    ("way", "advertising", "partners"),
    [("first", 2, 1), ("last", 1, 2), ("position", 1.5, 1.5)],
)
def test_customers_are_credited_as_the_switch_says(company, people, way, advertising, partners):
    found, _growth = by_channel(people["Frieda"], Attribution(way))
    assert (found["advertising"].won, found["partners"].won) == (advertising, partners)
    # Who nobody knows of came on his own; who was there before the books was not won.
    assert (found[""].won, found["personal"].won) == (1, 0)


def test_cost_of_winning_is_what_was_spent_and_what_the_ledger_says(company, people, there):
    note(people, there["advertising"], amount=Decimal(200))
    found, told = by_channel(people["Frieda"])
    # 200, and the visit to the prospect whom advertising brought: for two customers.
    assert found["advertising"].winning.cost == 120
    assert found["partners"].spent == 25
    assert (told.whole, told.costs, told.prospects) == (True, True, 1)
    profit = found["partners"].after[0].profit
    assert profit == pytest.approx(800 * MARGIN - 25)
    assert found["partners"].after[2].profit is None
    brought = 200 * MARGIN + 60 * MARGIN - 10
    assert found["advertising"].after[0].profit == pytest.approx(brought / 2 - 120)


def test_hours_cost_their_pools_rate_and_are_told_without_one(company, people, there):
    pool = Pool.objects.create(name="Vertrieb")
    month = (TODAY - 420 * DAY).replace(day=1)
    PoolMonth.objects.create(pool=pool, month=month, cost=600, theoretical_minutes=1000,
                             practical_share=1)  # fmt: skip
    note(people, there["partners"], hours=Decimal(2), pool=pool)
    note(people, there["partners"], hours=Decimal(3))
    found, _growth = by_channel(people["Frieda"])
    assert found["partners"].spent == pytest.approx(2 * 60 * 0.6 + 25)
    assert found["partners"].unvalued == 3


def test_a_year_counts_what_was_won_and_spent_in_it(company, people, there):
    note(people, there["advertising"], amount=Decimal(200))
    year = (TODAY - 400 * DAY).year
    found, told = by_channel(people["Frieda"], year=year)
    assert found["advertising"].won == 2
    assert year in told.years
    assert by_channel(people["Frieda"], year=1999)[0]["advertising"].won == 0


def test_who_knows_some_customers_is_told_of_these_and_no_cost(company, people, there):
    note(people, there["advertising"], amount=Decimal(200))
    found, told = by_channel(people["Greta"])
    assert (told.whole, told.costs) == (False, False)
    assert (found["advertising"].won, found["advertising"].winning) == (1, None)
    assert found["partners"].won == 0


@pytest.mark.parametrize("name", ["Anna", "Hanno", "Emil", "Ida"])
def test_others_are_not_told(company, people, there, name):
    for asking in (lambda: growth(people[name], Attribution.FIRST), lambda: targets(people[name])):
        with pytest.raises(Forbidden):
            asking()
    by = {"actor": people[name], "at": AT}
    with pytest.raises(Forbidden):
        spend(there["service"], Spent(TODAY, Decimal(1)), **by)
    with pytest.raises(Forbidden):
        keep_channel(Channel(), "Messe", **by)


def test_before_any_valuation_nothing_is_told(people):
    assert growth(people["Frieda"], Attribution.FIRST) is None
    assert targets(people["Frieda"]) is None


def test_prospects_are_who_has_not_bought(company, people):
    found = targets(people["Frieda"])
    assert [each.customer.name for each in found.prospects] == ["Morgen"]
    # Three have been customers for a year since the books began: they are learned from.
    assert found.learned == 3
    assert [each.customer.name for each in targets(people["Greta"]).prospects] == ["Morgen"]


@pytest.mark.parametrize(
    "told", [{}, {"amount": Decimal(-1)}, {"amount": Decimal(1), "day": TODAY + DAY}]
)
def test_nothing_and_the_future_are_not_spent(people, there, told):
    with pytest.raises(ValidationError):
        note(people, there["service"], **told)
    assert not Spending.objects.exists()


def test_a_campaign_is_of_one_channel_and_spending_goes_again(people, there):
    by = {"actor": people["Frieda"], "at": AT}
    made = keep_campaign(Campaign(name="Mai", starts=TODAY), there["advertising"], **by)
    with pytest.raises(ValidationError, match="another channel"):
        note(people, there["service"], amount=Decimal(5), campaign=made)
    kept = note(people, there["advertising"], amount=Decimal(5), campaign=made)
    remove_spending(kept, **by)
    assert not Spending.objects.exists()


def test_own_channels_have_names_of_their_own(people):
    by = {"actor": people["Frieda"], "at": AT}
    keep_channel(Channel(), "Messe", **by)
    for name in ("", "Messe"):
        with pytest.raises(ValidationError):
            keep_channel(Channel(), name, **by)
    assert [str(each) for each in channels()][4:] == ["Messe"]
