"""The calendar and who stands behind it, and scenarios, on the real database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.customers.tests.conftest import served
from kundenstamm.guard.rights import Forbidden
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.pursuits import actions, capacity, scenarios
from kundenstamm.pursuits.hands import hands
from kundenstamm.pursuits.models import Pursuit, Scenario, ScenarioPursuit, State
from kundenstamm.pursuits.outlooks import compare, weighables
from kundenstamm.pursuits.rules import month_after
from kundenstamm.pursuits.scenarios import Choice, Further, Hired, Scene
from kundenstamm.pursuits.tests.conftest import AT, BEGINS, TODAY, as_the_site

pytestmark = pytest.mark.django_db
IN_MAY = month_after(BEGINS, 3)


@pytest.fixture
def by(people):
    return {"actor": people["Anna"], "at": AT}


@pytest.fixture
def running(ahorn, needing, by):
    """500 minutes a month with a chance of 0.3, from the fourth month on."""
    made = actions.start(ahorn, **by)
    actions.keep_sheet(made, needing(500, first_month=IN_MAY), **by)
    return actions.move(made, State.GO, "Wir kennen uns", **by)


@pytest.fixture
def bernds(codes, needing, people):
    """400 minutes a month at 0.3, of which Anna may not know."""
    by = {"actor": people["Bernd"], "at": AT}
    made = actions.start(served("Birke", (codes["Bernd"], -30, None)), **by)
    actions.keep_sheet(made, needing(400), **by)
    return actions.move(made, State.GO, "Ist sich sicher", **by)


def cells(pool, months=12):
    return [row[0] for row in capacity.calendar(hands(TODAY), TODAY, months)]


def test_the_calendar_adds_up_to_the_minute_and_is_the_sheets_own(running, bernds, sales):
    found = cells(sales, 24)
    assert [each.planned for each in found[2:4]] == pytest.approx([120, 270])
    for each, free in zip(found, hands(TODAY).pools[0].free, strict=False):
        assert each.capacity - each.needed == each.free == free
        assert each.needed == each.base + each.won + each.planned
    assert (found[0].capacity, found[0].base) == (10_000, 9_000)
    assert not found[0].is_short


def test_behind_a_cell_stand_those_one_knows_and_one_remainder(running, bernds, sales, people):
    held = hands(TODAY)
    seen = capacity.behind(people["Anna"], held, sales, IN_MAY, TODAY)
    assert [(each.pursuit, each.counted) for each in seen.pursuits] == [(running, Decimal(150))]
    assert seen.other == pytest.approx(120)
    assert seen.then == month_after(IN_MAY, -12)
    assert seen.worked.used == 9_000
    before = capacity.behind(people["Anna"], held, sales, month_after(IN_MAY, -1), TODAY)
    assert before.pursuits == ()
    assert capacity.behind(people["Anna"], held, sales, month_after(IN_MAY, -9), TODAY) is None
    frieda = capacity.behind(people["Frieda"], held, sales, IN_MAY, TODAY)
    assert (len(frieda.pursuits), frieda.other) == (2, 0.0)


def test_a_won_one_counts_whole_until_it_is_of_the_base(running, sales, by):
    actions.move(running, State.NEGOTIATING, **by)
    actions.move(running, State.WON, **by)
    assert [each.won for each in cells(sales)[2:4]] == [0, 500]
    seen = capacity.behind(by["actor"], hands(TODAY), sales, IN_MAY, TODAY)
    assert [each.counted for each in seen.won] == [500]


def test_the_base_as_the_models_expect_it(sales, people):
    """Serving is expected to take nine tenths of what it took."""
    assert capacity.expected_part() is None
    run = ValuationRun.objects.create(
        as_of=TODAY, actor=people["Frieda"], made_at=AT, finished_at=AT,
        totals={"serving": {"year": "1000.0000", "expected": "900.0000"}},
    )  # fmt: skip
    part = capacity.expected_part()
    assert part == pytest.approx(0.9)
    held = hands(TODAY)
    scaled = capacity.as_expected(held, part).loads[0]
    assert scaled.base == pytest.approx([8_100] * len(scaled.base))
    assert (scaled.planned, scaled.capacity) == (held.loads[0].planned, held.loads[0].capacity)
    ValuationRun.objects.filter(pk=run.pk).update(
        totals={"serving": {"year": "0", "expected": "1"}}
    )
    assert capacity.expected_part() is None


def plain(name="Eins", **said):
    return Scene(name, **said)


def test_a_scenario_that_says_nothing_is_the_plan(running, bernds, by):
    made = scenarios.create(plain(), **by)
    as_planned, column = compare(by["actor"], [made], TODAY).columns
    assert column.outcome == as_planned.outcome
    assert [of for of, _taken in as_planned.taken] == [running]


def test_taken_left_out_later_and_more_hands(running, bernds, sales, by):
    said = {
        "out": plain("out", choices=(Choice(running, taken=False),)),
        "later": plain("later", choices=(Choice(running, month=month_after(BEGINS, 6)),)),
        "more": plain("more", choices=(Choice(running, more=3, more_month=IN_MAY),)),
        "hired": plain("hired", hired=(Hired(sales, BEGINS, Decimal(2_000), Decimal(1_500)),)),
    }
    made = {name: scenarios.create(scene, **by) for name, scene in said.items()}
    compared = compare(by["actor"], list(made.values()), TODAY)
    planned, out, later, more, hired = (each.outcome for each in compared.columns)
    assert out.loads[0].planned[5] == pytest.approx(120)
    assert out.tries == 0
    assert later.loads[0].planned[5:7] == pytest.approx((120, 270))
    assert more.loads[0].planned[5] == pytest.approx(270 + 1_500)
    # 9,000 + 1,770 of 10,000, and of 12,000.
    assert more.pools[0].months == tuple(range(3, 24))
    assert hired.loads[0].capacity[0] == 12_000
    assert hired.added > planned.added == 0
    assert hired.expected == pytest.approx(planned.expected - hired.added)
    assert [sum(of.taken.number for of in each.further) for each in compared.columns] == [
        0,
        0,
        0,
        3,
        0,
    ]


def test_tries_are_what_the_sheet_says_up_to_the_horizon(running, by):
    from kundenstamm.worth.pursuit.present_value import worth_trying

    held = hands(TODAY)
    (found,) = weighables(by["actor"], held, TODAY)
    assert found.winning == pytest.approx(1_220)
    assert found.taken.plan.turnover == pytest.approx(running.figures["turnover"])
    whole = worth_trying(
        found.taken.plan, held.pools, chance=found.taken.chance, winning=found.taken.winning
    )
    assert whole.expected == pytest.approx(float(running.expected), abs=0.01)
    (planned,) = compare(by["actor"], [], TODAY).columns
    cut = replace(found.taken.plan, months=24 - found.taken.plan.first_month)
    assert planned.outcome.tries == pytest.approx(
        worth_trying(
            cut, held.pools, chance=found.taken.chance, winning=found.taken.winning
        ).expected
    )


def test_typed_customers_of_a_kind(sales, by):
    further = Further(
        2, BEGINS, turnover=Decimal(60_000), margin=Decimal("0.4"), winning=Decimal(500),
        minutes={sales.pk: Decimal(300)},
    )  # fmt: skip
    made = scenarios.create(plain(further=(further,)), **by)
    _plan, column = compare(by["actor"], [made], TODAY).columns
    assert column.outcome.loads[0].planned[0] == pytest.approx(600)
    assert column.outcome.tries > 0
    assert [(each.taken.number, each.value_class) for each in column.further] == [(2, "")]


def test_it_is_kept_copied_and_deleted(running, sales, by):
    scene = plain(
        note="Nur geraten", choices=(Choice(running, taken=False),),
        hired=(Hired(sales, BEGINS, Decimal(2_000)),),
    )  # fmt: skip
    made = scenarios.create(scene, **by)
    assert scenarios.scene_of(made, "Eins", by["actor"]) == scene
    copied = scenarios.copy(made, "Zwei", **by)
    assert scenarios.scene_of(copied, "Zwei", by["actor"]) == replace(scene, name="Zwei")
    with pytest.raises(ValidationError, match="name"):
        scenarios.copy(made, "Zwei", **by)
    scenarios.keep(made, plain("Anders"), actor=by["actor"])
    made.refresh_from_db()
    assert (made.name, made.hands.count(), made.pursuits.count()) == ("Anders", 0, 0)
    scenarios.delete(made, actor=by["actor"])
    assert [each.name for each in scenarios.own(by["actor"])] == ["Zwei"]
    assert Pursuit.objects.get().state == State.GO


@pytest.mark.parametrize(
    "said",
    [
        {"name": " "},
        {"further": (Further(0, BEGINS),)},
        {"further": (Further(201, BEGINS),)},
        {"further": (Further(1, BEGINS, "D"),)},
        {"further": (Further(1, BEGINS, turnover=Decimal(-1)),)},
        {"further": (Further(1, BEGINS),) * 7},
    ],
)
def test_what_cannot_be_is_refused(by, said):
    with pytest.raises(ValidationError):
        scenarios.create(replace(plain(), **said), **by)
    assert not Scenario.objects.exists()


def test_nobody_touches_what_is_another_persons(running, bernds, people, by):
    made = scenarios.create(plain(), **by)
    bernd = people["Bernd"]
    for touch in (
        lambda: scenarios.keep(made, plain("Meins"), actor=bernd),
        lambda: scenarios.copy(made, "Meins", actor=bernd, at=AT),
        lambda: scenarios.delete(made, actor=bernd),
        lambda: scenarios.create(plain("Zwei", choices=(Choice(bernds),)), **by),
        lambda: scenarios.create(plain("Emils"), actor=people["Emil"], at=AT),
    ):
        with pytest.raises(Forbidden):
            touch()
    assert scenarios.own_scenario(bernd, made.key) is None


def test_whom_one_may_not_know_any_more_is_as_planned(running, bernds, people):
    """Frieda leaves Bernd's pursuit out; with it hidden, neither sums nor rows tell of that."""
    frieda = {"actor": people["Frieda"], "at": AT}
    made = scenarios.create(plain(choices=(Choice(bernds, taken=False),)), **frieda)
    without = compare(people["Frieda"], [made], TODAY).columns[1]
    assert without.outcome.loads[0].planned[0] == 0
    bernds.customer.confidential = True
    bernds.customer.save()
    with as_the_site(people["Frieda"]):
        assert not ScenarioPursuit.objects.exists()
        planned, column = compare(people["Frieda"], [made], TODAY).columns
        assert column.outcome == planned.outcome
        assert planned.outcome.loads[0].planned[0] == pytest.approx(120)
        assert bernds not in [of for of, _taken in planned.taken]
        scenarios.keep(made, plain(), actor=people["Frieda"])
    assert ScenarioPursuit.objects.get().taken is False
