"""Departures and joining from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from kundenstamm.care.models import Task
from kundenstamm.cli import departures, joining
from kundenstamm.cli.main import app
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.departures.models import Departure
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import AuditEntry, User
from kundenstamm.lifecycle.models import Estimate, ValuationRun

AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture
def say(monkeypatch, db):
    """Anna serves Ahorn and Birke, nobody Linde; Bernd and Nora could take over."""
    for module in (departures, joining):
        monkeypatch.setattr(module, "site", lambda: nullcontext())
    owner = ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
    codes = {}
    for name in ("Anna", "Bernd", "Nora"):
        person = User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role="representative", created_at=AT
        )
        if name != "Nora":
            codes[name] = Representative.objects.create(code=name[0], name=name, user=person)
    run = ValuationRun.objects.create(as_of=TODAY, actor=owner, made_at=AT, finished_at=AT)
    for rank, name in enumerate(("Ahorn", "Birke", "Linde"), start=1):
        customer = Customer.objects.create(number=f"K{rank}", name=name, created_at=AT)
        Estimate.objects.create(
            run=run, customer=customer, rank=rank, stage="regular", expected_contribution=1000
        )
        if name != "Linde":
            Assignment.objects.create(
                customer=customer, representative=codes["Anna"], starts=TODAY - timedelta(days=9)
            )

    def command(*words, fails=False):
        done = CliRunner().invoke(app(only=words[0]), list(words))
        assert (done.exit_code != 0) == fails, done.output
        return done.stderr if fails else done.stdout

    return command


def told(of):
    [entry] = AuditEntry.objects.filter(kind="read", what=of, channel="command")
    names = Customer.objects.filter(pk__in=entry.customers).values_list("name", flat=True)
    return set(names)


def test_a_departure_is_planned_dated_listed_and_ended(say):
    planned = json.loads(say("departures", "plan", "anna@example.com", "--json"))
    assert planned["state"] == "feared"
    assert {(row["name"], row["successor"]) for row in planned["lines"]} == {
        ("Ahorn", "Bernd"), ("Birke", "Bernd"),
    }  # fmt: skip
    assert {row["at_risk"] for row in planned["lines"]} == {"150.00"}
    assert told("departure") == {"Ahorn", "Birke"}
    ends = TODAY + timedelta(days=9)
    said = say("departures", "notice", "anna@example.com", ends.isoformat(), "--hour", "12:30")
    assert f"{ends} 12:30" in said
    [row] = json.loads(say("departures", "list", "--json"))["departures"]
    assert (row["person"], row["state"]) == ("anna@example.com", "notice")
    assert "K1 Ahorn" in say("departures", "show", "anna@example.com")
    assert "ended" in say("departures", "end-rights", "anna@example.com", "--yes")
    assert not User.objects.get(name="Anna").is_active
    assert Departure.objects.get().state == "gone"
    serving = Assignment.objects.filter(ends=None).values_list("representative__name", flat=True)
    assert set(serving) == {"Bernd"}


def test_rights_end_at_once_without_any_preparation(say):
    say("departures", "end-rights", "anna@example.com", fails=True)
    assert User.objects.get(name="Anna").is_active
    say("departures", "end-rights", "anna@example.com", "--yes")
    assert not User.objects.get(name="Anna").is_active
    assert not Assignment.objects.filter(representative__name="Anna", ends=None).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "anna@example.com"], "no departure"), (["plan", "x@example.com"], "Nobody has"),
        (["notice", "anna@example.com", "1999-01-01"], ""),
        (["notice", "anna@example.com", "2999-01-01", "--hour", "noon"], "18:00"),
        (["end-rights", "frieda@example.com", "--yes"], ""),
    ],
)  # fmt: skip
def test_what_does_not_go_is_said(say, words, said):
    answer = say("departures", *words, fails=True)
    assert said in answer
    assert answer.strip()


def test_a_newcomer_is_proposed_customers_and_takes_them_over(say):
    found = json.loads(say("joining", "propose", "nora@example.com", "--customers", "1", "--json"))
    assert [(row["name"], row["why"], row["holder"]) for row in found["customers"]] == [
        ("Linde", "nobody", None)
    ]
    assert told("joining") == {"Linde"}
    assert not Task.objects.exists()
    assert "1 customers" in say("joining", "take-over", "nora@example.com", "--customers", "1")
    assert Task.objects.get(owner__name="Nora").customer.name == "Linde"
    say("joining", "take-over", "nora@example.com", "--customer", "K2", "--together", "0")
    serving = Assignment.objects.filter(representative__name="Nora", ends=None)
    assert set(serving.values_list("customer__name", flat=True)) == {"Linde", "Birke"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["propose", "x@example.com"], "Nobody has"),
        (["propose", "nora@example.com", "--from", "Z"], "--from Z"),
        (["propose", "nora@example.com", "--customers", "0"], "1"),
        (["take-over", "nora@example.com", "--customer", "K9"], "K9"),
        (["take-over", "nora@example.com", "--starts", "1999-01-01"], ""),
    ],
)
def test_what_cannot_be_taken_over_is_said(say, words, said):
    assert said in say("joining", *words, fails=True)
    assert not Assignment.objects.filter(representative__name="Nora").exists()
