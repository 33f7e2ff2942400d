"""One thing done to many customers at once; undone, each is as it was, unless changed since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.customers import actions, bulk, starring
from kundenstamm.customers.deeds import DEEDS
from kundenstamm.customers.handing_over import as_given, give
from kundenstamm.customers.models import Assignment, BulkAct, Customer, Grant, Star
from kundenstamm.customers.queries import changes_of, opened_last, stars_of
from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, day, knows, record, served
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)
Kind = BulkAct.Kind
# Asking and campaigns belong to rooms above: their tests are there.
OWN = [kind for kind in Kind.values if kind not in (Kind.ASK, Kind.CAMPAIGN)]


@pytest.fixture
def three(codes):
    """Two served by Anna, the second beside Carl; one by nobody yet. Different regions."""
    made = [
        served("Ahorn", (codes["Anna"], -365, None)),
        served("Birke", (codes["Anna"], -90, None), (codes["Carl"], -30, 20)),
        served("Ceder"),
    ]
    for one, region in zip(made, ("Nord", "", "Ost"), strict=True):
        Customer.objects.filter(pk=one.pk).update(region=region)
    return made


def ids(customers):
    return [each.pk for each in customers]


def state(customers):
    """Everything that any of the deeds touches."""
    rows = Customer.objects.filter(pk__in=ids(customers)).order_by("pk")
    told = list(rows.values_list("name", "region", "confidential"))
    running = Grant.objects.filter(ends_at=None).values_list("customer__name", "person__name")
    stars = Star.objects.values_list("customer__name", "person__name")
    return told, [record(each) for each in rows], set(running), set(stars)


def told_for(kind, codes):
    if kind == Kind.HAND_OVER:
        return {"representative": codes["Bernd"].pk, "starts": TODAY.isoformat()}
    return {"region": "Süd"} if kind == Kind.REGION else {}


def prepare(kind, three, frieda):
    """So that there is something to do: one of them has a star, or is confidential."""
    if kind == Kind.UNSTAR:
        starring.star(three[1], actor=frieda, at=AT)
    if kind == Kind.LIFT:
        actions.keep_confidential(three[1], actor=frieda, at=AT)


@pytest.mark.parametrize("kind", OWN)
def test_undone_everything_is_as_it_was(people, codes, three, kind):
    frieda = people["Frieda"]
    prepare(kind, three, frieda)
    before = state(three)
    with as_the_site(frieda):
        act = bulk.do_to_all(kind, ids(three), told_for(kind, codes), actor=frieda, at=AT)
    assert state(three) != before
    assert act.customers == (1 if kind in (Kind.UNSTAR, Kind.LIFT) else 3)
    with as_the_site(frieda):
        undone = bulk.undo(act, actor=frieda, at=LATER)
    assert (undone.back, undone.left, undone.unknown) == (act.customers, [], 0)
    assert state(three) == before


@pytest.mark.parametrize("kind", OWN)
def test_the_record_says_what_the_database_came_to(people, codes, three, kind):
    frieda = people["Frieda"]
    prepare(kind, three, frieda)
    act = bulk.do_to_all(kind, ids(three), told_for(kind, codes), actor=frieda, at=AT)
    rows = list(changes_of(frieda, act))
    now = DEEDS[kind].now(frieda, [row.customer_id for row in rows], LATER)
    assert {row.customer_id: row.after for row in rows} == now


def test_what_is_so_already_is_no_change(people, three):
    frieda, told = people["Frieda"], {"region": "Nord"}
    act = bulk.do_to_all(Kind.REGION, ids(three), told, actor=frieda, at=AT)
    assert {row.customer.name for row in changes_of(frieda, act)} == {"Birke", "Ceder"}
    assert bulk.do_to_all(Kind.REGION, ids(three), told, actor=frieda, at=AT) is None


def test_what_somebody_changed_since_stays(people, codes, three):
    frieda = people["Frieda"]
    told = told_for(Kind.HAND_OVER, codes)
    act = bulk.do_to_all(Kind.HAND_OVER, ids(three), told, actor=frieda, at=AT)
    actions.assign(three[0], codes["Carl"], day(5), actor=frieda, at=AT)
    changed = record(three[0])
    undone = bulk.undo(act, actor=frieda, at=LATER)
    assert undone.back == 2
    assert [row.customer.name for row in undone.left] == ["Ahorn"]
    assert record(three[0]) == changed
    assert record(three[1]) == {("Anna", -90, None), ("Carl", -30, 20)}
    # Left again as the act had left it, it can be undone as well.
    bulk.do_to_all(Kind.HAND_OVER, [three[0].pk], told, actor=frieda, at=LATER)
    again = bulk.undo(act, actor=frieda, at=LATER)
    assert (again.back, len(again.left)) == (1, 0)


def test_whoever_hands_over_what_they_then_do_not_know_is_told_so(people, codes, three):
    greta = people["Greta"]
    with as_the_site(greta):
        act = bulk.do_to_all(
            Kind.HAND_OVER, ids(three[:2]), told_for(Kind.HAND_OVER, codes), actor=greta, at=AT
        )
    assert not knows(greta, three[0])
    with as_the_site(greta):
        undone = bulk.undo(act, actor=greta, at=LATER)
    assert (undone.back, undone.left, undone.unknown) == (0, [], 2)


def test_undoing_may_end_ones_own_knowledge(people, codes):
    """Bernd's customer, opened to Greta, given to Anna of her team, and back again."""
    greta = people["Greta"]
    customer = served("Douglasie", (codes["Bernd"], -9, None))
    grant = actions.open_to(greta, customer, "Vertretung", actor=people["Frieda"], at=AT)
    told = {"representative": codes["Anna"].pk, "starts": TODAY.isoformat()}
    with as_the_site(greta):
        act = bulk.do_to_all(Kind.HAND_OVER, [customer.pk], told, actor=greta, at=AT)
    Grant.objects.filter(pk=grant.pk).update(ends_at=AT)
    with as_the_site(greta):
        assert bulk.undo(act, actor=greta, at=LATER).back == 1
    assert record(customer) == {("Bernd", -9, None)}
    assert not knows(greta, customer)


def test_an_opening_for_some_days_outlasts_hiding_and_showing_again(people, codes):
    greta, until = people["Greta"], AT + timedelta(days=9)
    customer = served("Eibe", (codes["Bernd"], -9, None))
    actions.open_to(greta, customer, "Urlaub", actor=people["Frieda"], at=AT, ends_at=until)
    act = bulk.do_to_all(Kind.CONFIDENTIAL, [customer.pk], {}, actor=greta, at=LATER)
    bulk.undo(act, actor=greta, at=LATER + timedelta(seconds=1))
    running = Grant.objects.filter(person=greta, ends_at__gt=LATER + timedelta(seconds=1))
    assert [each.ends_at for each in running] == [until]


@pytest.mark.parametrize(
    ("who", "kind"),
    [(who, kind) for who in ("Anna", "Doris", "Hanno") for kind in OWN[2:]],
)
def test_the_role_decides(people, codes, three, who, kind):
    told = told_for(kind, codes)
    assert not bulk.may_do(people[who], kind)
    with pytest.raises(Forbidden):
        bulk.do_to_all(kind, ids(three), told, actor=people[who], at=AT)


def test_nobody_does_it_to_whom_they_do_not_know_nor_undoes_what_others_did(people, codes, three):
    with pytest.raises(Forbidden):
        bulk.do_to_all(Kind.STAR, ids(three), {}, actor=people["Anna"], at=AT)
    act = bulk.do_to_all(Kind.STAR, ids(three[:2]), {}, actor=people["Anna"], at=AT)
    with pytest.raises(Forbidden):
        bulk.undo(act, actor=people["Frieda"], at=AT)


def test_not_too_many_and_not_too_late(people, three, monkeypatch):
    frieda = people["Frieda"]
    with pytest.raises(ValidationError, match="100"):
        bulk.demand_few(Kind.CONFIDENTIAL, 101)
    bulk.demand_few(Kind.CONFIDENTIAL, 100)
    act = bulk.do_to_all(Kind.STAR, ids(three), {}, actor=frieda, at=AT)
    month = AT + bulk.UNDONE_WITHIN
    assert bulk.may_still_undo(act, at=month)
    with pytest.raises(Refused, match="30"):
        bulk.undo(act, actor=frieda, at=month + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("before", "starts", "after"),
    [
        ([], 0, {("Bernd", 0, None)}),
        ([("Anna", -9, None)], 0, {("Anna", -9, -1), ("Bernd", 0, None)}),
        ([("Anna", -9, -1)], 0, {("Anna", -9, -1), ("Bernd", 0, None)}),
        ([("Anna", 5, None)], 0, {("Bernd", 0, None)}),
        ([("Bernd", 0, 7)], 0, {("Bernd", 0, None)}),
        # served by nobody else: nothing to do
        ([("Bernd", -9, None)], 0, {("Bernd", -9, None)}),
        ([("Anna", -99, -50), ("Bernd", -9, None)], 0, {("Anna", -99, -50), ("Bernd", -9, None)}),
        # beside somebody else there is
        ([("Anna", -9, None), ("Bernd", -9, None)], 0,
         {("Anna", -9, -1), ("Bernd", -9, -1), ("Bernd", 0, None)}),
    ],
)  # fmt: skip
def test_what_handing_over_makes_of_assignments(before, starts, after):
    number = {"Anna": 1, "Bernd": 2}
    held = [(number[who], day(first), day(last)) for who, first, last in before]
    expected = {(number[who], day(first), day(last)) for who, first, last in after}
    assert set(as_given(held, 2, day(starts))) == expected


DAYS = st.integers(-20, 20)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.lists(
        st.tuples(st.sampled_from("ABC"), DAYS, st.none() | st.integers(0, 15)),
        max_size=5, unique_by=lambda one: one[:2],
    ),
    starts=DAYS,
)  # fmt: skip
def test_the_rule_says_what_the_statement_does(codes, held, starts):
    by_code = {each.code: each for each in codes.values()}
    Assignment.objects.all().delete()
    Customer.objects.all().delete()
    spans = [
        (by_code[code], first, None if lasts is None else first + lasts)
        for code, first, lasts in held
    ]
    customer = served("Fichte", *spans)
    rows = Assignment.objects.filter(customer=customer)
    before = list(rows.values_list("representative_id", "starts", "ends"))
    said = as_given(before, by_code["B"].pk, day(starts))
    if said != sorted(before, key=lambda one: (one[1], one[0])):
        give([customer.pk], by_code["B"].pk, day(starts))
    now = rows.values_list("representative_id", "starts", "ends")
    assert sorted(now, key=str) == sorted(said, key=str)
    assert all(isinstance(first, date) for _who, first, _last in said)


def test_stars_are_ones_own_and_go_with_the_knowledge(people, customer, codes):
    anna, frieda = people["Anna"], people["Frieda"]
    with as_the_site(anna):
        starring.star(customer, actor=anna, at=AT)
        starring.star(customer, actor=anna, at=LATER)
        assert [each.customer for each in stars_of(anna)] == [customer]
    assert not stars_of(frieda)
    with pytest.raises(Forbidden):
        starring.star(customer, actor=people["Bernd"], at=AT)
    actions.assign(customer, codes["Bernd"], TODAY, actor=frieda, at=AT)
    assert not stars_of(anna)
    actions.assign(customer, codes["Anna"], TODAY, actor=frieda, at=AT)
    starring.unstar(customer, actor=anna, at=LATER)
    assert not Star.objects.exists()


def test_opened_last_are_ones_own_the_latest_first_and_known(people, three, codes):
    anna, frieda = people["Anna"], people["Frieda"]
    one, two, third = ids(three)
    with as_the_site(anna):
        note_read("customer", [one, two], actor=anna, at=AT, of=two)
        note_read("customer", [one], actor=anna, at=AT)
        note_read("customers", [one, two], actor=anna, at=AT)
        note_read("customer", [two], actor=anna, at=AT, of=two)
        note_read("customer", [third], actor=anna, at=AT, of=third)
        assert [each.name for each in opened_last(anna, 10)] == ["Birke", "Ahorn"]
        assert [each.name for each in opened_last(anna, 1)] == ["Birke"]
    with as_the_site(frieda):
        assert opened_last(frieda, 10) == []
    actions.assign(three[1], codes["Bernd"], TODAY, actor=frieda, at=AT)
    with as_the_site(anna):
        assert [each.name for each in opened_last(anna, 10)] == ["Ahorn"]
