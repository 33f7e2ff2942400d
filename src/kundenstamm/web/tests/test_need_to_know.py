"""The pages on which customers are assigned, opened, closed and handed over, and teams are made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Assignment, Customer, Grant, Representative
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.kit.postgres.roles import APP

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def today(at):
    return timezone.localdate(at)


@pytest.fixture
def people(frieda, at):
    """Greta leads Anna; Bernd is in no team."""
    made = {
        name: User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role=role, created_at=at
        )
        for name, role in (
            ("Anna", Role.REPRESENTATIVE), ("Bernd", Role.REPRESENTATIVE),
            ("Doris", Role.CONTROLLER), ("Emil", Role.AUDITOR), ("Greta", Role.SALES_LEAD),
        )
    }  # fmt: skip
    Team.objects.create(name="Nord").members.set([made["Greta"], made["Anna"]])
    return made | {"Frieda": frieda}


@pytest.fixture
def codes(people):
    return {
        name: Representative.objects.create(code=code, name=name, user=people.get(name))
        for name, code in (("Anna", "A"), ("Bernd", "B"), ("Carl", "C/1"))
    }


@pytest.fixture
def ahorn(codes, at, today):
    made = Customer.objects.create(number="1", name="Ahorn", created_at=at)
    Assignment.objects.create(customer=made, representative=codes["Anna"], starts=today - 90 * DAY)
    return made


def send(client, name, customer, **form):
    return client.post(reverse(name, args=[customer.key]), form)


def as_owner_of_the_tables():
    """Step out of the role that the last request took on, for a look at what is true."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def page(client, customer):
    return client.get(reverse("customer", args=[customer.key]))


def test_a_customer_is_handed_over_on_its_page(client, people, ahorn, today):
    client.force_login(people["Frieda"])
    answer = send(client, "assign", ahorn, representative="B", starts=today.isoformat())
    assert answer["Location"] == reverse("customer", args=[ahorn.key])
    client.force_login(people["Bernd"])
    assert page(client, ahorn).status_code == 200
    client.force_login(people["Anna"])
    assert page(client, ahorn).status_code == 404


def test_who_gives_a_customer_away_is_led_back_to_the_list(client, people, ahorn, today):
    client.force_login(people["Greta"])
    answer = send(client, "assign", ahorn, representative="B", starts=today.isoformat())
    assert answer["Location"] == reverse("customers")
    assert page(client, ahorn).status_code == 404


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"representative": "", "starts": "2026-01-01"}, "representative"),
        ({"representative": "X", "starts": "2026-01-01"}, "representative"),
        ({"representative": "\0", "starts": "2026-01-01"}, "representative"),
        ({"representative": "B", "starts": ""}, "starts"),
        ({"representative": "B", "starts": "gestern"}, "starts"),
    ],
)
def test_an_assignment_that_cannot_be_is_told_at_its_field(client, people, ahorn, form, field):
    client.force_login(people["Frieda"])
    answer = send(client, "assign", ahorn, **form)
    assert list(answer.context["serve"]["form"].errors) == [field]
    assert '<details class="change noprint" open>' in answer.content.decode()
    assert Assignment.objects.get().representative.code == "A"


def test_an_assignment_ends_on_the_page(client, people, ahorn, today):
    client.force_login(people["Frieda"])
    held = {"representative": "A", "starts": (today - 90 * DAY).isoformat()}
    wrong = send(client, "end-assignment", ahorn, **held, ends="bald")
    [end] = wrong.context["serve"]["ends"]
    assert end["form"].errors["ends"]
    assert send(client, "end-assignment", ahorn, **held, ends=str(today)).status_code == 302
    assert Assignment.objects.get().ends == today
    late = send(client, "end-assignment", ahorn, **held, ends=str(today + DAY))
    assert late.context["serve"]["ends"][0]["form"].errors["ends"]


def test_a_planned_assignment_is_called_off(client, people, ahorn, today):
    client.force_login(people["Frieda"])
    then = (today + 9 * DAY).isoformat()
    send(client, "assign", ahorn, representative="C/1", starts=then)
    planned = next(e for e in page(client, ahorn).context["serve"]["ends"] if e["planned"])
    assert planned["form"]["starts"].value() == then
    body = page(client, ahorn).content.decode()
    assert f'<input type="hidden" name="ends" value="{today.isoformat()}">' in body
    send(client, "end-assignment", ahorn, representative="C/1", starts=then, ends=str(today))
    assert set(Assignment.objects.values_list("representative__code", flat=True)) == {"A"}


@pytest.mark.parametrize(
    "told",
    [{}, {"representative": "B", "starts": "2026-01-01"}, {"representative": "A", "starts": "x"}],
)
def test_an_assignment_that_is_not_there_answers_404(client, people, ahorn, told):
    client.force_login(people["Frieda"])
    assert send(client, "end-assignment", ahorn, ends="2026-01-01", **told).status_code == 404


def test_a_customer_is_opened_closed_and_taken_back(client, people, ahorn, today):
    bernd, frieda = people["Bernd"], people["Frieda"]
    client.force_login(frieda)
    for kind in ("open", "closed"):
        send(client, "grant", ahorn, person=bernd.pk, kind=kind, reason="Urlaub", ends_at=today)
    shown = page(client, ahorn).context["knowing"]["rows"]
    assert [(row["grant"].kind, row["until"]) for row in shown] == [
        ("closed", today), ("open", today),
    ]  # fmt: skip
    client.force_login(bernd)
    assert page(client, ahorn).status_code == 404
    client.force_login(frieda)
    send(client, "take-back", ahorn, person=bernd.pk, kind="closed")
    client.force_login(bernd)
    assert page(client, ahorn).status_code == 200
    client.force_login(frieda)
    send(client, "take-back", ahorn, person=bernd.pk, kind="open")
    client.force_login(bernd)
    assert page(client, ahorn).status_code == 404
    as_owner_of_the_tables()
    assert Grant.objects.count() == 2


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"ends_at": "2020-01-01"}, "ends_at"),
        ({"ends_at": "morgen"}, "ends_at"),
        ({"kind": "ajar"}, "kind"),
        ({"person": "0"}, "person"),
        ({"person": "Emil"}, "person"),
    ],
)
def test_a_grant_that_cannot_be_is_told_at_its_field(client, people, ahorn, form, field):
    client.force_login(people["Frieda"])
    told = {"person": people["Bernd"].pk, "kind": "open", "reason": "Urlaub"} | form
    if told["person"] == "Emil":  # an auditor knows no customers, opened or not
        told["person"] = people["Emil"].pk
    answer = send(client, "grant", ahorn, **told)
    assert list(answer.context["knowing"]["form"].errors) == [field]
    assert not Grant.objects.exists()


@pytest.mark.parametrize("told", [{}, {"person": "x", "kind": "open"}])
def test_a_grant_that_is_not_there_answers_404(client, people, ahorn, told):
    client.force_login(people["Frieda"])
    assert send(client, "take-back", ahorn, **told).status_code == 404


def test_who_closes_a_customer_to_themselves_is_led_back_to_the_list(client, people, ahorn):
    client.force_login(people["Frieda"])
    told = {"person": people["Frieda"].pk, "kind": "closed", "reason": "Befangen"}
    assert send(client, "grant", ahorn, **told)["Location"] == reverse("customers")
    assert page(client, ahorn).status_code == 404


def test_a_customer_is_kept_confidential_and_no_longer(client, people, ahorn):
    for on, answer in (("1", 404), ("0", 200)):
        client.force_login(people["Frieda"])
        back = send(client, "confidential", ahorn, confidential=on)
        assert back["Location"] == reverse("customer", args=[ahorn.key])
        assert page(client, ahorn).status_code == 200
        client.force_login(people["Anna"])
        assert page(client, ahorn).status_code == answer


def test_cards_show_forms_to_those_only_who_may_use_them(client, people, ahorn):
    for name, may in (("Frieda", True), ("Greta", True), ("Doris", False), ("Anna", False)):
        client.force_login(people[name])
        body = page(client, ahorn).content.decode()
        for route in ("assign", "end-assignment", "grant", "confidential"):
            assert (reverse(route, args=[ahorn.key]) in body) == may, (name, route)
        assert (reverse("transfer") in client.get(reverse("customers")).content.decode()) == may


ABOUT_A_CUSTOMER = ("assign", "end-assignment", "grant", "take-back", "confidential")


@pytest.mark.parametrize("route", ABOUT_A_CUSTOMER)
def test_routes_refuse_by_right_and_by_customer(client, people, ahorn, codes, route, at):
    foreign = Customer.objects.create(number="2", name="Buche", created_at=at)
    client.force_login(people["Anna"])
    assert send(client, route, ahorn).status_code == 403
    client.force_login(people["Greta"])
    assert send(client, route, foreign).status_code == 404
    assert client.get(reverse(route, args=[ahorn.key])).status_code == 405


def test_all_customers_are_handed_over_after_a_look(client, people, codes, ahorn, today):
    client.force_login(people["Greta"])
    hidden = Customer.objects.create(
        number="2", name="Buche", created_at=timezone.now(), confidential=True
    )
    Assignment.objects.create(customer=hidden, representative=codes["Anna"], starts=today)
    told = {"of": "A", "to": "C/1", "starts": today.isoformat()}
    look = client.get(reverse("transfer"), told)
    assert look.context["count"] == 1
    assert Assignment.objects.filter(representative=codes["Carl"]).count() == 0
    done = client.post(reverse("hand-over"), told, follow=True)
    assert "1" in str(next(iter(done.context["messages"])))
    assert client.get(reverse("transfer"), told).context["count"] == 0
    as_owner_of_the_tables()
    assert [each.customer for each in codes["Carl"].assignments.all()] == [ahorn]


@pytest.mark.parametrize("query", ["", "?of=A", "?of=%00&to=%00", "?of=A&to=X&starts=2026-01-01"])
def test_without_an_answer_the_transfer_asks(client, people, codes, query):
    client.force_login(people["Frieda"])
    answer = client.get(reverse("transfer") + query)
    assert (answer.status_code, answer.context["count"]) == (200, None)


def test_a_transfer_to_the_same_is_told_at_its_field(client, people, codes, ahorn, today):
    client.force_login(people["Frieda"])
    told = {"of": "A", "to": "A", "starts": today.isoformat()}
    for answer in (client.get(reverse("transfer"), told), client.post(reverse("hand-over"), told)):
        assert answer.context["form"].errors["to"]
        assert answer.context["count"] is None
    assert client.get(reverse("hand-over")).status_code == 405


def test_teams_are_made_changed_and_dissolved_on_their_page(client, people):
    client.force_login(people["Frieda"])
    bernd, anna = people["Bernd"], people["Anna"]
    client.post(reverse("make-team"), {"name": "Süd", "members": [bernd.pk]})
    south = Team.objects.get(name="Süd")
    address = reverse("change-team", args=[south.pk])
    client.post(address, {"name": "Südwest", "members": [bernd.pk, anna.pk]})
    rows = client.get(reverse("teams")).context["rows"]
    assert [(row["team"].name, len(row["members"])) for row in rows] == [
        ("Nord", 2),
        ("Südwest", 2),
    ]
    taken = client.post(address, {"name": "nord", "members": []})
    assert [row["open"] for row in taken.context["rows"]] == [False, True]
    assert taken.context["rows"][1]["form"].errors["name"]
    assert south.members.count() == 2, "a name that is taken changes no members either"
    for wrong in ({"name": ""}, {"name": "NORD"}):
        assert client.post(reverse("make-team"), wrong).context["form"].errors["name"]
    stranger = client.post(reverse("make-team"), {"name": "Ost", "members": ["0"]})
    assert stranger.context["form"].errors["members"]
    client.post(reverse("dissolve-team", args=[south.pk]))
    assert list(Team.objects.values_list("name", flat=True)) == ["Nord"]


def test_what_a_team_opens_changes_with_the_next_page(client, people, ahorn):
    client.force_login(people["Greta"])
    assert page(client, ahorn).status_code == 200
    Team.objects.get().members.remove(people["Greta"])
    assert page(client, ahorn).status_code == 404


def test_an_account_is_linked_to_a_code_on_the_page(client, people, codes, ahorn, at):
    emma = User.objects.create(
        email="emma@example.com", name="Emma", role=Role.REPRESENTATIVE, created_at=at
    )
    address = reverse("serves", args=[emma.pk])
    client.force_login(people["Frieda"])
    assert [code.code for code in client.get(reverse("people")).context["codes"]] == ["C/1"]
    taken = client.post(address, {"code": "A"}, follow=True)
    assert 'class="note bad"' in taken.content.decode()
    client.post(address, {"code": "C/1"})
    codes["Carl"].refresh_from_db()
    assert codes["Carl"].user == emma
    client.post(address, {"code": ""})
    codes["Carl"].refresh_from_db()
    assert codes["Carl"].user is None
    for code in ("X", "\0"):
        assert client.post(address, {"code": code}).status_code == 404


def test_teams_and_codes_are_for_those_who_keep_the_people(client, people, codes):
    client.force_login(people["Greta"])
    nord, anna = Team.objects.get(), people["Anna"]
    for route, args in (
        ("make-team", []), ("change-team", [nord.pk]), ("dissolve-team", [nord.pk]),
        ("serves", [anna.pk]),
    ):  # fmt: skip
        assert client.post(reverse(route, args=args)).status_code == 403, route
    assert client.get(reverse("teams")).status_code == 403
    client.force_login(people["Frieda"])
    for route, args in (("make-team", []), ("change-team", [nord.pk]), ("serves", [anna.pk])):
        assert client.get(reverse(route, args=args)).status_code == 405, route
