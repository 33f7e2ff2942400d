"""A valuation against plain Python, to the cent; and on bases that hardly are any."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import mean, stdev

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.lifecycle.actions import RUNS_WITH_ESTIMATES, value_all
from kundenstamm.lifecycle.models import Estimate, Stage, StageChange, ValuationRun
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post
from kundenstamm.worth.stages import Stage as WorthStage

pytestmark = pytest.mark.django_db
SALE, RETURN, VISIT = EntryKind.SALE, EntryKind.RETURN, EntryKind.VISIT
SUBTOTALS = {
    "net_revenue": (1, 2, 3),
    "contribution_1": (1, 2, 3, 4),
    "contribution_2": (1, 2, 3, 4, 5),
    "contribution_3": (1, 2, 3, 4, 5, 6),
}
LEVELS = {
    "gross_sales": 1,
    "returns": 2,
    "reductions": 3,
    "goods": 4,
    "cost_to_serve": 5,
    "winning": 6,
}

LINES = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(-800, 20).map(lambda days: AS_OF + timedelta(days=days)),
        st.sampled_from([SALE, SALE, SALE, SALE, *EntryKind]),
        st.decimals(-500, 5000, places=4),
    ),
    max_size=60,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES)
def test_levels_equal_the_ledger_to_the_last_digit(frieda, lines):
    with transaction.atomic():
        known = customers(*"ABCDEFG")
        post(frieda, [(known[who], day, kind, amount) for who, day, kind, amount in lines])
        run = value_all(as_of=AS_OF, actor=frieda, at=AT)
        estimates = {e.customer_id: e for e in run.estimates.all()}
        assert estimates.keys() == {customer.pk for customer in known}
        _check_customers(estimates)
        _check_totals(run, estimates)
        transaction.set_rollback(True)


def _check_customers(estimates):
    ever, year = _naive(date.min, AS_OF), _naive(AS_OF - timedelta(364), AS_OF)
    previous = _naive(AS_OF - timedelta(729), AS_OF - timedelta(365))
    for pk, estimate in estimates.items():
        for name in (*LEVELS, *SUBTOTALS):
            assert getattr(estimate, f"year_{name}") == year[pk, name]
        for name in ("gross_sales", "net_revenue", "contribution_1"):
            assert getattr(estimate, name) == ever[pk, name]
        assert estimate.previous_contribution_3 == previous[pk, "contribution_3"]
    ranked = sorted(estimates.values(), key=lambda e: (-e.year_contribution_3, -e.customer_id))
    assert [e.rank for e in ranked] == list(range(1, len(ranked) + 1))


def _check_totals(run, estimates):
    posted = sum(Entry.objects.filter(date__lte=AS_OF).values_list("amount", flat=True), Decimal(0))
    goods = sum((goods for _, _, goods in _estimated()), Decimal(0))
    assert Decimal(run.totals["ever"]["contribution_3"]) == posted + goods
    for name in (*LEVELS, *SUBTOTALS):
        total = sum(getattr(e, f"year_{name}") for e in estimates.values())
        assert Decimal(run.totals["year"][name]) == total
    stages = [e.stage for e in estimates.values()]
    assert run.totals["stages"] == {stage: stages.count(stage) for stage in Stage.values}
    losing = [e for e in estimates.values() if e.year_contribution_3 < 0]
    assert run.totals["losses"]["customers"] == len(losing)
    assert run.totals["losses"]["from_rank"] == min((e.rank for e in losing), default=None)
    if whale := run.totals["whale"]["contribution_3"]:
        profits = [e.year_contribution_3 for e in estimates.values()]
        earned = sum(p for p in profits if p > 0)
        assert whale["peak_share"] == pytest.approx(float(earned / sum(profits)))


def _naive(first, last):
    """(customer, level or subtotal) → exact sum of a period, one entry after the other."""
    sums = defaultdict(Decimal)
    entries = Entry.objects.filter(date__range=(max(first, date(1900, 1, 1)), last))
    lines = [(e.customer_id, e.kind // 10, e.amount) for e in entries]
    lines += [(who, 4, goods) for who, day, goods in _estimated() if first <= day <= last]
    for who, level, amount in lines:
        for name, only in LEVELS.items():
            sums[who, name] += amount if level == only else 0
        for name, levels in SUBTOTALS.items():
            sums[who, name] += amount if level in levels else 0
    return sums


def _estimated():
    """Goods at 65 % of sales and returns, each line rounded by itself."""
    digits = Decimal("0.0001")
    for e in Entry.objects.filter(kind__lt=30, date__lte=AS_OF):
        yield e.customer_id, e.date, (Decimal("-0.65") * e.amount).quantize(digits, ROUND_HALF_UP)


def test_behaviour_is_what_the_days_say(frieda):
    [bakery] = customers("Bäckerei")
    days = [AS_OF - timedelta(days=n) for n in (200, 160, 130, 70, 40)]
    post(frieda, [(bakery, day, SALE, 100) for day in days for _ in range(2)])
    post(frieda, [(bakery, AS_OF - timedelta(days=10), RETURN, -20)])
    estimate = value_all(as_of=AS_OF, actor=frieda, at=AT).estimates.get()
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert (estimate.occasions, estimate.first_day, estimate.last_day) == (5, days[0], days[-1])
    assert estimate.gap_mean == pytest.approx(mean(gaps))
    assert estimate.gap_sd == pytest.approx(stdev(gaps))
    assert estimate.next_expected_day == days[-1] + timedelta(days=40)
    assert estimate.stage == Stage.REGULAR
    assert estimate.stage_since == days[2]
    assert estimate.expected_low <= estimate.expected_contribution <= estimate.expected_high
    assert 0 < estimate.p_active < 1
    assert estimate.estimated_margin


def _rhythms(frieda, how_many):
    """Customers who buy at their own pace, some of whom stopped."""
    known = customers(*(f"Kunde {n}" for n in range(how_many)))
    lines = []
    for n, customer in enumerate(known):
        pace, until = 15 + 7 * (n % 9), AS_OF - timedelta(days=37 * (n % 11))
        day = AS_OF - timedelta(days=700 - 13 * (n % 17))
        while day <= until:
            lines.append((customer, day, SALE, 50 + 10 * (n % 23)))
            day += timedelta(days=pace)
    post(frieda, lines)
    return known


def test_the_same_day_gives_the_same_numbers_and_no_new_history(frieda):
    known = _rhythms(frieda, 60)
    first, second = (value_all(as_of=AS_OF, actor=frieda, at=AT) for _ in range(2))
    assert first.totals == second.totals
    assert _values(first) == _values(second)
    assert StageChange.objects.count() == len(known)
    assert not StageChange.objects.filter(run=second).exists()


def _values(run):
    names = [f.attname for f in Estimate._meta.fields if f.attname not in ("id", "run_id")]
    return list(run.estimates.order_by("rank").values_list(*names))


def test_history_grows_only_where_the_stage_changed(frieda):
    _rhythms(frieda, 40)
    early = value_all(as_of=AS_OF - timedelta(days=200), actor=frieda, at=AT)
    late = value_all(as_of=AS_OF, actor=frieda, at=AT)
    before = dict(early.estimates.values_list("customer", "stage"))
    after = dict(late.estimates.values_list("customer", "stage"))
    changed = {pk: stage for pk, stage in after.items() if stage != before[pk]}
    assert changed
    assert dict(StageChange.objects.filter(run=late).values_list("customer", "stage")) == changed


def test_a_look_back_leaves_the_history_alone(frieda):
    _rhythms(frieda, 40)
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    noted = StageChange.objects.count()
    value_all(as_of=AS_OF - timedelta(days=200), actor=frieda, at=AT)
    assert StageChange.objects.count() == noted


def test_sums_of_old_runs_stay_and_their_estimates_go(frieda):
    customers("A")
    runs = [value_all(as_of=AS_OF + timedelta(days=n - 9), actor=frieda, at=AT) for n in range(6)]
    assert ValuationRun.objects.count() == 6
    kept = set(Estimate.objects.values_list("run", flat=True))
    assert kept == {run.pk for run in runs[-RUNS_WITH_ESTIMATES:]}


def test_what_was_posted_a_moment_ago_counts(frieda):
    """The tables are read in the same transaction, which nobody else sees yet."""
    [bakery] = customers("Bäckerei")
    post(frieda, [(bakery, AS_OF, SALE, 100)])
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert run.totals["ever"]["contribution_3"] == "35.0000"


def test_the_future_is_refused(frieda):
    with pytest.raises(ValueError, match="future"):
        value_all(as_of=AT.date() + timedelta(days=2), actor=frieda, at=AT)


def test_whoever_we_let_go_is_parted_since_that_day(frieda):
    one, other = customers("A", "B")
    post(frieda, [(who, AS_OF, SALE, 100) for who in (one, other)])
    one.parted_on, other.parted_on = AS_OF - timedelta(days=3), AS_OF + timedelta(days=1)
    one.save()
    other.save()
    found = {e.customer_id: e for e in value_all(as_of=AS_OF, actor=frieda, at=AT).estimates.all()}
    assert (found[one.pk].stage, found[one.pk].stage_since) == (Stage.PARTED, one.parted_on)
    assert found[other.pk].stage == Stage.NEW


def test_stages_are_those_of_the_theory():
    assert Stage.values == [stage.value for stage in WorthStage]


def _nothing(_actor):
    return []


def _one_prospect(_actor):
    return customers("A")


def _one_purchase(actor):
    known = customers("A")
    post(actor, [(known[0], AS_OF - timedelta(days=30), SALE, 100)])
    return known


def _only_refunds(actor):
    known = customers(*"ABC")
    post(actor, [(who, AS_OF - timedelta(days=5), RETURN, -10) for who in known])
    return known


def _once_each(actor):
    known = customers(*(f"K{n}" for n in range(30)))
    post(actor, [(who, AS_OF - timedelta(days=9 * n), SALE, 5 + n) for n, who in enumerate(known)])
    return known


def _all_today(actor):
    known = customers(*"ABC")
    post(actor, [(who, AS_OF, SALE, 100) for who in known])
    return known


def _every_day(actor):
    known = customers("A")
    post(actor, [(known[0], AS_OF - timedelta(days=n), SALE, 1) for n in range(1500)])
    return known


def _only_visits(actor):
    known = customers("A")
    post(actor, [(known[0], AS_OF, VISIT, -80)])
    return known


def _huge(actor):
    known = customers("A", "B")
    post(actor, [(known[0], AS_OF - timedelta(days=n), SALE, "9999999999.99") for n in range(5)])
    post(actor, [(known[1], AS_OF - timedelta(days=n), SALE, "0.001") for n in range(5)])
    return known


@pytest.mark.parametrize(
    ("make", "expects"),
    [
        (_nothing, None),
        (_one_prospect, False),
        (_one_purchase, True),
        (_only_refunds, False),
        (_once_each, True),
        (_all_today, False),
        (_every_day, True),
        (_only_visits, False),
        (_huge, True),
    ],
)
def test_a_base_that_hardly_is_one(frieda, make, expects):
    known = make(frieda)
    run = value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert run.customers == run.estimates.count() == len(known)
    if not expects:
        assert run.models_fitted["refusal"]
    for estimate in run.estimates.all():
        assert (estimate.expected_contribution is not None) == expects
        assert estimate.stage_reason["msgid"]
        assert all(reason["msgid"] for reason in estimate.why)
