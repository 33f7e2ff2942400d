"""Dealers' reports: noted once, corrected, taken back, and no part of our turnover."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kundenstamm.chain.models import SellThrough
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish
from kundenstamm.importers.refusals import REFUSALS
from kundenstamm.ledger.models import Entry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
HEAD = "Händler;Endkundennummer;Endkunde;von;bis;Umsatz;Menge\n"
SOLD = HEAD + "H1;E1;;01.05.2026;31.05.2026;1.190,00;12\nH1;;Kiosk am Eck;01.05.2026;;50;\n"


@pytest.fixture
def frieda():
    for number in ("H1", "H2", "E1"):
        Customer.objects.create(number=number, name=number, created_at=AT)
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "sold.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def counts(loaded):
    return loaded.new, loaded.changed, loaded.unchanged, loaded.batch.result["refused"]


def test_reports_are_noted_beside_the_ledger_and_attach_the_end_customer(load):
    loaded = load(SOLD)
    assert (loaded.batch.kind, counts(loaded)) == ("sell_through", (2, 0, 0, 0))
    first, second = SellThrough.objects.order_by("-amount")
    assert (first.dealer.number, first.end_customer.number, first.quantity) == ("H1", "E1", 12)
    assert (second.end_customer, second.end_name) == (None, "Kiosk am Eck")
    assert second.last_day == date(2026, 5, 31)
    assert not Entry.objects.exists()
    [link] = ChainLink.objects.all()
    assert (link.upstream.number, link.downstream.number) == ("H1", "E1")
    assert (link.valid_from, link.valid_to) == (date(2026, 5, 1), None)


def test_once_more_changes_nothing_and_another_amount_corrects(load, frieda):
    load(SOLD)
    assert counts(load(SOLD)) == (0, 0, 2, 0)
    corrected = load(SOLD.replace("1.190,00", "1.000,00"))
    assert counts(corrected) == (0, 1, 1, 0)
    assert SellThrough.objects.get(end_name="").amount == 1000
    actions.undo(corrected.batch, actor=frieda, at=AT)
    assert SellThrough.objects.get(end_name="").amount == 1190


def test_what_a_batch_brought_goes_with_it(load, frieda):
    actions.undo(load(SOLD).batch, actor=frieda, at=AT)
    assert not SellThrough.objects.exists()
    assert not ChainLink.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        (";E1;;01.05.2026;;5;", "no_dealer", "Händler"),
        ("H9;E1;;01.05.2026;;5;", "unknown_dealer", "Händler"),
        ("H1;;;01.05.2026;;5;", "no_end_customer", "Endkundennummer"),
        ("H1;E9;;01.05.2026;;5;", "unknown_customer", "Endkundennummer"),
        ("H1;H1;;01.05.2026;;5;", "sold_to_itself", "Endkundennummer"),
        ("H1;E1;;;;5;", "no_date", "von"),
        ("H1;E1;;kürzlich;;5;", "bad_date", "von"),
        ("H1;E1;;01.05.2027;;5;", "far_date", "von"),
        ("H1;E1;;01.05.2026;30.04.2026;5;", "bad_period", "bis"),
        ("H1;E1;;01.05.2026;;;", "no_amount", "Umsatz"),
        ("H1;E1;;01.05.2026;;viel;", "bad_number", "Umsatz"),
        ("E1;H2;;01.05.2026;;5;", "circle", "Endkundennummer"),
    ],
)
def test_what_cannot_be_is_refused_with_the_mend(load, row, reason, column):
    ChainLink.objects.create(
        upstream=Customer.objects.get(number="H2"), downstream=Customer.objects.get(number="E1")
    )
    loaded = load(f"{HEAD}{row}\nH1;;Kiosk;01.05.2026;;7;\n", "sell_through")
    [refused] = loaded.examined.checked.refused.to_dicts()
    assert (refused["row"], refused["reason"], refused["column"]) == (2, reason, column)
    assert REFUSALS[reason].mend
    assert SellThrough.objects.count() == 1


def test_a_file_of_customers_makes_no_circle(load):
    text = "Kundennummer;Kundenname;Händler\nH1;H1;H2\nH2;H2;E1\nE1;E1;H1\nH1X;H1X;H1X\n"
    loaded = load(text, "customers")
    told = [(row["row"], row["reason"]) for row in loaded.examined.checked.refused.to_dicts()]
    assert told == [(4, "circle"), (5, "circle")]
    assert ChainLink.objects.count() == 2


def test_a_link_that_was_ended_stays_so_however_often_files_are_loaded(load):
    text = "Kundennummer;Kundenname;Händler\nE1;E1;H1\n"
    load(text, "customers")
    ChainLink.objects.update(valid_to=date(2026, 5, 31))
    load(text, "customers")
    load(SOLD)
    assert [link.valid_to for link in ChainLink.objects.all()] == [date(2026, 5, 31)]
