"""Departures: to whom they are confided, what is proposed, and that nothing is left at the end."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection

from kundenstamm.care.feed_actions import open_feed
from kundenstamm.care.models import Complaint, Task
from kundenstamm.customers.actions import keep_confidential, open_to
from kundenstamm.customers.models import Assignment, Grant, Representative
from kundenstamm.customers.tests.conftest import knows
from kundenstamm.customers.timeline import local_day
from kundenstamm.departures import actions, ending, planning, returning
from kundenstamm.departures.bound import bound
from kundenstamm.departures.holdings import held_by
from kundenstamm.departures.models import Departure, HandoverLine, Point, State
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, as_the_site, served
from kundenstamm.guard import endings
from kundenstamm.guard.models import AuditEntry, Role, Team, User
from kundenstamm.guard.people_actions import Refused, accept
from kundenstamm.guard.rights import Forbidden
from kundenstamm.playbooks.models import Playbook, PlaybookStep
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.relations.models import Bond, Colleague

HOUR = timedelta(hours=1)


def by(person):
    return {"actor": person, "at": AT}


def seen_by(person):
    """Departures and entries of the audit that a person sees, by the application and the table."""
    with as_the_site(person):
        known = Departure.objects.visible_to(person).count()
        noted = AuditEntry.objects.visible_to(person).filter(what__startswith="departure").count()
        with connection.cursor() as cursor:
            rows = []
            for table in ("departures_departure", "departures_point", "departures_departurechange"):
                cursor.execute(f"SELECT count(*) FROM {table}")
                rows.append(cursor.fetchone()[0])
            cursor.execute("SELECT count(*) FROM guard_auditentry WHERE left(what, 9)='departure'")
            return known, noted > 0, min(rows), cursor.fetchone()[0] > 0


def test_a_fear_is_confided_to_owners_and_who_leads_the_person(feared, people):
    assert seen_by(people["Frieda"]) == (1, True, 1, True)
    assert seen_by(people["Greta"])[:1] == (1,)
    assert seen_by(people["Greta"])[2] == 1
    for name in ("Anna", "Bernd", "Doris", "Emil", "Hanno", "Ida"):
        assert seen_by(people[name]) == (0, False, 0, False), name


def test_another_teams_lead_and_the_person_itself_know_nothing(feared, people):
    other = User.objects.create(
        email="o@example.com", name="Olga", role="sales_lead", created_at=AT
    )
    Team.objects.create(name="Süd").members.set([other, people["Bernd"]])
    assert seen_by(other)[0] == seen_by(other)[2] == 0
    people["Anna"].role = Role.OWNER
    people["Anna"].save()
    assert seen_by(people["Anna"]) == (0, False, 0, False)
    with pytest.raises(Forbidden):
        actions.fear(people["Bernd"], "x", **by(people["Greta"]))
    with pytest.raises(Forbidden):
        actions.fear(people["Frieda"], "x", **by(people["Frieda"]))
    with pytest.raises(Forbidden):
        actions.fear(people["Bernd"], "x", **by(people["Doris"]))


def test_a_fear_may_be_noted_behind_both_walls(base, people):
    for name in ("Frieda", "Greta"):
        with as_the_site(people[name]):
            made = actions.fear(people["Anna"], "Gerücht", **by(people[name]))
            assert made.points.count() == len(Point.What)
            actions.withdraw(made, **by(people[name]))


def test_a_person_leaves_once_at_a_time(feared, people):
    with pytest.raises(ValidationError):
        actions.fear(people["Anna"], "Noch einmal", **by(people["Frieda"]))
    actions.withdraw(feared, **by(people["Greta"]))
    feared.refresh_from_db()
    assert feared.state == State.WITHDRAWN
    assert feared.is_secret
    with pytest.raises(ValidationError):
        actions.give_notice(feared, AT + DAY, **by(people["Frieda"]))
    actions.fear(people["Anna"], "Doch", **by(people["Frieda"]))


def test_a_notice_dates_the_list_backwards_from_the_last_hour(feared, people):
    with pytest.raises(Forbidden):
        actions.give_notice(feared, AT + 30 * DAY, **by(people["Greta"]))
    with pytest.raises(ValidationError):
        actions.give_notice(feared, AT - HOUR, **by(people["Frieda"]))
    actions.give_notice(feared, AT + 30 * DAY, **by(people["Frieda"]))
    due = dict(feared.points.values_list("what", "due"))
    assert due["handover"] == TODAY + 9 * DAY
    assert due["rights"] == TODAY + 30 * DAY
    actions.give_notice(feared, AT + 5 * DAY, **by(people["Frieda"]))
    assert feared.points.get(what="handover").due == TODAY


def test_value_hangs_on_who_serves_alone_more_than_on_one_of_two(base, codes, people):
    Assignment.objects.create(customer=base["Birke"], representative=codes["Bernd"], starts=TODAY)
    told = {
        each.customer.name: (int(each.value), each.share)
        for each in bound(people["Frieda"], codes["Anna"], TODAY)
    }
    assert told == {
        "Ahorn": (40_000, 1), "Birke": (20_000, 0.5), "Buche": (10_000, 1), "Eiche": (1_000, 1)
    }  # fmt: skip


def test_conversations_tell_more_of_that_than_who_serves(base, codes, people, run):
    """Ahorn talks with Anna and is half covered, Birke with Bernd only; with Buche nobody."""
    anna, bernd = (
        Colleague.objects.create(user=people[name], representative=codes[name], name=name)
        for name in ("Anna", "Bernd")
    )
    told = {"strength": 2, "share": 1, "days": 3, "last_day": TODAY, "value": 1, "hanging": 1}
    Bond.objects.create(
        customer=base["Ahorn"], colleague=anna, bound=0.8, cover=0.5, holds=True, **told
    )
    Bond.objects.create(
        customer=base["Birke"], colleague=bernd, bound=0.8, cover=0, holds=True, **told
    )
    found = bound(people["Frieda"], codes["Anna"], TODAY)
    shares = {each.customer.name: each.share for each in found}
    assert shares == {"Ahorn": pytest.approx(0.4), "Birke": 0, "Buche": 1, "Eiche": 1}


@pytest.fixture
def third(people, base):
    """Konrad, who is at home in glass."""
    konrad = User.objects.create(
        email="konrad@example.com", name="Konrad", role="representative", created_at=AT
    )
    made = Representative.objects.create(code="K", name="Konrad", user=konrad)
    glass = served("Glaswerk", (made, -30, None))
    glass.trade = "Glas"
    glass.save()
    return made


def test_each_customer_is_proposed_to_whom_its_trade_suits(feared, third, codes, people):
    assert planning.propose(feared, **by(people["Frieda"])) == 4
    lines = planning.known_lines(Departure.objects.get(), people["Frieda"])
    told = {each.customer.name: each.proposed.name for each in lines}
    assert told["Ahorn"] == told["Buche"] == "Bernd"
    assert told["Birke"] == "Konrad"
    assert [each.customer.name for each in lines] == ["Ahorn", "Birke", "Buche", "Eiche"]
    assert lines[0].at_risk == 6000
    assert planning.known_lines(feared, people["Ida"]) == []


def test_a_change_by_hand_has_its_price_and_stays(feared, third, codes, people):
    planning.propose(feared, **by(people["Frieda"]))
    line = HandoverLine.objects.get(customer__name="Ahorn")
    planning.choose(line, third, **by(people["Frieda"]))
    line.refresh_from_db()
    assert line.successor == third
    # Bernd is at home in trade and region: 0.4 × (0.4 + 0.1) of 6,000 more.
    assert line.price == pytest.approx(1200, abs=1)
    planning.propose(feared, **by(people["Frieda"]))
    line.refresh_from_db()
    assert line.chosen == third
    planning.choose(line, codes["Bernd"], **by(people["Frieda"]))
    assert (line.chosen, line.price) == (None, 0)
    with pytest.raises(ValidationError):
        planning.choose(line, codes["Carl"], **by(people["Frieda"]))


def test_whoever_is_feared_to_leave_takes_nobody_over(feared, third, people):
    actions.fear(third.user, "Auch", **by(people["Frieda"]))
    planning.propose(feared, **by(people["Frieda"]))
    assert {line.proposed.name for line in HandoverLine.objects.all()} == {"Bernd"}


def everything_of(person, base, owner, task):
    """All that one person can hold and come in by."""
    Authenticator.objects.create(user=person, type="totp", data={})
    open_feed(**by(person))
    open_to(person, base["Fichte"], "Vertretung", **by(owner))
    secret = base["Eiche"]
    keep_confidential(secret, **by(owner))
    open_to(person, secret, "Kennt sie", **by(owner))
    Pursuit.objects.create(
        customer=base["Buche"], owner=person, first_month=TODAY.replace(day=1), opened_by=person,
        opened_at=AT,
    )  # fmt: skip
    book = Playbook.objects.create(stage="new")
    PlaybookStep.objects.create(
        playbook=book, position=1, what="Anrufen", function="person", person=person, due_days=1
    )


def test_nothing_is_left_after_the_rights_have_ended(feared, third, task, base, people):
    anna, frieda = people["Anna"], people["Frieda"]
    anna.set_password("x")
    anna.save()
    everything_of(anna, base, frieda, task)
    assert {*endings.left(anna, at=AT)} >= {"account", "password", "calendar", "openings", "teams"}
    planning.propose(feared, **by(frieda))
    with pytest.raises(Forbidden):
        ending.end_rights(feared, **by(people["Greta"]))
    with as_the_site(frieda):
        ending.end_rights(feared, **by(frieda))
    ending.follow(**by(frieda))
    anna.refresh_from_db()
    feared.refresh_from_db()
    assert endings.left(anna, at=AT) == held_by(anna, TODAY) == {}
    assert (feared.state, feared.ended_at) == (State.GONE, AT)
    assert Task.objects.get(pk=task.pk).owner.name == "Bernd"
    assert Pursuit.objects.get().owner.name == "Bernd"
    assert PlaybookStep.objects.get().person is not None
    for customer in base.values():
        holder = Assignment.objects.get(customer=customer, ends=None, starts__lte=TODAY)
        assert holder.representative.user.is_active
        assert any(knows(each, customer) for each in User.objects.all())
        assert not knows(anna, customer)
    assert feared.points.get(what="rights").done_at == AT
    # The audit tells of the account; of the departure it tells the owner only.
    entries = AuditEntry.objects.visible_to(people["Emil"])
    assert entries.filter(what="guard_user").exists()
    assert not entries.filter(what__startswith="departure").exists()


def test_a_confidential_customer_nobody_else_knows_is_opened_to_somebody(feared, base, people):
    anna, frieda = people["Anna"], people["Frieda"]
    keep_confidential(base["Birke"], **by(frieda))
    open_to(anna, base["Birke"], "Nur sie", **by(frieda))
    Grant.objects.filter(person=frieda).delete()
    with as_the_site(frieda):
        ending.end_rights(feared, **by(frieda))
    assert held_by(anna, TODAY) == {"customers": 1}
    ending.follow(**by(frieda))
    assert held_by(anna, TODAY) == {}
    assert any(knows(each, base["Birke"]) for each in User.objects.exclude(pk=anna.pk))


def test_the_hour_ends_them_by_the_job_and_not_before(feared, base, people):
    actions.give_notice(feared, AT + HOUR, **by(people["Frieda"]))
    assert ending.follow(actor=people["Frieda"], at=AT + HOUR / 2) == 0
    assert ending.follow(actor=people["Frieda"], at=AT + HOUR) == 1
    assert ending.follow(actor=people["Frieda"], at=AT + HOUR) == 0
    assert held_by(people["Anna"], TODAY + DAY) == {}


def test_the_last_owner_keeps_nobody_else_waiting(feared, base, people):
    second = User.objects.create(
        email="s@example.com", name="Sven", role="owner", created_at=AT, last_login=AT
    )
    last = actions.fear(people["Frieda"], "Verkauf", **by(second))
    actions.give_notice(last, AT + HOUR / 4, **by(second))
    actions.give_notice(feared, AT + HOUR / 2, **by(people["Frieda"]))
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert ending.follow(actor=people["Frieda"], at=AT + HOUR) == 1
    last.refresh_from_db()
    assert last.state == State.NOTICE
    # An hour later may be another day.
    assert held_by(people["Anna"], local_day(AT + HOUR)) == {}


def test_complaints_go_along(feared, base, people):
    from kundenstamm.care.actions import Happening, record
    from kundenstamm.care.complaint_actions import open_complaint

    told = record(base["Ahorn"], Happening("complaint", AT, note="Kratzer"), **by(people["Anna"]))
    open_complaint(told, owner=people["Anna"], **by(people["Anna"]))
    ending.end_rights(feared, **by(people["Frieda"]))
    complaint = Complaint.objects.get()
    assert complaint.owner != people["Anna"]
    assert complaint.owner.is_active


def test_who_comes_back_has_an_account_and_nothing_else(feared, base, people):
    ending.end_rights(feared, **by(people["Frieda"]))
    with pytest.raises(Forbidden):
        returning.take_back(feared, **by(people["Greta"]))
    link = returning.take_back(feared, **by(people["Frieda"]))
    anna = accept(link, "ein langes Wort und noch eins 7", at=AT)
    assert set(endings.left(anna, at=AT)) == {"account", "password", "invitation"}
    assert not any(knows(anna, each) for each in base.values())
    feared.refresh_from_db()
    assert feared.state == State.CLOSED


def test_the_only_owner_cannot_be_ended(people, codes):
    second = User.objects.create(
        email="s@example.com", name="Sven", role="owner", created_at=AT, last_login=AT
    )
    made = actions.fear(people["Frieda"], "Verkauf", **by(second))
    second.is_active = False
    second.save()
    with pytest.raises((Refused, Forbidden)):
        ending.end_rights(made, **by(second))


# Every pointer to a person: what is passed on or ends; all others tell who did something once.
PASSED_ON = {
    "care.Task.owner", "care.Complaint.owner", "pursuits.Pursuit.owner",
    "playbooks.PlaybookStep.person", "customers.Representative.user",
}  # fmt: skip
ENDS = {
    "mfa.Authenticator.user", "socialaccount.SocialAccount.user", "account.EmailAddress.user",
    "usersessions.UserSession.user", "guard.Invitation.user", "guard.Team_members.user",
    "guard.Team.members", "customers.Grant.person", "care.Feed.person", "today.Wish.person",
    "departures.Absence.person", "departures.Absence.deputy",
    "acquisition.Circle.person",  # with the next pass of its job
}  # fmt: skip
# One's own marks, views and thoughts, and as whom one is known: they open nothing.
OWN = {
    "customers.Star.person", "lifecycle.SavedView.user", "care.Mention.person",
    "guard.Alarm.person", "departures.Departure.person", "acquisition.Referral.colleague",
    "departures.Departure.deputy", "pursuits.Scenario.owner", "relations.Colleague.user",
}  # fmt: skip


def test_every_pointer_to_a_person_is_passed_on_ends_or_is_history():
    from django.apps import apps

    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User
    }
    history = {
        name
        for name in found
        if name.rsplit(".")[-1] in ("by", "actor", "author", "from_owner", "to_owner")
        or name.endswith("_by")
    }
    assert found - history == PASSED_ON | ENDS | OWN
