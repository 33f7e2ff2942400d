"""How good the estimates were: sums of the ledger, refusals in words, one job at a time."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.lifecycle import evidence, jobs
from kundenstamm.lifecycle.evidence import judging
from kundenstamm.lifecycle.models import Evidence
from kundenstamm.lifecycle.rules import sentence
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = pytest.mark.django_db


def shop(frieda, how_many=60, days=600):
    """Customers at a pace of their own, some of whom leave."""
    rng, lines = np.random.default_rng(3), []
    for n, who in enumerate(customers(*(f"Kunde {n}" for n in range(how_many)))):
        at, end = days - 7 * (n % 40), 0 if n % 3 else days // 2
        while at > end:
            lines.append((who, AS_OF - timedelta(days=int(at)), EntryKind.SALE, 40 + n))
            at -= 1 + rng.exponential(12 + n % 25)
    post(frieda, lines)


@pytest.fixture(scope="module")
def judged(django_db_setup, django_db_blocker):
    """One judgement for all who only look at it: it takes a while."""
    from django.db import transaction

    from kundenstamm.guard.actions import ensure_owner

    with django_db_blocker.unblock(), transaction.atomic():
        frieda = ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
        shop(frieda)
        made = evidence.judge(as_of=AS_OF, actor=frieda, at=AT)
        bought = list(
            Entry.objects.values_list("customer", "date", "amount").order_by("customer", "date")
        )
        transaction.set_rollback(True)
    return made, bought


def test_what_came_is_what_stands_in_the_ledger(judged):
    made, bought = judged
    last = max(day for _who, day, _amount in bought)
    assert made.horizon_days == 182
    assert [w["ends"] for w in made.windows] == [
        (last - timedelta(182 * n)).isoformat() for n in range(len(made.windows))
    ]
    for window in made.windows:
        cutoff, ends = (date.fromisoformat(window[name]) for name in ("cutoff", "ends"))
        known = {who for who, day, _amount in bought if day <= cutoff}
        after = [row for row in bought if row[0] in known and cutoff < row[1] <= ends]
        assert window["customers"] == len(known)
        assert window["occasions"]["came"] == len({row[:2] for row in after})
        # Goods are estimated at 65 %.
        brought = 0.35 * float(sum(amount for _who, _day, amount in after))
        assert window["contribution"]["came"] == pytest.approx(brought, abs=0.02)


def test_classes_hold_everybody_once_a_window_and_nobody_alone(judged):
    made, _bought = judged
    everybody = sum(window["customers"] for window in made.windows)
    came = sum(window["occasions"]["came"] for window in made.windows)
    expected = sum(window["occasions"]["expected"] for window in made.windows)
    for classes in made.calibration.values():
        assert sum(each["customers"] for each in classes) == everybody
        assert min(each["customers"] for each in classes) >= 5
    for name, total in (("actual", came), ("expected", expected)):
        summed = sum(each[name] * each["customers"] for each in made.calibration["counts"])
        assert summed == pytest.approx(total, abs=0.1)


def test_everything_is_compared_and_the_choice_has_its_reasons(judged):
    made, _bought = judged
    assert list(made.compared) == list(judging.ESTIMATORS)
    for targets in made.compared.values():
        assert {target: tuple(metrics) for target, metrics in targets.items()} == judging.COMPARED
        assert all(value is not None for value in targets["occasions"].values())
    assert made.why
    for language, words in (("de", "Modelle: MBG/NBD"), ("en", "Models: MBG/NBD")):
        assert sentence(made.why[0], language).startswith(words)
    assert json.loads(json.dumps(made.windows)) == made.windows


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (0, "Es sind noch keine Käufe verbucht.", "There are no purchases in the ledger yet."),
        (
            60,
            "Käufe sind bekannt vom 30. Dezember 2025 bis zum",
            "It takes 87 days to predict from an earlier day and compare: that is, sales up to",
        ),
    ],
)
def test_what_is_too_short_says_what_is_needed_and_when(frieda, days, german, english):
    if days:
        shop(frieda, days=days)
    made = evidence.judge(as_of=AS_OF, actor=frieda, at=AT)
    assert (made.horizon_days, made.windows, made.compared) == (None, [], {})
    assert german in sentence(made.refusal, "de")
    assert english in sentence(made.refusal, "en")


def test_so_few_customers_are_not_judged(frieda):
    shop(frieda, how_many=19)
    made = evidence.judge(as_of=AS_OF, actor=frieda, at=AT)
    assert made.refusal["params"]["customers"] == 19
    assert "At least 20 are needed." in sentence(made.refusal, "en")


def test_of_many_customers_some_are_judged(frieda, monkeypatch):
    monkeypatch.setattr(judging, "MOST", 30)
    monkeypatch.setattr(judging, "ESTIMATORS", ("auto",))
    shop(frieda, how_many=60, days=270)
    made = evidence.judge(as_of=AS_OF, actor=frieda, at=AT)
    assert 20 <= made.customers <= 30
    assert made.of_customers == 2 * made.customers


def test_asked_twice_it_is_done_once_and_the_newest_is_shown(frieda):
    assert evidence.latest_evidence(frieda) is None
    assert not evidence.is_being_judged()
    for _ in range(2):
        evidence.ask_for_judgement(actor=frieda, at=AT)
    (waiting,) = ProcrastinateJob.objects.all()
    assert evidence.is_being_judged()
    jobs.judge(**waiting.args)
    jobs.judge_monthly(timestamp=int(AT.timestamp()))
    newest = evidence.latest_evidence(frieda)
    assert [each.as_of for each in Evidence.objects.all()] == [AT.date()] * 2
    assert newest == Evidence.objects.order_by("-pk")[0]
    assert (newest.actor, newest.made_at) == (frieda, AT)


@pytest.mark.parametrize(
    ("role", "reads", "asks"),
    [
        (Role.CONTROLLER, True, True),
        (Role.DATA_PROTECTION, True, False),
        (Role.SALES_LEAD, False, False),
        (Role.REPRESENTATIVE, False, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_sums_over_everybody_are_for_those_who_see_everybody(db, role, reads, asks):
    person = User.objects.create(email="x@example.com", name="X", role=role, created_at=AT)
    for allowed, deed in (
        (reads, lambda: evidence.latest_evidence(person)),
        (asks, lambda: evidence.ask_for_judgement(actor=person, at=AT)),
    ):
        if allowed:
            deed()
        else:
            with pytest.raises(Forbidden):
                deed()


def test_whoever_misses_one_customer_is_shown_no_sum_over_all(frieda):
    (hidden,) = customers("Geheim")
    hidden.confidential = True
    hidden.save()
    with pytest.raises(Forbidden):
        evidence.latest_evidence(frieda)
