"""How the database finds a page: along one index from where the last page ended, sorting nothing.

Timings would depend on the machine; the plan is what makes a deep page as cheap as the first.
"""

from __future__ import annotations

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import regions
from kundenstamm.lifecycle.models import Estimate, ValuationRun
from kundenstamm.lifecycle.queries import Band, Wanted, customer_page
from kundenstamm.lifecycle.tests.books import AS_OF, AT

pytestmark = pytest.mark.django_db
CUSTOMERS = 5_000

EXPECTED = {
    "profit": "est_rank",
    "revenue": "est_revenue",
    "value": "est_value",
    "lifetime": "est_lifetime",
    "risk": "est_risk",
    "active": "est_active",
    "last": "est_last",
    "name": "customer_by_name",
    "number": "customers_customer_number",
}


@pytest.fixture
def large(frieda):
    """Enough customers that the planner prefers an index to reading all."""
    run = ValuationRun.objects.create(
        as_of=AS_OF,
        actor=frieda,
        made_at=AT,
        finished_at=AT,
        customers=CUSTOMERS,
        totals={"losses": {"from_rank": CUSTOMERS * 9 // 10}},
    )
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [CUSTOMERS])
        cursor.execute(_ESTIMATES, [run.pk])
        cursor.execute("ANALYZE customers_customer, lifecycle_estimate")
    return run


def test_a_page_is_read_along_its_index(large, frieda):
    middle = Estimate.objects.get(run=large, rank=CUSTOMERS // 2).customer.key
    for sort, descending in product(EXPECTED, (True, False)):
        for place in ({}, {"after": middle}, {"before": middle}):
            plan = _plan(frieda, Wanted(sort=sort, descending=descending), **place)
            assert EXPECTED[sort] in plan, plan
            assert "Sort" not in plan, plan


def test_filters_are_read_along_their_index(large, frieda):
    for wanted, descending in product(({"losing": True}, {"ranks": Band(100, 200)}), (True, False)):
        plan = _plan(frieda, Wanted(**wanted, descending=descending))
        assert "est_rank" in plan, plan
        assert "rank >=" in plan, plan
        assert "Sort" not in plan, plan
    plan = _plan(frieda, Wanted(stages=("at_risk",), sort="risk"))
    assert "est_at_risk" in plan, plan


def test_words_that_very_many_have_are_not_sorted(large, frieda):
    plan = _plan(frieda, Wanted(words="kunde"))
    assert "est_rank" in plan, plan
    assert "Sort" not in plan, plan
    everybody = [row.customer for row in customer_page(frieda, Wanted()).rows]
    assert [row.customer for row in customer_page(frieda, Wanted(words="kunde")).rows] == everybody
    some = [row.customer.search for row in customer_page(frieda, Wanted(words="kunde 17")).rows]
    assert len(some) == 50
    assert all("17" in each for each in some)


def test_rare_words_are_found_by_their_pieces(large, frieda):
    plan = _plan(frieda, Wanted(words="kunde 4711"))
    assert "Seq Scan" not in plan, plan
    assert "est_rank" not in plan, plan


def test_regions_are_those_of_customers_one_may_see(large, frieda):
    Customer.objects.filter(number__endswith="7").update(region="Süd")
    Customer.objects.filter(number__endswith="8").update(region="Nord")
    Customer.objects.filter(number__endswith="9").update(region="Ost", withdrawn=True)
    assert regions(frieda) == ["Nord", "Süd"]
    assert regions(None) == []


def _plan(actor, wanted, **place):
    """The plan of the page's own query: the one with a limit of one more than the page."""
    with CaptureQueriesContext(connection) as captured:
        customer_page(actor, wanted, size=50, **place)
    [query] = [q["sql"] for q in captured if q["sql"].endswith("LIMIT 51")][:1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {query}".replace("%", "%%"), [])
        return "\n".join(row[0] for row in cursor.fetchall())


_CUSTOMERS = """
INSERT INTO customers_customer (key, number, name, kind, link, trade, region, country, postcode,
    city, street, channel, confidential, created_at, withdrawn)
SELECT gen_random_uuid(), (10000 + i)::text, 'Kunde ' || i, 'company', '', '', '', '', '', '', '',
    '', false, now(), false
FROM generate_series(1, %s) AS i
"""

# Figures of all kinds, everyone's different: what a base of some size looks like to the planner.
_ESTIMATES = """
INSERT INTO lifecycle_estimate (run_id, customer_id, last_day, occasions, gross_sales, net_revenue,
    contribution_1, year_gross_sales, year_returns, year_reductions, year_goods,
    year_cost_to_serve, year_winning, year_net_revenue, year_contribution_1, year_contribution_2,
    year_contribution_3, previous_contribution_3, estimated_margin, p_active, expected_occasions,
    expected_contribution, lifetime_value, value_at_risk, why, stage, stage_reason,
    rank, alarm, alarm_reason)
SELECT %s, id, date '2024-01-01' + (hash %% 700), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, hash %% 9973,
    0, 0, 1000 - place, 0, false, hash %% 997 / 997.0, 1, hash %% 7919, hash %% 6997,
    hash %% 5003, '{}',
    (ARRAY['regular', 'lost', 'new', 'at_risk'])[1 + hash %% 4], '{}', place, '', '{}'
FROM (
    SELECT id, abs(hashint8(id)::bigint)::int AS hash,
           row_number() OVER (ORDER BY hashint8(id)) AS place
    FROM customers_customer
) AS made
"""
