"""Opened, weighed, moved, booked, handed over: what a person does, on the real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from kundenstamm.customers.actions import assign
from kundenstamm.customers.models import Assignment, Customer, Grant
from kundenstamm.customers.prospecting import enter_prospect
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.rights import Forbidden
from kundenstamm.pursuits import actions, queries
from kundenstamm.pursuits.hands import hands
from kundenstamm.pursuits.models import Pursuit, State
from kundenstamm.pursuits.owning import follow_customers
from kundenstamm.pursuits.rules import month_after
from kundenstamm.pursuits.sheets import sheet_of
from kundenstamm.pursuits.tests.conftest import AT, BEGINS, DAY, TODAY, as_the_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(people):
    return {"actor": people["Anna"], "at": AT}


@pytest.fixture
def pursuit(ahorn, by):
    return actions.start(ahorn, **by)


def states(pursuit, actor):
    return [each.after for each in queries.history(actor, pursuit)]


def test_a_sheet_is_kept_as_it_was_typed_with_what_follows(pursuit, needing, by):
    sheet = needing(200)
    found = actions.keep_sheet(pursuit, sheet, **by)
    held = queries.known_pursuit(by["actor"], pursuit.key)
    assert sheet_of(held) == sheet
    # 500 of money, and 900 minutes at 0.80.
    assert found.planned == Decimal(1_220)
    assert held.verdict == "go"
    assert held.limit == found.limit > 1_220
    assert found.hands.months == 12


def test_a_pool_that_overflows_says_later_once_somebody_comes(pursuit, needing, sales, by):
    """From the fourth month on there are 13,000 minutes instead of 10,000."""
    sales.months.create(
        month=month_after(BEGINS, 3),
        cost=10_400, theoretical_minutes=16_250, practical_share="0.8",
    )  # fmt: skip
    found = actions.keep_sheet(pursuit, needing(2_900), **by)
    assert (found.judged.verdict.value, found.judged.best.months_later) == ("later", 3)
    assert {each.month for each in found.judged.now.overflow} == {0, 1, 2}
    with pytest.raises(ValidationError, match="warum"):
        actions.move(pursuit, "go", **by)
    later = replace(needing(2_900), first_month=month_after(BEGINS, 3))
    again = actions.keep_sheet(pursuit, later, **by)
    assert again.judged.verdict.value == "go"
    assert actions.move(pursuit, "go", **by).limit == again.limit


def test_others_who_go_take_their_minutes_by_chance(pursuit, needing, sales, by, people):
    free = hands(TODAY).pools[0].free[0]
    assert free == pytest.approx(1_000)
    actions.keep_sheet(pursuit, needing(500), **by)
    assert hands(TODAY).pools[0].free[0] == pytest.approx(1_000)
    actions.move(pursuit, "go", **by)
    assert hands(TODAY).pools[0].free[0] == pytest.approx(1_000 - 500 * 0.3)
    assert hands(TODAY, but=pursuit.pk).pools[0].free[0] == pytest.approx(1_000)
    actions.move(pursuit, "won", **by)
    # Nobody served them in these months of last year.
    assert hands(TODAY).pools[0].free[0] == pytest.approx(500)


def test_how_full_a_pool_is_does_not_depend_on_who_asks(pursuit, needing, sales, by, people):
    actions.keep_sheet(pursuit, needing(500), **by)
    actions.move(pursuit, "go", **by)
    with as_the_site(people["Bernd"]):
        assert not Pursuit.objects.exists()
        assert hands(TODAY).pools[0].free[0] == pytest.approx(1_000 - 500 * 0.3)


def test_the_limit_is_that_of_the_day_of_going(pursuit, needing, by):
    first = actions.keep_sheet(pursuit, needing(200), **by)
    actions.move(pursuit, "go", **by)
    actions.keep_sheet(pursuit, replace(needing(200), turnover=Decimal(900_000)), **by)
    pursuit.refresh_from_db()
    assert pursuit.limit == first.limit


def test_nobody_goes_without_a_sheet_nor_from_anywhere_to_anywhere(pursuit, by):
    for to, words in (("go", "Bogen"), ("won", "kein Weg"), ("nonsense", "kein Weg")):
        with pytest.raises(ValidationError, match=words):
            actions.move(pursuit, to, **by)
    with pytest.raises(ValidationError, match="warum"):
        actions.move(pursuit, "parked", " ", **by)
    actions.move(pursuit, "parked", "Zu früh", **by)
    assert states(pursuit, by["actor"]) == ["parked", "considering"]


def test_what_is_over_stays_as_it_was(pursuit, needing, by):
    actions.keep_sheet(pursuit, needing(10), **by)
    actions.move(pursuit, "go", **by)
    won = actions.move(pursuit, "won", **by)
    assert won.over_on == TODAY
    with pytest.raises(ValidationError, match="abgeschlossen"):
        actions.keep_sheet(pursuit, needing(20), **by)
    assert actions.move(pursuit, "negotiating", **by).over_on is None


def test_one_open_pursuit_a_customer(pursuit, ahorn, by):
    with pytest.raises(ValidationError, match="läuft"):
        actions.start(ahorn, **by)
    actions.move(pursuit, "lost", "Kein Bedarf", **by)
    again = actions.start(ahorn, **by)
    with pytest.raises(ValidationError, match="läuft"):
        actions.move(pursuit, "considering", **by)
    assert queries.of_customer(by["actor"], ahorn) == again


def test_spending_is_watched_and_taken_back(pursuit, needing, by):
    actions.keep_sheet(pursuit, replace(needing(200), chance=Decimal("0.02")), **by)
    pursuit.refresh_from_db()
    first = actions.book(pursuit, TODAY, minutes=100, money=Decimal(20), what="Messe", **by)
    assert first.cost == Decimal(100)
    assert first.open("what") == "Messe"
    (card,) = queries.board(by["actor"], TODAY, mine=True)[0].cards
    assert (card.watched.spent, card.watched.state) == (Decimal(100), "")
    actions.book(pursuit, TODAY, money=pursuit.limit, **by)
    (card,) = queries.board(by["actor"], TODAY, mine=True)[0].cards
    assert card.watched.state == "over"
    actions.take_back(first, **by)
    assert queries.spent_on(by["actor"], pursuit) == pursuit.limit
    for wrong in ({}, {"minutes": -1, "money": Decimal(1)}):
        with pytest.raises(ValidationError):
            actions.book(pursuit, TODAY, **wrong, **by)
    with pytest.raises(ValidationError, match="noch"):
        actions.book(pursuit, TODAY + DAY, minutes=1, **by)


def test_what_is_spent_counts_no_more_for_going_on(pursuit, needing, by):
    sheet = needing(200)
    before = actions.keep_sheet(pursuit, sheet, **by)
    actions.book(pursuit, TODAY, money=Decimal(1_000), **by)
    after = actions.keep_sheet(pursuit, sheet, **by)
    assert after.left == before.planned - 1_000
    assert after.judged.best.expected == pytest.approx(before.judged.best.expected + 1_000)
    assert after.limit == before.limit + 1_000


@pytest.mark.parametrize("name", ["Doris", "Emil", "Hanno", "Ida", "Bernd"])
def test_who_may_not(pursuit, ahorn, needing, people, name):
    """Controllers read, service and others do not even that; Bernd does not know the customer."""
    by = {"actor": people[name], "at": AT}
    for deed in (
        lambda: actions.start(ahorn, **by),
        lambda: actions.keep_sheet(pursuit, needing(1), **by),
        lambda: actions.move(pursuit, "parked", "x", **by),
        lambda: actions.book(pursuit, TODAY, minutes=1, **by),
        lambda: actions.hand_over(pursuit, people["Greta"], **by),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_it_is_handed_over_to_who_may_know_only(pursuit, people, by):
    for name, words in (("Anna", "schon"), ("Bernd", "nicht"), ("Doris", "nicht")):
        with pytest.raises(ValidationError, match=words):
            actions.hand_over(pursuit, people[name], **by)
    actions.hand_over(pursuit, people["Greta"], **by)
    newest = queries.history(people["Greta"], pursuit)[0]
    assert (newest.to_owner, newest.before) == (people["Greta"], newest.after)


def test_it_goes_along_with_the_customer(pursuit, ahorn, codes, people):
    by = {"actor": people["Frieda"], "at": AT}
    assert follow_customers(**by) == 0
    assign(ahorn, codes["Bernd"], TODAY, **by)
    assert follow_customers(**by) == 1
    pursuit.refresh_from_db()
    assert pursuit.owner == people["Bernd"]
    assert follow_customers(**by) == 0


@pytest.mark.parametrize("name", ["Anna", "Greta", "Frieda"])
def test_a_prospect_entered_by_name_is_ones_own_and_nobody_elses(codes, people, name):
    person = people[name]
    with as_the_site(person):
        made = actions.start_by_name(
            "  Müller   & Co ", link="dealer", trade="Holz", actor=person, at=AT
        )
        assert made.customer.name == "Müller & Co"
        assert made.customer.number.startswith("P-")
        with pytest.raises(ValidationError, match="kennen"):
            enter_prospect("müller & co", actor=person, at=AT)
    with as_the_site(people["Bernd"]):
        assert not Customer.objects.filter(pk=made.customer_id).exists()
        # To him it is a stranger, and nobody tells him otherwise.
        enter_prospect("Müller & Co", actor=people["Bernd"], at=AT)
    served = Assignment.objects.filter(customer=made.customer).exists()
    opened = Grant.objects.filter(customer=made.customer).exists()
    assert (served, opened) == {"Anna": (True, False), "Greta": (False, True),
                                "Frieda": (False, False)}[name]  # fmt: skip


def test_prospects_need_the_right_in_both_places(people):
    with pytest.raises(Forbidden):
        enter_prospect("X", actor=people["Hanno"], at=AT)
    with (
        pytest.raises(DatabaseError, match="no prospects"),
        as_the_site(people["Hanno"]),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT customers_enter_prospect('X', '', '', '', '', '')")


def test_a_regular_is_not_pursued(ahorn, people, by):
    from kundenstamm.lifecycle.models import Estimate, ValuationRun

    run = ValuationRun.objects.create(
        as_of=TODAY, actor=people["Frieda"], made_at=AT, finished_at=AT
    )
    told = Estimate.objects.create(
        run=run, customer=ahorn, stage="regular", occasions=9, rank=1, first_day=TODAY
    )
    name_actor(people["Anna"], at=AT + timedelta(seconds=1))
    with pytest.raises(ValidationError, match="regelmäßig"):
        actions.start(ahorn, **by)
    told.stage = "lost"
    told.save()
    assert actions.start(ahorn, **by).state == State.CONSIDERING
