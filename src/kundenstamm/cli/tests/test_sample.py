"""The sample company in the database says what its tables say, to the last digit."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from django.db.models import Sum

from kundenstamm.care.models import Interaction
from kundenstamm.cli import sample
from kundenstamm.cli.sample.growth import PROSPECTS
from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Assignment, ChainLink, Contact, Customer, Representative
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.ledger.models import Batch, Line, ProductCost
from kundenstamm.lifecycle.models import Stage, ValuationRun
from kundenstamm.serving.models import Activity, AllocationRun, Payment
from kundenstamm.terms.models import Agreement
from kundenstamm.terms.queries import overview
from kundenstamm.worth.late import cost_of_days
from kundenstamm.worth.synthetic import sample_company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 30, 18, tzinfo=UTC)
UNTIL = date(2026, 6, 30)


@pytest.fixture
def frieda():
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture(scope="module")
def company():
    return sample_company(UNTIL, customers=80, years=1)


@pytest.fixture
def run(frieda, company):
    return sample.load(company, as_of=UNTIL, actor=frieda, at=AT)


def test_every_table_with_a_place_is_loaded_whole(run, company):
    assert profile().name == company.profile["name"]
    mains = Contact.objects.filter(is_main=True)
    assert mains.count() == company.customers.height
    assert Customer.objects.count() == company.customers.height + len(PROSPECTS)
    assert mains.exclude(mention="").exists()
    assert Contact.objects.filter(is_main=False, objection="advertising").exists()
    assert ChainLink.objects.count() == company.customers["supplied_by"].drop_nulls().len()
    assert Assignment.objects.count() == company.assignments.height + len(PROSPECTS)
    assert set(company.assignments["representative"]) <= set(
        Representative.objects.values_list("code", flat=True)
    )
    assert ProductCost.objects.count() == company.product_costs.height
    assert Payment.objects.count() == company.payments.height
    done = company.activities.filter(pl.col("kind") != "delivery")
    happened = Counter(Interaction.objects.values_list("kind", flat=True))
    unanswered = Interaction.objects.filter(kind="call", reached=False).count()
    assert happened["visit"] == done.filter(pl.col("kind") == "visit").height
    assert happened["call"] - unanswered == done.filter(pl.col("kind") == "call").height
    assert happened["complaint"] == company.complaints.height
    assert happened["rival"] == company.rival_sightings.height
    assert unanswered > 0
    assert happened["mail"] > 0
    assert not Activity.objects.filter(derived=False).exists()
    assert set(done["note"]) <= {each.open("note") for each in Interaction.objects.all()}
    kinds = Counter(Batch.objects.values_list("kind", flat=True))
    months = company.sales["date"].dt.truncate("1mo").n_unique()
    assert kinds == {"sales": 2, "allocation": months}


def _sums():
    """Kind → what stands in the ledger."""
    found: dict[int, Decimal] = {}
    for line in Line.objects.all():
        assert not line.estimated
        found[line.kind] = found.get(line.kind, Decimal(0)) + line.amount
    return found


def test_the_ledger_has_the_companys_lines_and_no_guess(run, company):
    lines = company.lines().filter((pl.col("kind") < 50) | (pl.col("kind") == 60))
    expected = dict(lines.group_by("kind").agg(pl.sum("amount")).iter_rows())
    assert expected.keys() >= {10, 20, 31, 40, 60}
    found = _sums()
    assert {kind: found[kind] for kind in expected} == expected
    assert not run.estimated_margin


def test_serving_is_what_the_allocations_charged_and_nothing_twice(run, company):
    """Freight beside it; late days and minutes at what they cost, by hand; orders by documents."""
    runs = [each.result for each in AllocationRun.objects.all()]
    charged = sum(Decimal(each["charged"]) + Decimal(each["late"]["charged"]) for each in runs)
    carriers = company.service_costs.filter(pl.col("pool").is_null(), pl.col("kind") == 51)
    found = _sums()
    serving = sum(amount for kind, amount in found.items() if 50 <= kind < 60)
    assert serving == carriers["amount"].sum() - charged
    late = company.payments.filter(pl.col("days_late") > 0).select("amount", "days_late")
    assert found[55] == -sum(cost_of_days(*row, Decimal("0.09")) for row in late.iter_rows())
    visits = company.service_costs.filter(pl.col("kind") == 52)
    months = visits.group_by(pl.col("date").dt.truncate("1mo")).agg(pl.sum("minutes"))
    rate = Decimal(22_800) / 25_000
    assert found[52] == -sum(round(rate * used, 4) for _month, used in months.iter_rows())
    for code, kind in (("visit", 52), ("call", 53), ("complaint", 54)):
        work = company.service_costs.filter(pl.col("kind") == kind)
        of_it = Activity.objects.filter(type__code=code).aggregate(sum=Sum("minutes"))["sum"]
        assert of_it == work["minutes"].sum(), code
    documents = company.sales.filter(pl.col("kind") == 10)["document"].n_unique()
    for code in ("order", "pack"):
        assert Activity.objects.filter(type__code=code, derived=True).count() == documents
    # An alarm that every fourth customer gives would tell nothing.
    assert 0 < run.estimates.filter(alarm="contribution_2").count() < run.estimates.count() / 4


def test_each_customers_contribution_is_that_of_its_lines(run, company):
    lines = company.lines().filter(pl.col("kind") < 50)
    expected = dict(lines.group_by("customer_id").agg(pl.sum("amount")).iter_rows())
    estimates = run.estimates.select_related("customer")
    assert estimates.count() == company.customers.height + len(PROSPECTS)
    for estimate in estimates:
        assert estimate.contribution_1 == expected.get(estimate.customer.number, 0)


def test_reductions_find_the_agreements_that_the_company_made(run, company, frieda):
    """All but those of a handshake."""
    assert (
        Agreement.objects.exclude(kind="bonus").count()
        == company.agreements.filter(
            ~((pl.col("kind") == "rebate") & (pl.col("customer").cast(pl.Int64) % 31 == 0))
        ).height
    )
    found = overview(frieda, UNTIL)
    given = company.sales.filter(pl.col("kind").is_between(30, 39))["amount"].sum()
    assert found.total == -given
    assert all(each.customer.number in ("10013", "10044", "10075") for each in found.unexplained)
    assert len(found.ratchets) == 1


def test_stages_follow_the_hidden_truth(run, company):
    """Most who dropped out more than half a year ago are seen to have; most others not."""
    long_gone = company.truth.filter(pl.col("dropout") < date(2025, 12, 31))["customer"].to_list()
    still = company.truth.filter(pl.col("dropout").is_null(), pl.col("rate") > 6)["customer"]
    stages = dict(run.estimates.values_list("customer__number", "stage"))
    gone = [stages[number] for number in long_gone if stages[number] != Stage.PROSPECT]
    here = [stages[number] for number in still if stages[number] != Stage.PROSPECT]
    assert sum(stage in (Stage.LOST, Stage.AT_RISK) for stage in gone) >= 0.8 * len(gone) > 0
    assert sum(stage != Stage.LOST for stage in here) >= 0.9 * len(here) > 0


def test_whoever_loads_it_knows_its_confidential_customers(company, frieda):
    first = pl.int_range(pl.len()) < 3
    secret = replace(company, customers=company.customers.with_columns(confidential=first))
    sample.load(secret, as_of=UNTIL, actor=frieda, at=AT)
    assert Customer.objects.filter(confidential=True).count() == 3
    known = Customer.objects.visible_to(frieda).count()
    assert known == company.customers.height + len(PROSPECTS)


def test_a_database_with_customers_is_left_alone(frieda):
    Customer.objects.create(number="1", name="Bäcker", created_at=AT)
    assert sample.load_sample(actor=frieda, at=AT) is False
    assert Customer.objects.count() == 1
    assert not ValuationRun.objects.exists()
