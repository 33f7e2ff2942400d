"""A customer is opened to single people, closed to them, made confidential; and all of it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.customers import actions
from kundenstamm.customers.models import Grant
from kundenstamm.customers.queries import grants_of
from kundenstamm.customers.tests.conftest import AT, ROLES, as_the_site, knows, served
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opened(person, customer, actor, **options):
    return actions.open_to(person, customer, "Vertretung", actor=actor, at=AT, **options)


def closed(person, customer, actor, **options):
    return actions.close_to(person, customer, "Verwandt", actor=actor, at=AT, **options)


def test_an_opening_opens_and_taking_it_back_ends_it(people, customer):
    bernd, frieda = people["Bernd"], people["Frieda"]
    grant = opened(bernd, customer, frieda)
    assert knows(bernd, customer)
    actions.take_back(grant, actor=frieda, at=AT)
    assert not knows(bernd, customer)
    kept = Grant.objects.get()
    assert (kept.reason, kept.given_by, kept.ends_at) == ("Vertretung", frieda, AT)


def test_what_is_closed_stays_closed_until_that_is_taken_back(people, customer):
    anna, frieda = people["Anna"], people["Frieda"]
    grant = closed(anna, customer, frieda)
    opened(anna, customer, frieda)
    assert not knows(anna, customer)
    assert knows(people["Greta"], customer), "her team serves it, and it is closed to Anna only"
    actions.take_back(grant, actor=frieda, at=AT)
    assert knows(anna, customer)


@pytest.mark.parametrize("deed", [opened, closed])
@pytest.mark.parametrize(("later", "holds"), [(timedelta(0), True), (2 * DAY, False)])
def test_a_grant_ends_by_itself(people, customer, deed, later, holds):
    bernd = people["Bernd"]
    person = bernd if deed is opened else people["Anna"]
    deed(person, customer, people["Frieda"], ends_at=AT + 2 * DAY)
    name_actor(None, at=AT + later)
    assert knows(person, customer) == (holds == (deed is opened))


@pytest.mark.parametrize("deed", [actions.open_to, actions.close_to])
@pytest.mark.parametrize(
    ("reason", "ends_at", "field"),
    [
        ("", None, "reason"),
        ("   ", None, "reason"),
        ("x", AT, "ends_at"),
        ("x", AT - DAY, "ends_at"),
    ],
)
def test_what_is_refused_is_told_at_its_field(people, customer, deed, reason, ends_at, field):
    with pytest.raises(ValidationError) as refused:
        deed(people["Bernd"], customer, reason, actor=people["Frieda"], at=AT, ends_at=ends_at)
    assert list(refused.value.message_dict) == [field]
    assert not Grant.objects.exists()


def test_a_new_grant_replaces_the_one_of_its_kind(people, customer):
    bernd, frieda = people["Bernd"], people["Frieda"]
    first = opened(bernd, customer, frieda, ends_at=AT + DAY)
    other = closed(bernd, customer, frieda)
    second = opened(bernd, customer, frieda)
    assert list(grants_of(frieda, customer, at=AT)) == [other, second]
    first.refresh_from_db()
    assert first.ends_at == AT


def test_taking_back_what_is_over_changes_no_record(people, customer):
    grant = opened(people["Bernd"], customer, people["Frieda"])
    actions.take_back(grant, actor=people["Frieda"], at=AT)
    actions.take_back(grant, actor=people["Frieda"], at=AT + DAY)
    grant.refresh_from_db()
    assert grant.ends_at == AT


@pytest.mark.parametrize("name", ROLES)
def test_who_may_open_and_close(people, customer, name):
    actor = people[name]
    grant = opened(people["Bernd"], customer, people["Frieda"])
    deeds = (
        lambda: opened(people["Hanno"], customer, actor),
        lambda: closed(people["Hanno"], customer, actor),
        lambda: actions.take_back(grant, actor=actor, at=AT),
        lambda: actions.keep_confidential(customer, actor=actor, at=AT),
        lambda: actions.lift_confidentiality(customer, actor=actor, at=AT),
    )
    for deed in deeds:
        if name in ("Frieda", "Greta"):
            deed()
            continue
        with pytest.raises(Forbidden):
            deed()


def test_nobody_opens_what_they_do_not_know(people, codes):
    """Not to themselves either."""
    foreign = served("Buche", (codes["Bernd"], -9, None))
    greta = people["Greta"]
    grant = opened(people["Hanno"], foreign, people["Frieda"])
    deeds = (
        lambda: opened(greta, foreign, greta),
        lambda: closed(people["Bernd"], foreign, greta),
        lambda: actions.take_back(grant, actor=greta, at=AT),
        lambda: actions.keep_confidential(foreign, actor=greta, at=AT),
        lambda: actions.lift_confidentiality(foreign, actor=greta, at=AT),
    )
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()
    foreign.refresh_from_db()
    assert not foreign.confidential
    assert list(grants_of(people["Frieda"], foreign, at=AT)) == [grant]


@pytest.mark.parametrize("by", ["Frieda", "Greta"])
def test_a_confidential_customer_stays_with_who_made_it_so(people, customer, by):
    with as_the_site(people[by]):
        actions.keep_confidential(customer, actor=people[by], at=AT)
    assert [name for name, person in people.items() if knows(person, customer)] == [by]
    actions.keep_confidential(customer, actor=people[by], at=AT)
    assert Grant.objects.count() == 1
    with as_the_site(people[by]):
        actions.lift_confidentiality(customer, actor=people[by], at=AT)
    knowing = {name for name, person in people.items() if knows(person, customer)}
    assert knowing == {"Anna", "Doris", "Frieda", "Greta", "Ida"}


def test_a_confidential_customer_is_opened_to_one_more(people, customer):
    frieda, anna = people["Frieda"], people["Anna"]
    actions.keep_confidential(customer, actor=frieda, at=AT)
    assert not knows(anna, customer)
    with as_the_site(frieda):
        opened(anna, customer, frieda)
    assert knows(anna, customer)
    with pytest.raises(Forbidden):
        opened(people["Doris"], customer, people["Greta"])


def test_both_walls_let_people_close_a_customer_to_themselves(people, customer):
    greta = people["Greta"]
    with as_the_site(greta):
        opened(greta, customer, greta)
        opened(greta, customer, greta)
        closed(greta, customer, greta)
    assert not knows(greta, customer)


def test_the_last_who_knows_a_confidential_customer_keeps_it(people, customer):
    frieda, anna = people["Frieda"], people["Anna"]
    actions.keep_confidential(customer, actor=frieda, at=AT)
    own = Grant.objects.get(person=frieda)
    with pytest.raises(Refused):
        actions.take_back(own, actor=frieda, at=AT)
    opened(anna, customer, frieda, ends_at=AT + DAY)
    with pytest.raises(Refused):
        actions.take_back(own, actor=frieda, at=AT)
    opened(anna, customer, frieda)
    actions.take_back(own, actor=frieda, at=AT)
    assert knows(anna, customer)
    assert not knows(frieda, customer)


@settings(max_examples=12, deadline=None)
@given(st.sets(st.integers(1, 300), max_size=40), st.sets(st.integers(1, 2**20), max_size=3))
def test_each_id_has_its_bit_and_no_other(near, far):
    """What the policies look up: the places at which a bit is set are the ids."""
    ids = sorted(near | far)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH bits AS (SELECT customers_as_bits(%s::bigint[]) AS b) SELECT array("
            " SELECT n FROM bits, generate_series(0, 8 * octet_length(b) - 1) AS n"
            " WHERE get_bit(b, n # 56) = 1)",
            [ids],
        )
        assert cursor.fetchone()[0] == ids


def test_who_is_served_opened_closed_and_confidential(people, codes, customer):
    """Both ways to ask, by list and by bits, for a customer with everything and for one too new."""
    anna, frieda = people["Anna"], people["Frieda"]
    ours = served("Linde", (codes["Anna"], -9, None))
    opened(anna, ours, frieda)  # served and opened: still one
    over = served("Ulme", (codes["Anna"], -9, -1))
    shut = served("Esche", (codes["Anna"], -9, None))
    closed(anna, shut, frieda)
    secret = served("Tanne", (codes["Anna"], -9, None))
    actions.keep_confidential(secret, actor=frieda, at=AT)
    found = {each: knows(anna, each) for each in (ours, over, shut, secret)}
    assert found == {ours: True, over: False, shut: False, secret: False}
    with as_the_site(anna), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer WHERE id >= %s", [ours.pk])
        assert cursor.fetchone()[0] == 1
