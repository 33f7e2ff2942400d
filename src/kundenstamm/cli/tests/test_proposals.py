"""What waits for approval, and the owner's decision, from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from kundenstamm.cli import proposals
from kundenstamm.cli.main import app
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.models import Proposal, ProposalState
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.guard.models import Role, User

AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture
def say(monkeypatch, db):
    monkeypatch.setattr(proposals, "site", lambda: nullcontext())

    def command(*words):
        done = CliRunner().invoke(app(only="proposals"), ["proposals", *words])
        return done.exit_code, done.stdout, done.stderr

    return command


@pytest.fixture
def frieda(db):
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def waits(frieda):
    """A customer's terms wait, proposed by Anna or whom one names."""

    def made(by=None):
        anna = User.objects.create(
            email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=AT
        )
        return Proposal.objects.create(
            customer=Customer.objects.create(number="K1", name="Geheim", created_at=AT),
            rebate="0.2", valid_from=TODAY, valid_to=TODAY + timedelta(days=9), as_of=TODAY,
            reason="Bitte", proposed_by=by or anna, proposed_at=AT, over=["rebate"],
            open_until=TODAY, figures={"cost": 1234.5},
        )  # fmt: skip

    return made


def test_what_waits_is_listed_without_the_customer(say, waits):
    made = waits()
    status, told, _ = say("list")
    assert status == 0
    assert told.splitlines() == [
        f"{made.key}  until {TODAY}  by Anna  1234.5 a year  beyond: rebate",
        "1 waiting.",
    ]
    [row] = json.loads(say("list", "--json")[1])["waiting"]
    assert row["cost"] == 1234.5


@pytest.mark.parametrize("deed", ["approve", "refuse"])
def test_the_owner_decides_once(say, waits, deed):
    made = waits()
    assert say(deed, str(made.key), "--reason", "Wichtig")[0] == 0
    made.refresh_from_db()
    assert made.state == ProposalState[{"approve": "APPROVED", "refuse": "REFUSED"}[deed]]
    assert made.decided_by.name == "Frieda"
    assert bool(made.agreement) is (deed == "approve")
    status, _, refused = say(deed, str(made.key), "--reason", "Wichtig")
    assert (status, bool(refused)) == (1, True)


def test_nobody_approves_their_own(say, waits, frieda):
    made = waits(by=frieda)
    assert say("approve", str(made.key), "--reason", "Ja")[0] == 1
    made.refresh_from_db()
    assert made.state == ProposalState.WAITING


@pytest.mark.parametrize("key", ["x", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_said(say, frieda, key):
    status, _, refused = say("approve", key, "--reason", "Ja")
    assert (status, bool(refused)) == (1, True)
