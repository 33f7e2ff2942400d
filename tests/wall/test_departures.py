"""A departure that is feared is nowhere to be seen; after the last hour nothing answers."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from kundenstamm.care.feed_actions import open_feed
from kundenstamm.departures.actions import fear
from kundenstamm.departures.ending import end_rights
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.departures.watching import switch_to
from kundenstamm.guard import confided
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.people_actions import accept, invite
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import AT, CAST
from tests.wall.test_pages import addresses, walk, words_of

BLIND = [name for name in CAST if name not in ("Frieda", "Greta", "Clara")]


@pytest.fixture(autouse=True)
def _behind_the_wall(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def feared(cast):
    """Hanno may leave."""
    return Departure.objects.get(person=cast["Hanno"])


def counted(person, table):
    """How many rows of a table the database gives to a person."""
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(person, at=AT)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        cursor.execute(f"SELECT count(*) FROM {table}")
        found = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
    return found


def test_tables_are_confided_by_the_database_alone(cast, feared):
    """Clara's notice and Hanno's fear: Greta leads both, Frieda owns the firm."""
    for table in set(confided.tables()) - {"departures_knowledgesheet"}:
        if not counted(cast["Frieda"], table):
            continue
        told = {name: counted(cast[name], table) for name in BLIND}
        assert not any(told.values()), (table, told)
        assert counted(cast["Greta"], table) > 0, table


def test_each_condition_is_needed(cast, feared):
    """With any single policy gone somebody sees what is not confided to them."""
    caught = {}
    for table in set(confided.tables()) - {"departures_knowledgesheet"}:
        if not counted(cast["Frieda"], table):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER POLICY known ON {table} USING (true)")
            caught[table] = counted(cast["Doris"], table)
            transaction.set_rollback(True)
    assert len(caught) >= 3
    assert all(caught.values()), caught


@pytest.mark.parametrize("name", ["Doris", "Emil", "Ida", "Hanno", "Bernd"])
def test_a_fear_is_nowhere_to_be_seen(cast, feared, name):
    """Lists, search, audit, the departure's own address: no word of it, and its address is 404."""
    switch_to(True, 90, actor=cast["Frieda"], at=AT)
    client = Client(raise_request_exception=True)
    client.force_login(cast[name])
    own = reverse("departure", args=[feared.key])
    asked = [
        reverse("departures"), own, reverse("handover-sheets"), reverse("audit"), "/",
        reverse("find") + "?q=Hanno", reverse("find") + "?q=Fortgang", reverse("people"),
        reverse("audit") + "?kind=insert", reverse("tasks"), reverse("customers"), reverse("watch"),
    ]  # fmt: skip
    for address in asked:
        answer = client.get(address)
        said = words_of(answer)
        assert str(feared.key) not in said.replace(own, ""), address
        assert "Fortgang" not in said.replace("q=Fortgang", "").replace('value="Fortgang"', "")
        assert "departures_" not in said, address
        if address == reverse("watch"):
            assert "Hanno" not in said or name == "Hanno", address
    assert client.get(own).status_code in (403, 404)
    assert client.post(reverse("departure-do", args=[feared.key])).status_code in (403, 404)
    with pytest.raises(Forbidden):
        fear(cast["Anna"], "x", actor=cast[name], at=AT)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Doris", "Emil", "Ida", "Hanno"])
def test_no_address_at_all_tells_of_a_fear(cast, feared, name):
    for _route, address, answer in walk(cast[name]):
        said = words_of(answer).replace(address, "")
        if answer.status_code == 200:
            assert str(feared.key) not in said, address
            assert "Fortgang" not in said, address


def test_the_audit_tells_of_departures_to_the_owner_only(cast, feared, client):
    fear(cast["Anna"], "Noch eine", actor=cast["Frieda"], at=AT)
    assert AuditEntry.objects.filter(what="departures_departure").exists()
    for name, sees in (("Frieda", True), ("Ida", False), ("Emil", False)):
        found = AuditEntry.objects.visible_to(cast[name]).filter(what__startswith="departure")
        assert found.exists() is sees, name
        with transaction.atomic(), connection.cursor() as cursor:
            name_actor(cast[name], at=AT)
            cursor.execute(f"SET LOCAL ROLE {APP}")
            cursor.execute(
                "SELECT count(*) > 0 FROM guard_auditentry WHERE left(what, 9) = 'departure'"
            )
            assert cursor.fetchone()[0] is sees, name
            cursor.execute("RESET ROLE")


def test_a_line_is_for_whom_departure_and_customer_are_known(cast, facts, feared):
    """Greta leads Clara, and knows her team's customers only."""
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(cast["Greta"], at=AT)
        cursor.execute(f"SET LOCAL ROLE {APP}")
        names = set(
            HandoverLine.objects.visible_to(cast["Greta"])
            .filter(departure=feared)
            .values_list("customer__name", flat=True)
        )
        cursor.execute("RESET ROLE")
    assert names == facts.known("Greta")


def test_after_the_last_hour_nothing_answers_on_any_channel(cast, settings):
    """Every address of the site by a session that was open; the calendar, the password."""
    anna, frieda = cast["Anna"], cast["Frieda"]
    settings.DATABASE_WALL_ROLE = ""
    open_link = invite("neu@example.com", "Neu", "representative", actor=frieda, at=AT)
    accept(open_link, "ein langes Wort und noch eins 7", at=AT)
    anna.set_password("ein langes Wort und noch eins 7")
    anna.save()
    calendar = reverse("task-feed", args=[open_feed(actor=anna, at=AT)])
    settings.DATABASE_WALL_ROLE = APP
    before, stranger = Client(), Client()
    before.force_login(anna)
    assert before.get(reverse("customers")).status_code == 200
    assert stranger.get(calendar).status_code == 200
    name_actor(frieda, at=AT)
    departure = fear(anna, "Bietet an", actor=frieda, at=AT)
    end_rights(departure, actor=frieda, at=AT)
    answered = []
    for route, address in list(addresses()):
        if route in ("sign-in", "sign-out"):
            continue
        told, strangers = before.get(address), stranger.get(address)
        same = (told.status_code, told.headers.get("Location")) == (
            strangers.status_code, strangers.headers.get("Location")
        )  # fmt: skip
        if not same or (told.status_code == 200 and "Anna" in words_of(told)):
            answered.append((address, told.status_code))
    assert answered == []
    assert stranger.get(calendar).status_code == 404
    assert not stranger.login(email=anna.email, password="ein langes Wort und noch eins 7")
