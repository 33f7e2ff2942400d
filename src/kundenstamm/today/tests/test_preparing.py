"""Steps worked out of what the rooms know; refreshed for those with whom something happened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest

from kundenstamm.care.actions import Happening, record, withdraw
from kundenstamm.care.complaint_actions import open_complaint, solve
from kundenstamm.care.models import Survey
from kundenstamm.company.actions import describe
from kundenstamm.customers.models import Customer
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.terms.models import Agreement, Kind
from kundenstamm.today import frames, preparing
from kundenstamm.today.models import Preparation, Step
from kundenstamm.today.tests.conftest import AT, TODAY, served
from kundenstamm.worth.care import causes

DAY = timedelta(days=1)
NAMES = ("Regel", "Still", "Klage", "Rand")


@pytest.fixture
def traded(people, codes):
    """Customers that buy every thirty days; Still has stopped, and all were visited a while ago."""
    for name in NAMES:
        served(name, (codes["Anna"], -365, None))
    rows = [
        {"row": 100 * n + month, "customer": f"Nr{name}", "customer_name": name,
         "date": TODAY - (30 * month + 5) * DAY, "kind": 10, "amount": Decimal(900 + month),
         "document": f"B{name}{month}", "line": 1}
        for n, name in enumerate(NAMES)
        for month in range(5 if name == "Still" else 0, 14)
    ]  # fmt: skip
    lines = pl.DataFrame(rows).with_columns(
        product=pl.lit(None, pl.String), product_name=pl.lit(None, pl.String)
    )
    post_lines(lines, Document("Probe"), actor=people["Frieda"], at=AT)
    value_all(as_of=TODAY, actor=people["Frieda"], at=AT)
    for name in NAMES:
        happened(name, "visit", 20, people, recorded=AT - 20 * DAY)
    return people


def happened(name, kind, days, people, note="", recorded=AT):
    what = Happening(kind, AT - days * DAY, note)
    return record(Customer.objects.get(name=name), what, actor=people["Anna"], at=recorded)


def complained(people):
    seen = happened("Klage", "complaint", 6, people, "Palette beschädigt")
    return open_complaint(seen, actor=people["Anna"], at=AT)


def prepare(people):
    return preparing.prepare_all(TODAY, actor=people["Frieda"], at=AT)


def steps():
    return {each.customer.name: each for each in Step.objects.select_related("customer")}


def test_nothing_before_the_first_valuation(people):
    assert prepare(people) is None
    assert preparing.prepare_due(actor=people["Frieda"], at=AT, today=TODAY) is None


def test_who_is_late_stands_there_and_who_is_served_does_not(traded):
    made = prepare(traded)
    found = steps()
    assert (made.whole, made.steps) == (True, len(found))
    assert "Regel" not in found
    assert found["Still"].cause == "late"
    assert found["Still"].cost_of_waiting > 0
    assert found["Still"].reason["params"]["silent"] == 155


def test_rivals_complaints_and_ending_agreements_are_causes(traded):
    happened("Rand", "rival", 2, traded, "Dichtmeister war da")
    complained(traded)
    Agreement.objects.create(
        customer=Customer.objects.get(name="Regel"), kind=Kind.REBATE, rate=Decimal("0.05"),
        valid_from=TODAY - 300 * DAY, valid_to=TODAY + 9 * DAY, agreed_by=traded["Frieda"],
        agreed_at=AT,
    )  # fmt: skip
    prepare(traded)
    causes = {name: step.cause for name, step in steps().items()}
    assert causes == {"Still": "late", "Rand": "rival", "Klage": "complaint", "Regel": "expiry"}
    assert steps()["Klage"].reason["params"] == {"open": 6}


def test_a_solved_complaint_is_none(traded):
    solve(complained(traded), "Ersetzt", actor=traded["Anna"], at=AT)
    prepare(traded)
    assert "Klage" not in steps()


def test_silence_beyond_the_companys_limit_is_neglect(traded):
    describe({"silence_a": 15, "silence_b": 15, "silence_c": 15}, actor=traded["Frieda"], at=AT)
    prepare(traded)
    assert steps()["Regel"].cause == "neglect"
    assert steps()["Regel"].silence == 20


def test_a_places_own_limit_takes_that_of_the_class_and_is_the_reason(traded):
    Customer.objects.filter(name="Regel").update(link="dealer")
    Customer.objects.filter(name="Rand").update(link="end_customer")
    describe({"silence_dealer": 15, "silence_end_customer": 90}, actor=traded["Frieda"], at=AT)
    prepare(traded)
    found = steps()["Regel"]
    assert (found.cause, found.allowed) == ("neglect", 15)
    assert found.reason["msgid"] == causes.NEGLECT_OF_PLACE
    assert found.reason["params"] == {"silence": 20, "allowed": 15}
    # Of an end customer its own rhythm of thirty days is shorter than the place's ninety.
    assert "Rand" not in steps() or steps()["Rand"].allowed == 30


def test_only_those_touched_are_worked_out_again(traded):
    prepare(traded)
    before = {name: step.pk for name, step in steps().items()}
    seen = happened("Rand", "rival", 1, traded, "Dichtmeister")
    owner = {"actor": traded["Frieda"], "today": TODAY}
    made = preparing.prepare_due(at=AT, **owner)
    assert (made.whole, steps()["Rand"].cause) == (False, "rival")
    assert steps()["Still"].pk == before["Still"]
    withdraw(seen, "Verwechselt", actor=traded["Anna"], at=AT + DAY / 24)
    preparing.prepare_due(at=AT + DAY / 24, **owner)
    assert "Rand" not in steps()
    later = AT + DAY / 4
    assert preparing.prepare_due(at=later, **owner) is not None
    Preparation.objects.update(made_at=later)
    assert preparing.prepare_due(at=later, **owner) is None


def test_a_complaint_that_is_opened_long_after_it_was_heard_is_noticed(traded):
    seen = happened("Klage", "complaint", 6, traded, "Palette", recorded=AT - 6 * DAY)
    Preparation.objects.filter(pk=prepare(traded).pk).update(made_at=AT)
    later = AT + DAY / 4
    open_complaint(seen, actor=traded["Anna"], at=later)
    preparing.prepare_due(actor=traded["Frieda"], at=later, today=TODAY)
    assert steps()["Klage"].cause == "complaint"


def test_a_new_day_or_valuation_prepares_everybody(traded):
    owner = {"actor": traded["Frieda"], "at": AT}
    prepare(traded)
    assert preparing.prepare_due(today=TODAY + DAY, **owner).as_of == TODAY + DAY
    value_all(as_of=TODAY, **owner)
    assert preparing.prepare_due(today=TODAY + DAY, **owner).whole


def test_refreshed_is_as_if_prepared_whole(traded):
    """Whoever is touched gets the same step from a part as from the whole."""
    prepare(traded)
    happened("Rand", "rival", 1, traded, "Dichtmeister")
    preparing.prepare_due(actor=traded["Frieda"], at=AT, today=TODAY)
    part = facts()
    prepare(traded)
    assert part == facts()


def test_a_pass_of_an_earlier_version_kept_no_bounds_so_all_are_prepared(traded):
    prepare(traded)
    Preparation.objects.update(least_a=None, least_b=None)
    happened("Rand", "rival", 1, traded, "Dichtmeister")
    assert preparing.prepare_due(actor=traded["Frieda"], at=AT, today=TODAY).whole


def facts():
    names = ("cost_of_waiting", "cause", "reason", "further", "value_class", "allowed", "silence")
    return {who: [getattr(step, name) for name in names] for who, step in steps().items()}


def test_what_an_import_took_back_has_no_step(traded):
    Customer.objects.filter(name="Still").update(withdrawn=True)
    prepare(traded)
    assert "Still" not in steps()


@pytest.mark.django_db
def test_how_a_complaint_was_handled_is_no_word_on_recommending(people, codes):
    asked = {
        "customer": served("Klage", (codes["Anna"], -365, None)), "asked_by": people["Anna"],
        "asked_at": AT - DAY, "open_until": AT + DAY, "answered_at": AT, "score": 2,
    }  # fmt: skip
    Survey.objects.create(**asked, complaint=complained(people))
    assert frames._scores("").is_empty()
    Survey.objects.create(**asked)
    assert frames._scores("")["score"].to_list() == [2]
