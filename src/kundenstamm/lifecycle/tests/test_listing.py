"""The customer list: every customer once, in every order, from either end, however filtered."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.lifecycle.models import Estimate, Stage, ValuationRun
from kundenstamm.lifecycle.queries import (
    SORTS,
    Band,
    Wanted,
    customer_page,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = date(2025, 1, 1)


@pytest.fixture
def base(frieda):
    """Forty customers with many ties and gaps, three of them entered after the run."""
    rng = random.Random(7)
    customers = Customer.objects.bulk_create(
        Customer(
            number=f"K{i:03}",
            name=rng.choice(["Müller", "Muller GmbH", "Zink", "Ährenhof", "Öllinger"]),
            region=rng.choice(["Nord", "Süd", ""]),
            link=rng.choice(["dealer", "end_customer"]),
            created_at=AT,
        )
        for i in range(40)
    )
    anna = Representative.objects.create(code="anna", name="Anna")
    Assignment.objects.bulk_create(
        Assignment(customer=customer, representative=anna, starts=FIRST)
        for customer in customers[::3]
    )
    run = ValuationRun.objects.create(
        as_of=date(2026, 2, 28), actor=frieda, made_at=AT, finished_at=AT, customers=37
    )
    estimates = [_estimate(run, customer, rng) for customer in customers[:37]]
    estimates.sort(key=lambda e: (-e.year_contribution_3, -e.customer_id))
    for rank, estimate in enumerate(estimates, 1):
        estimate.rank = rank
    Estimate.objects.bulk_create(estimates)
    losing = [estimate.rank for estimate in estimates if estimate.year_contribution_3 < 0]
    run.totals = {"losses": {"from_rank": min(losing)}}
    run.save()
    return run


def _estimate(run, customer, rng):
    def maybe(value):
        return value if rng.random() < 0.7 else None

    return Estimate(
        run=run,
        customer=customer,
        stage=rng.choice(Stage.values),
        year_net_revenue=Decimal(rng.randrange(4)),
        year_contribution_3=Decimal(rng.randrange(-3, 4)),
        expected_contribution=maybe(Decimal(rng.randrange(3))),
        value_at_risk=maybe(Decimal(rng.randrange(3))),
        p_active=maybe(rng.randrange(3) / 2),
        last_day=maybe(FIRST + timedelta(days=rng.randrange(3))),
    )


WANTED = st.builds(
    Wanted,
    sort=st.sampled_from(sorted(SORTS)),
    descending=st.booleans(),
    words=st.sampled_from(["", "", "m", "mueller", "gmbh k0", "nobody"]),
    stages=st.sampled_from([(), (), ("regular", "lost"), ("prospect",)]),
    links=st.sampled_from([(), ("dealer",)]),
    regions=st.sampled_from([(), ("Nord", "")]),
    representatives=st.sampled_from([(), ("anna",)]),
    ranks=st.sampled_from([Band(), Band(3, 20), Band(None, 5)]),
    bands=st.sampled_from(
        [{}, {"profit": Band(Decimal(-1), Decimal(1))}, {"revenue": Band(None, Decimal(2))}]
    ),
    losing=st.booleans(),
)
WITHOUT_FILTERS = st.builds(Wanted, sort=st.sampled_from(sorted(SORTS)), descending=st.booleans())
MANY = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@MANY
@given(wanted=WANTED | WITHOUT_FILTERS, size=st.integers(1, 45))
def test_paging_visits_each_customer_once_in_order(base, frieda, wanted, size):
    expected = _naive(base, wanted)
    assert _walk(frieda, wanted, size) == expected
    narrows = wanted.narrows_customers or wanted.narrows_estimates
    assert customer_page(frieda, wanted).about.number == (
        len(expected) if narrows else base.customers
    )


@MANY
@given(wanted=WANTED | WITHOUT_FILTERS, size=st.integers(1, 12))
def test_paging_back_shows_the_pages_before(base, frieda, wanted, size):
    pages = _pages(frieda, wanted, size)
    for earlier, later in pairwise(pages):
        back = customer_page(frieda, wanted, before=later.before, size=size)
        assert [row.customer for row in back.rows] == [row.customer for row in earlier.rows]
        assert back.after == earlier.after


def _walk(actor, wanted, size):
    return [row.customer.number for page in _pages(actor, wanted, size) for row in page.rows]


def _pages(actor, wanted, size):
    pages = [customer_page(actor, wanted, size=size)]
    while pages[-1].after:
        pages.append(customer_page(actor, wanted, after=pages[-1].after, size=size))
    return pages


def _naive(run, wanted):
    """The whole list by plain Python: filter everything, then sort everything."""
    estimates = {e.customer_id: e for e in run.estimates.all()}
    served = set(Assignment.objects.values_list("customer", flat=True))
    rows = [
        (customer, estimates.get(customer.pk))
        for customer in Customer.objects.all()
        if _wants_customer(wanted, customer, served)
        and _wants_estimate(wanted, estimates.get(customer.pk))
    ]
    return [customer.number for customer, _ in _sorted(wanted, rows)]


def _wants_customer(wanted, customer, served):
    folded = customer.search
    words = [w.lower().replace("ue", "u") for w in wanted.words.split()]
    starts = [" " + piece for piece in folded.split()]
    return (
        all(w in folded and (len(w) > 2 or any(f" {w}" in s for s in starts)) for w in words)
        and (not wanted.links or customer.link in wanted.links)
        and (not wanted.regions or customer.region in wanted.regions)
        and (not wanted.representatives or customer.pk in served)
    )


def _wants_estimate(wanted, estimate):
    if estimate is None:
        return not wanted.narrows_estimates
    bands = [("rank", wanted.ranks)]
    names = {"profit": "year_contribution_3", "revenue": "year_net_revenue"}
    bands += [(names[name], band) for name, band in wanted.bands.items()]
    return (
        (not wanted.stages or estimate.stage in wanted.stages)
        and (not wanted.losing or estimate.year_contribution_3 < 0)
        and all(_within(getattr(estimate, name), band) for name, band in bands)
    )


def _within(value, band):
    return (band.low is None or value >= band.low) and (band.high is None or value <= band.high)


def _sorted(wanted, rows):
    sort = SORTS[wanted.sort]
    descending = wanted.descending != sort.best_first

    def value(row):
        customer, estimate = row
        return getattr(customer if sort.of_customer else estimate, sort.column, None)

    def ordered(some, key):
        return sorted(some, key=key, reverse=descending)

    known = [row for row in rows if value(row) is not None]
    missing = [row for row in rows if value(row) is None and row[1] is not None]
    since = [row for row in rows if value(row) is None and row[1] is None]
    return [
        *ordered(known, lambda row: (value(row), row[0].pk)),
        *ordered(missing, lambda row: row[0].pk),
        *ordered(since, lambda row: row[0].pk),
    ]


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_a_page_costs_the_same_few_queries(base, frieda, sort, django_assert_max_num_queries):
    wanted = Wanted(sort=sort)
    middle = customer_page(frieda, wanted, size=10).after
    for arguments in ({"size": 5}, {"size": 45}, {"after": middle}, {"before": middle}):
        with django_assert_max_num_queries(9):
            customer_page(frieda, wanted, **arguments)


def test_rows_say_who_serves_the_customer(base, frieda):
    rows = customer_page(frieda, Wanted(representatives=("anna",)), size=45).rows
    assert len(rows) == 14
    assert all(row.representatives == ["Anna"] for row in rows)


def test_nobody_sees_nothing(base):
    assert customer_page(None, Wanted()).rows == []


def test_a_vanished_customer_leads_to_the_first_page(base, frieda):
    first = customer_page(frieda, Wanted(), size=5)
    assert customer_page(frieda, Wanted(), after=uuid.uuid4(), size=5).rows == first.rows


def test_before_any_run_the_list_is_by_name(frieda):
    for name in ("Zink", "Ährenhof", "Meier"):
        Customer.objects.create(number=name, name=name, created_at=AT)
    page = customer_page(frieda, Wanted(descending=False))
    assert [row.customer.name for row in page.rows] == ["Ährenhof", "Meier", "Zink"]
    assert customer_page(frieda, Wanted()).about.number == 3
    assert customer_page(frieda, Wanted(stages=("regular",))).rows == []


@pytest.mark.parametrize(
    "wrong",
    [{"sort": "secret"}, {"bands": {"secret": Band()}}, {"stages": ("secret",)}],
)
def test_unknown_wishes_are_refused(wrong):
    with pytest.raises(ValueError, match="secret"):
        Wanted(**wrong)
