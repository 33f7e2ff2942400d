"""Somebody joins: whom they are proposed, what they take over, and that it can all be undone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.care.actions import Happening, record
from kundenstamm.care.complaint_actions import open_complaint
from kundenstamm.care.models import Complaint, Task
from kundenstamm.care.task_actions import Errand, finish, set_task
from kundenstamm.customers import bulk
from kundenstamm.customers.actions import keep_confidential, open_to
from kundenstamm.customers.models import Assignment, BulkAct, Customer, Grant, Representative
from kundenstamm.customers.tests.conftest import knows
from kundenstamm.departures import actions
from kundenstamm.departures.joining.proposing import Asked, Why, newcomers, propose
from kundenstamm.departures.joining.taking_over import Plan, take_over
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, as_the_site, served
from kundenstamm.guard.models import AuditEntry, Team, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.pursuits.models import Pursuit


def by(person):
    return {"actor": person, "at": AT}


def valued(customer, run, thousands):
    Estimate.objects.create(
        run=run, customer=customer, rank=Estimate.objects.count() + 1, stage="regular",
        expected_contribution=thousands * 1000,
    )  # fmt: skip
    return customer


@pytest.fixture
def nora(people):
    """New, in Greta's team, without a code yet."""
    made = User.objects.create(
        email="nora@example.com", name="Nora", role="representative", created_at=AT
    )
    Team.objects.get(name="Nord").members.add(made)
    return made


@pytest.fixture
def wide(base, codes, run):
    """Beside the five of Anna and Bernd: nobody's, and that of Carl's, who has no account."""
    return base | {
        "Linde": valued(served("Linde"), run, 8),
        "Ulme": valued(served("Ulme", (codes["Carl"], -30, None)), run, 4),
    }


def named(lines):
    return {line.customer.name: line.why for line in lines}


def test_who_is_nobodys_comes_first_then_who_is_least_bound(wide, nora, people, codes):
    told = propose(Asked(nora, 2), **by(people["Frieda"]))
    # Anna has most by far, and Eiche is what she would not get round to.
    assert named(told.lines) == {"Linde": Why.NOBODY, "Eiche": Why.RELIEF}
    assert told.lines[0].holder is None
    assert told.lines[1].holder == codes["Anna"]
    assert told.saved > 0
    assert {line.customer.name for line in told.others} == {"Ahorn", "Birke", "Buche", "Fichte",
                                                            "Ulme"}  # fmt: skip
    assert all(line.gain <= 0 for line in told.others)


def test_only_from_those_who_are_named(wide, nora, people, codes):
    told = propose(Asked(nora, 2, frozenset({codes["Bernd"].pk})), **by(people["Frieda"]))
    assert named(told.lines) == {"Linde": Why.NOBODY, "Fichte": Why.RELIEF}


def test_whom_the_newcomer_suits_counts(wide, nora, people, codes):
    """Carl's only customer speaks a language that he does not, in a region that is not his."""
    ulme = wide["Ulme"]
    ulme.trade, ulme.region = "Stein", "Süd"
    ulme.save()
    plain = propose(Asked(nora, 1), **by(people["Frieda"]))
    fitting = propose(Asked(nora, 1, trade="Stein", region="Süd"), **by(people["Frieda"]))
    costs = [
        next(e.cost for e in (*each.lines, *each.others) if e.customer == ulme)
        for each in (plain, fitting)
    ]
    # Bound to Carl wholly: 0.15 × 4,000 × 0.4 × (0.4 + 0.1) less.
    assert costs[0] - costs[1] == Decimal(120)


def test_customers_of_who_is_gone_and_who_has_given_notice(wide, nora, people, codes):
    actions.give_notice(
        actions.fear(people["Bernd"], "Weg", **by(people["Frieda"])), AT + 30 * DAY,
        **by(people["Frieda"]),
    )  # fmt: skip
    told = propose(Asked(nora, 2), **by(people["Frieda"]))
    assert named(told.lines) == {"Linde": Why.NOBODY, "Fichte": Why.GONE}
    # Of what is only feared nothing follows, and the lead of another team learns of none of it.
    actions.fear(people["Anna"], "Vielleicht", **by(people["Frieda"]))
    assert named(propose(Asked(nora, 2), **by(people["Frieda"])).lines) == named(told.lines)
    people["Anna"].is_active = False
    people["Anna"].save()
    told = propose(Asked(nora, 9), **by(people["Frieda"]))
    assert {why for name, why in named(told.lines).items() if name in ("Ahorn", "Birke")} == {
        Why.GONE
    }


def test_confidential_pursued_shared_and_lost_ones_are_not_proposed(wide, nora, people, codes, run):
    keep_confidential(wide["Linde"], **by(people["Frieda"]))
    Assignment.objects.create(customer=wide["Eiche"], representative=codes["Bernd"], starts=TODAY)
    Pursuit.objects.create(
        customer=wide["Ulme"], owner=people["Anna"], first_month=TODAY.replace(day=1),
        opened_by=people["Anna"], opened_at=AT,
    )  # fmt: skip
    Estimate.objects.filter(customer=wide["Buche"]).update(stage="lost")
    told = propose(Asked(nora, 9), **by(people["Frieda"]))
    names = {line.customer.name for line in (*told.lines, *told.others)}
    assert names == {"Ahorn", "Birke", "Fichte"}
    assert told.confidential == 1


def test_a_lead_gives_own_customers_to_the_own_team(wide, nora, people, codes):
    assert {each.name for each in newcomers(people["Greta"])} == {"Anna", "Greta", "Nora"}
    assert newcomers(people["Anna"]).count() == 0
    for name in ("Greta", "Frieda"):
        with as_the_site(people[name]):
            told = propose(Asked(nora, 9), **by(people[name]))
            names = {line.customer.name for line in (*told.lines, *told.others)}
            assert ("Fichte" in names) == (name == "Frieda")
    # The queries alone narrow as well, without the database's wall.
    told = propose(Asked(nora, 9), **by(people["Greta"]))
    assert {line.customer.name for line in (*told.lines, *told.others)} == {
        "Ahorn", "Birke", "Buche", "Eiche"
    }  # fmt: skip
    with pytest.raises(ValidationError):
        propose(Asked(people["Bernd"], 3), **by(people["Greta"]))
    with pytest.raises(Forbidden):
        propose(Asked(nora, 3), **by(people["Anna"]))
    with pytest.raises(ValidationError):
        propose(Asked(nora, 0), **by(people["Frieda"]))


def test_without_a_valuation_nothing_is_proposed(codes, nora, people):
    served("Ahorn", (codes["Anna"], -30, None))
    told = propose(Asked(nora, 3), **by(people["Frieda"]))
    assert told.lines == told.others == []


@pytest.mark.parametrize("who", ["Frieda", "Greta"])
def test_what_is_taken_over_is_served_met_and_complete(wide, nora, people, codes, task, who):
    actor, anna = people[who], people["Anna"]
    told = record(wide["Birke"], Happening("complaint", AT, note="Kratzer"), **by(anna))
    open_complaint(told, owner=anna, **by(anna))
    chosen = [wide[name].pk for name in ("Ahorn", "Birke", "Eiche")]
    with as_the_site(actor):
        act = take_over(nora, chosen, Plan(TODAY, weekly=2, together=2), **by(actor))
    code = Representative.objects.get(user=nora)
    for pk in chosen:
        serving = Assignment.objects.get(customer=pk, ends=None)
        assert (serving.representative, serving.starts) == (code, TODAY)
    assert act.customers == 3
    task.refresh_from_db()
    assert task.owner == Complaint.objects.get().owner == nora
    first = Task.objects.filter(owner=nora).exclude(pk=task.pk).order_by("due", "pk")
    assert [each.customer.name for each in first] == ["Ahorn", "Birke", "Eiche"]
    assert first[2].due - first[0].due >= timedelta(days=7)
    # Anna introduces her to the two dearest, knows them until then, and the third not any more.
    hers = Task.objects.filter(owner=anna)
    assert {each.customer.name: each.due for each in hers} == {
        each.customer.name: each.due for each in first[:2]
    }
    assert "Nora" in hers[0].open("what")
    assert "Anna" in first[0].open("what")
    assert knows(anna, wide["Ahorn"])
    assert not knows(anna, wide["Eiche"])
    assert all(each.ends_at is not None for each in Grant.objects.filter(person=anna))
    noted = set(AuditEntry.objects.filter(kind="insert").values_list("what", flat=True))
    assert {"customers_assignment", "care_task", "customers_bulkact"} <= noted


def test_before_the_day_they_are_open_to_the_newcomer(wide, nora, people, codes):
    later = TODAY + 20 * DAY
    take_over(nora, [wide["Ahorn"].pk, wide["Linde"].pk], Plan(later), **by(people["Frieda"]))
    assert knows(nora, wide["Ahorn"])
    assert knows(people["Anna"], wide["Ahorn"])
    assert min(Task.objects.values_list("due", flat=True)) >= later
    old = Assignment.objects.get(customer=wide["Ahorn"], representative=codes["Anna"])
    assert old.ends == later - DAY
    grant = Grant.objects.get(person=people["Anna"])
    assert grant.ends_at.date() >= later


def test_who_has_no_account_can_introduce_somebody(wide, nora, people):
    take_over(nora, [wide["Ulme"].pk], Plan(TODAY), **by(people["Frieda"]))
    assert "Carl" in Task.objects.get().open("what")
    assert not Grant.objects.exists()


def test_an_opening_that_lasts_is_left_alone(wide, nora, people):
    kept = open_to(people["Anna"], wide["Ahorn"], "Kennt den Chef", **by(people["Frieda"]))
    take_over(nora, [wide["Ahorn"].pk], Plan(TODAY), **by(people["Frieda"]))
    kept.refresh_from_db()
    assert kept.ends_at is None
    assert Grant.objects.filter(person=people["Anna"]).count() == 1


def test_it_is_undone_as_one(wide, nora, people, codes, task):
    anna, frieda = people["Anna"], people["Frieda"]
    mine = set_task(wide["Linde"], Errand("Anrufen", TODAY, frieda), **by(frieda))
    Task.objects.update(created_at=AT - DAY)
    chosen = [wide[name].pk for name in ("Ahorn", "Birke", "Linde")]
    with as_the_site(frieda):
        act = take_over(nora, chosen, Plan(TODAY, together=1), **by(frieda))
    done = Task.objects.get(owner=nora, customer=wide["Birke"])
    finish(done, actor=nora, at=AT + DAY)
    with as_the_site(frieda):
        undone = bulk.undo(BulkAct.objects.get(pk=act.pk), actor=frieda, at=AT + DAY)
    assert undone.back == 3
    assert Task.objects.filter(owner=nora, ended_at=None).count() == 0
    task.refresh_from_db()
    assert (task.owner, task.ended_at) == (anna, None)
    assert not Task.objects.filter(owner=anna, ended_at=None).exclude(pk=task.pk).exists()
    done.refresh_from_db()
    mine.refresh_from_db()
    assert (done.outcome, mine.ended_at) == ("done", None)
    assert not knows(nora, wide["Ahorn"])
    assert Assignment.objects.get(customer=wide["Ahorn"], ends=None).representative == codes["Anna"]
    assert not Assignment.objects.filter(customer=wide["Linde"]).exists()
    assert not Grant.objects.filter(ends_at__gt=AT + DAY).exists()


def test_what_stays_with_the_newcomer_keeps_its_tasks(wide, nora, people, codes):
    act = take_over(nora, [wide["Ahorn"].pk, wide["Birke"].pk], Plan(TODAY), **by(people["Frieda"]))
    Assignment.objects.create(customer=wide["Birke"], representative=codes["Bernd"], starts=TODAY)
    undone = bulk.undo(act, actor=people["Frieda"], at=AT + DAY)
    assert [each.customer.name for each in undone.left] == ["Birke"]
    assert {each.customer.name for each in Task.objects.filter(owner=nora, ended_at=None)} == {
        "Birke"
    }


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(TODAY - DAY), "starts"), (Plan(TODAY + 91 * DAY), "starts"),
        (Plan(TODAY, weekly=0), "weekly"), (Plan(TODAY, together=-1), "together"),
    ],
)  # fmt: skip
def test_a_plan_must_make_sense(wide, nora, people, plan, said):
    with pytest.raises(ValidationError) as refused:
        take_over(nora, [wide["Ahorn"].pk], plan, **by(people["Frieda"]))
    assert said in refused.value.message_dict
    assert not Task.objects.exists()


def test_who_may_not_and_what_may_not_be_taken_over(wide, nora, people, codes):
    frieda = people["Frieda"]
    keep_confidential(wide["Birke"], **by(frieda))
    for chosen in ([], [wide["Birke"].pk]):
        with pytest.raises(ValidationError):
            take_over(nora, chosen, Plan(TODAY), **by(frieda))
    with pytest.raises(Forbidden):
        take_over(nora, [wide["Fichte"].pk], Plan(TODAY), **by(people["Greta"]))
    with pytest.raises(Forbidden):
        take_over(nora, [wide["Ahorn"].pk], Plan(TODAY), **by(people["Anna"]))
    with pytest.raises(ValidationError):
        take_over(people["Emil"], [wide["Ahorn"].pk], Plan(TODAY), **by(frieda))
    take_over(nora, [wide["Ahorn"].pk], Plan(TODAY), **by(frieda))
    assert take_over(nora, [wide["Ahorn"].pk], Plan(TODAY), **by(frieda)) is None
    assert Customer.objects.filter(assignments__representative__user=nora).count() == 1
