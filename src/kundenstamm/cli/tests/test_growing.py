"""The commands about growth, chain, pursuits and doubles: objects that other programs rely on."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from kundenstamm.acquisition.preparing import prepare_all
from kundenstamm.cli import acquisition, chain, customers, pursuits, sample
from kundenstamm.cli.main import app
from kundenstamm.customers.models import ChainLink, Customer, MergeProposal
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.worth.synthetic import sample_company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 18, tzinfo=UTC)


@pytest.fixture
def company(monkeypatch):
    """The commands on the test's own database, with a small company in it."""
    for module in (acquisition, chain, customers, pursuits):
        monkeypatch.setattr(module, "site", nullcontext)
    owner = ensure_owner(at=AT)
    sample.load(sample_company(AT.date(), customers=40, years=1), as_of=AT.date(), actor=owner,
                at=AT)  # fmt: skip
    prepare_all(actor=owner, at=AT)
    return owner


def run(*words):
    done = CliRunner().invoke(app(only=words[0]), list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_they_tell_what_their_pages_tell(company):
    """One after the other: the company takes longer than they."""
    found = json.loads(run("acquisition", "channels", "--json"))
    assert found["credit"] == "position"
    won = sum(each["won"] for each in found["channels"])
    assert won == pytest.approx(round(won), abs=0.1)
    assert "Channels as of 2026-06-30, credit by first" in run(
        "acquisition", "channels", "--way", "first"
    )
    bad = CliRunner().invoke(app(only="acquisition"), ["acquisition", "channels", "--way", "x"])
    assert bad.exit_code == 1

    link = ChainLink.objects.select_related("upstream", "downstream").first()
    shown = json.loads(run("chain", "show", link.upstream.number, "--json"))
    assert link.downstream.number in {each["customer"] for each in shown["supplies"]}
    assert link.upstream.name in run("chain", "show", link.upstream.number)
    assert CliRunner().invoke(app(only="chain"), ["chain", "show", "nobody"]).exit_code == 1

    of = Estimate.objects.filter(first_day=None).first().customer
    Pursuit.objects.create(customer=of, owner=company, turnover=1_000, margin="0.4", ramp=1,
                           first_month=AT.date().replace(day=1), opened_by=company,
                           opened_at=AT)  # fmt: skip
    [told] = json.loads(run("pursuits", "list", "--json"))["pursuits"]
    assert (told["customer"], told["chance"]) == (of.number, 0.3)
    assert "1 on the board." in run("pursuits", "list")

    one = Customer.objects.order_by("pk").first()
    twice = Customer.objects.create(number="X1", name=one.name, street=one.street, city=one.city,
                                    postcode=one.postcode, created_at=AT)  # fmt: skip
    MergeProposal.objects.create(kept=one, dropped=twice, proposed_by=company, proposed_at=AT)
    pairs = json.loads(run("customers", "duplicates", "--search", "--json"))
    assert {one.number, "X1"} in [
        {each["first"]["customer"], each["second"]["customer"]} for each in pairs["pairs"]
    ]
    assert pairs["proposed"][0]["drop"]["customer"] == "X1"
    assert f"Proposed by {company.name}" in run("customers", "duplicates")
