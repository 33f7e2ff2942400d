"""Chains: sums are the ledger's, whoever is hidden counts nowhere, and stored is as reckoned."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.chain.actions import reckon_all, reckon_due
from kundenstamm.chain.conflicts import conflicts, sold_on
from kundenstamm.chain.models import Reckoning, SellThrough, Standing
from kundenstamm.chain.queries import Wanted, branch, chains
from kundenstamm.chain.reading import Scope, read_graph
from kundenstamm.chain.tests.conftest import AS_OF, AT, as_somebody, reported
from kundenstamm.chain.what_if import Assumed, what_if
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.lifecycle.queries.runs import latest_run

ALL = Wanted()


def tops(person, wanted=ALL):
    as_somebody(person)
    found = chains(person, wanted, AS_OF, start=0, size=10)
    return found, {row.customer.name: row for row in found.rows}


def reckon(world):
    return reckon_all(AS_OF, actor=world.frieda, at=AT)


def everything(row):
    return {name: value for name, value in vars(row).items() if name != "weakest"} | {
        "weakest": row.weakest and row.weakest.pk
    }


@pytest.mark.parametrize("stored", [True, False])
def test_the_sum_of_a_chain_is_the_ledgers(world, stored):
    if stored:
        reckon(world)
    found, rows = tops(world.frieda)
    assert list(rows) == ["Gross"]
    assert rows["Gross"].whole == found.profit == world.ledger()
    assert rows["Gross"].own == world.ledger("Gross")
    assert (rows["Gross"].members, rows["Gross"].conflicts) == (5, 1)
    gross = branch(world.frieda, world.of["Gross"], AS_OF, start=0, size=10)
    assert sum(row.whole for row in gross.below) == gross.row.behind
    benn = branch(world.frieda, world.of["Benn"], AS_OF, start=0, size=10)
    quarter = (world.ledger("Dom") / 4).quantize(Decimal("0.0001"))
    assert abs(benn.row.behind - world.ledger("Eck") - quarter) <= Decimal("0.0001")
    assert benn.suppliers[world.of["Dom"].pk] == 2


def test_what_is_stored_is_what_would_be_reckoned(world):
    before = [everything(tops(world.frieda)[1]["Gross"])]
    before += [
        everything(row)
        for name in ("Gross", "Ahrens", "Benn", "Eck")
        for found in [branch(world.frieda, world.of[name], AS_OF, start=0, size=10)]
        for row in (found.row, *found.below)
    ]
    reckon(world)
    after = [everything(tops(world.frieda)[1]["Gross"])]
    after += [
        everything(row)
        for name in ("Gross", "Ahrens", "Benn", "Eck")
        for found in [branch(world.frieda, world.of[name], AS_OF, start=0, size=10)]
        for row in (found.row, *found.below)
    ]
    assert before == after


def test_the_weakest_link_is_told_with_what_hangs_on_it(world):
    """Benn is likeliest to go, Gross the largest; Ahrens has most of both: 0.1 × (300 + 20)."""
    reckon(world)
    gross = tops(world.frieda)[1]["Gross"]
    assert gross.weakest.name == "Ahrens"
    assert gross.weakest_at_risk == pytest.approx(32)
    ahrens = branch(world.frieda, world.of["Ahrens"], AS_OF, start=0, size=10).row
    assert ahrens.is_weakest
    assert (ahrens.hanging, ahrens.members) == (1, 2)


@pytest.mark.parametrize("stored", [True, False])
def test_whoever_is_hidden_counts_nowhere(world, stored):
    """Doris may not know of Ahrens: no sum, number or share tells of it."""
    Customer.objects.filter(name="Ahrens").update(confidential=True)
    if stored:
        reckon(world)
    found, rows = tops(world.doris)
    assert list(rows) == ["Gross"]
    gross = rows["Gross"]
    assert gross.whole == world.ledger("Gross", "Benn", "Dom", "Eck")
    assert (gross.members, gross.direct) == (3, 1)
    assert gross.weakest.name == "Benn"
    assert found.profit == gross.whole
    benn = branch(world.doris, world.of["Benn"], AS_OF, start=0, size=10)
    assert benn.row.behind == world.ledger("Dom", "Eck")
    assert benn.suppliers[world.of["Dom"].pk] == 1
    whole, _rows = tops(world.frieda)
    # Frieda does not know Ahrens either: nobody opened it to her.
    assert whole.profit == found.profit


@pytest.mark.parametrize("stored", [True, False])
def test_a_representative_is_told_of_the_chain_below_the_own_customers(world, stored):
    """Anna serves Benn: that Dom has another dealer, too, is none of her business."""
    if stored:
        reckon(world)
    found, rows = tops(world.anna)
    assert list(rows) == ["Benn"]
    assert found.profit == rows["Benn"].whole == world.ledger("Benn", "Dom", "Eck")
    assert rows["Benn"].hanging == 2
    assert tops(world.anna, Wanted(link="wholesaler"))[1] == {}
    assert list(tops(world.anna, Wanted(words="ben", conflicts=True))[1]) == ["Benn"]


def test_of_a_closed_branch_the_stored_figures_are_told_to_who_serves_it(world, monkeypatch):
    """Without Dom's second dealer nothing behind Benn has a way out, so nothing is reckoned."""
    ChainLink.objects.filter(upstream=world.of["Ahrens"], downstream=world.of["Dom"]).delete()
    reckon(world)
    monkeypatch.setattr("kundenstamm.chain.reader.read_graph", None)
    _found, rows = tops(world.anna)
    assert rows["Benn"].whole == world.ledger("Benn", "Dom", "Eck")
    assert branch(world.anna, world.of["Benn"], AS_OF, start=0, size=10).row == rows["Benn"]


def test_figures_are_reckoned_anew_only_after_a_change(world):
    by = {"actor": world.frieda, "at": AT}
    assert reckon_due(**by) is not None
    assert reckon_due(**by) is None
    ChainLink.objects.filter(downstream=world.of["Eck"]).update(valid_to=AS_OF - timedelta(days=1))
    assert tops(world.frieda)[1]["Gross"].members == 4
    assert reckon_due(**by) is not None
    assert Standing.objects.get(customer=world.of["Gross"]).members == 4
    reported(world, "Ahrens", "Café", 5)
    assert reckon_due(**by) is not None
    assert Reckoning.objects.count() == 1


def test_a_link_that_begins_tomorrow_counts_from_tomorrow(world):
    new = Customer.objects.create(number="Neu", name="Neu", created_at=AT)
    tomorrow = AS_OF + timedelta(days=2)
    ChainLink.objects.create(upstream=world.of["Eck"], downstream=new, valid_from=tomorrow)
    reckon(world)
    for day, members in ((AS_OF, 5), (tomorrow, 6)):
        found = chains(world.frieda, ALL, day, start=0, size=10)
        assert [row.members for row in found.rows] == [members]


def test_conflicts_are_told_with_both_amounts_and_of_known_ends_only(world):
    """Dom buys from us and from both dealers; Eck from Benn only."""
    run = latest_run()
    told = conflicts(world.frieda, run, AS_OF, at_most=9)
    assert {(c.end_customer.name, c.dealer.name, c.direct, c.reported) for c in told} == {
        ("Dom", "Ahrens", 100, 300), ("Dom", "Benn", 100, 100)
    }  # fmt: skip
    as_somebody(world.anna)
    [one] = conflicts(world.anna, run, AS_OF, at_most=9)
    assert one.dealer.name == "Benn"
    assert sold_on(world.anna, run, world.of["Ahrens"]) is None
    assert sold_on(world.anna, run, world.of["Benn"]).reported == 500


@pytest.mark.parametrize("stored", [True, False])
def test_a_dealer_that_supplies_somebody_no_longer_is_in_no_conflict_with_us(world, stored):
    of_dom = {"downstream": world.of["Dom"], "upstream": world.of["Ahrens"]}
    ChainLink.objects.filter(**of_dom).update(valid_to=AS_OF - timedelta(days=1))
    if stored:
        reckon(world)
    [one] = conflicts(world.frieda, latest_run(), AS_OF, at_most=9)
    assert one.dealer.name == "Benn"
    ahrens = branch(world.frieda, world.of["Ahrens"], AS_OF, start=0, size=10)
    assert ahrens.row.conflicts == 0
    assert tops(world.frieda)[1]["Gross"].conflicts == 1


def test_a_report_about_a_hidden_end_customer_is_hidden(world):
    Customer.objects.filter(name="Eck").update(confidential=True)
    assert SellThrough.objects.visible_to(world.anna).count() == 1
    assert sold_on(world.anna, latest_run(), world.of["Benn"]).reported == 100


def test_reports_are_in_no_sum_of_ours(world):
    before = read_graph(Scope(latest_run(), AS_OF)).of(world.of["Benn"].pk)
    SellThrough.objects.update(amount=1_000_000)
    assert read_graph(Scope(latest_run(), AS_OF)).of(world.of["Benn"].pk) == before
    assert tops(world.frieda)[0].profit == world.ledger()


def test_what_if_a_dealer_goes(world):
    """Eck hangs on Benn: 400 reported, at the margin that Benn leaves us; Dom stays with Ahrens."""
    found = what_if(world.frieda, world.of["Benn"], AS_OF, Assumed(0.5, 30.0))
    graph = read_graph(Scope(latest_run(), AS_OF))
    margin = graph.of(world.of["Benn"].pk).margin
    assert (found.hanging, found.staying, found.servable) == (1, 1, 1)
    assert found.lost == pytest.approx(40)
    [eck] = found.rows
    assert (eck.customer.name, eck.volume) == ("Eck", 400)
    assert eck.brings == pytest.approx(400 * margin - 30)
    assert found.kept == pytest.approx(eck.brings / 2)
    assert found.net == pytest.approx(found.kept - 40)
    dear = what_if(world.frieda, world.of["Benn"], AS_OF, Assumed(0.5, 1e6))
    assert (dear.servable, dear.kept, dear.net) == (0, 0, -40)


def test_what_if_supposes_the_serving_of_end_customers_whom_one_knows(world):
    """Café and Dom are invoiced; nothing was spent on serving them."""
    assert what_if(world.frieda, world.of["Benn"], AS_OF, Assumed()).assumed.serving == 0
