"""The base page: its figures are those of the lists behind them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.ledger.models import EntryKind
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.queries import Band, Wanted, base_figures, customer_page
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers, post

pytestmark = pytest.mark.django_db
SALE, VISIT = EntryKind.SALE, EntryKind.VISIT


@pytest.fixture
def base(frieda):
    """Earners, loss-makers, sleepers in between, and some who are late."""
    known = customers(*(f"Kunde {n:02}" for n in range(60)))
    lines = []
    for n, who in enumerate(known[:45]):
        silent = 45 if n % 5 == 0 else 0
        days = range(silent, 640, 20 + n % 7)
        lines += [(who, AS_OF - timedelta(days=day), SALE, 100 + 3 * n) for day in days]
    lines += [(who, AS_OF - timedelta(days=3), VISIT, -1500) for who in known[30:36]]
    post(frieda, lines)
    value_all(as_of=AS_OF - timedelta(days=100), actor=frieda, at=AT)
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    return known


def _all(frieda, **wanted):
    return [row.estimate for row in customer_page(frieda, Wanted(**wanted), size=100).rows]


def test_every_figure_is_the_sum_of_its_list(base, frieda):
    figures = base_figures(frieda)
    everybody = _all(frieda)
    assert figures.contribution_3 == sum(e.year_contribution_3 for e in everybody)
    assert figures.previous_contribution_3 == sum(e.previous_contribution_3 for e in everybody)
    losing = _all(frieda, losing=True)
    assert (figures.loss_makers, figures.loss) == (
        len(losing),
        sum(e.year_contribution_3 for e in losing),
    )
    assert figures.loss_makers == 6
    late = _all(frieda, stages=("at_risk",))
    assert figures.at_risk == len(late) > 0
    assert figures.value_at_risk == sum(e.value_at_risk for e in late)
    assert [e.pk for e in figures.risk_list] == [
        e.pk for e in _all(frieda, stages=("at_risk",), sort="risk")[:10]
    ]
    regulars = _all(frieda, stages=("regular",))
    assert figures.regulars == len(regulars)
    for stage, count in figures.stages.items():
        assert customer_page(frieda, Wanted(stages=(stage,))).about.number == count


def test_every_stretch_of_the_whale_leads_to_its_customers(base, frieda):
    whale = base_figures(frieda).whale["contribution_3"]
    total = Decimal(str(whale["total"]))
    for start, end, from_share, to_share in zip(
        whale["places"], whale["places"][1:], whale["shares"], whale["shares"][1:], strict=False
    ):
        stretch = _all(frieda, ranks=Band(start + 1, end))
        brought = sum(e.year_contribution_3 for e in stretch) / total
        assert float(brought) == pytest.approx(to_share - from_share, abs=2e-6)
    assert whale["loss_makers"] == 6
    assert (
        len(_all(frieda, ranks=Band(1, whale["places"][whale["ranks"].index(whale["peak_rank"])])))
        >= whale["earners"]
    )


def test_limits_on_profit_hold_equal_customers_together(frieda):
    known = customers(*(f"Kunde {n}" for n in range(12)))
    post(frieda, [(who, AS_OF, SALE, 100 * (1 + n // 4)) for n, who in enumerate(known)])
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    for low, high, found in [
        (70, 70, 4),
        (36, None, 8),
        (None, 70, 8),
        (71, 104, 0),
        (35, 105, 12),
    ]:
        band = Band(low and Decimal(low), high and Decimal(high))
        for descending in (True, False):
            assert len(_all(frieda, bands={"profit": band}, descending=descending)) == found


def test_it_shows_what_changed_since_earlier_days(base, frieda):
    trend = base_figures(frieda).trend
    assert [point.as_of for point in trend] == [AS_OF - timedelta(days=100), AS_OF]
    assert trend[-1].contribution_3 == base_figures(frieda).contribution_3


def test_it_costs_six_queries(base, frieda, django_assert_num_queries):
    with django_assert_num_queries(6):
        for estimate in base_figures(frieda).risk_list:
            assert estimate.customer.name


def test_before_the_first_run_and_for_nobody_there_is_nothing(frieda):
    assert base_figures(frieda) is None
    value_all(as_of=AS_OF, actor=frieda, at=AT)
    assert base_figures(None) is None
    empty = base_figures(frieda)
    assert empty.whale == dict.fromkeys(("contribution_1", "contribution_2", "contribution_3"))
    assert (empty.loss_makers, empty.at_risk, empty.risk_list) == (0, 0, [])
