"""Agreements are made, renewed and ended; what does not fit together is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.terms.actions import agree, end_agreement
from kundenstamm.terms.conditions import Conditions
from kundenstamm.terms.models import Kind, State
from kundenstamm.terms.tests.conftest import AT, JANUARY

JULY = date(2026, 7, 1)


def test_an_agreement_is_kept_with_who_agreed(promise, frieda):
    made = promise("bonus", tiers=[("50000", "0.01"), ("100000", "0.02")])
    made.refresh_from_db()
    assert (made.agreed_by, made.agreed_at, made.state) == (frieda, AT, State.AGREED)
    assert [str(tier.rate) for tier in made.tiers.all()] == ["0.0100", "0.0200"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.REBATE, {}),
        (Kind.REBATE, {"rate": "1.2"}),
        (Kind.REBATE, {"rate": "0.05", "ends": date(2025, 12, 31)}),
        (Kind.REBATE, {"rate": "0.05", "payment_days": 30}),
        (Kind.REBATE, {"rate": "0.05", "tiers": [("0", "0.1")]}),
        (Kind.PROMOTION, {"rate": "0.05"}),
        (Kind.TIERED, {}),
        (Kind.TIERED, {"rate": "0.05", "tiers": [("0", "0.1")]}),
        (Kind.TIERED, {"tiers": [("0", "1.5")]}),
        (Kind.BONUS, {}),
        (Kind.BONUS, {"rate": "0.05", "tiers": [("0", "0.1")]}),
        (Kind.FREE_GOODS, {"free_quantity": 1}),
        (Kind.PAYMENT_TERM, {}),
        (Kind.PAYMENT_TERM, {"payment_days": 30, "rate": "0.02"}),
        (Kind.PAYMENT_TERM, {"payment_days": 30, "rate": "0.02", "discount_days": 31}),
    ],
)
def test_conditions_fit_their_kind(promise, kind, told):
    with pytest.raises(ValidationError):
        promise(kind, **told)


def test_what_is_renewed_ends_the_day_before(promise):
    first = promise("rebate", "0.05")
    promise("rebate", "0.06", JULY, renews=first)
    first.refresh_from_db()
    assert (first.valid_to, first.state) == (JULY - timedelta(days=1), State.ENDED)


def test_a_promotion_that_ran_out_is_renewed_as_it_was(promise):
    first = promise("promotion", "0.05", ends=date(2026, 3, 31))
    promise("promotion", "0.05", date(2026, 4, 1), date(2026, 6, 30), renews=first)
    first.refresh_from_db()
    assert (first.valid_to, first.state) == (date(2026, 3, 31), State.AGREED)


def test_only_ones_own_kind_is_renewed(promise, customer):
    first = promise("rebate", "0.05")
    other = Customer.objects.create(number="K2", name="K2", created_at=AT)
    with pytest.raises(ValidationError):
        promise("promotion", "0.05", JULY, JULY, renews=first)
    with pytest.raises(ValidationError):
        promise("rebate", "0.05", JULY, renews=first, who=other)
    with pytest.raises(ValidationError):
        promise("rebate", "0.05", JANUARY, renews=first)


def test_an_end_is_neither_put_off_nor_before_the_start(promise, frieda):
    made = promise("promotion", "0.05", ends=date(2026, 6, 30))
    for day in (date(2026, 7, 1), date(2025, 12, 31)):
        with pytest.raises(ValidationError):
            end_agreement(made, day, actor=frieda, at=AT)
    end_agreement(made, date(2026, 5, 31), actor=frieda, at=AT)
    made.refresh_from_db()
    assert (made.valid_to, made.state) == (date(2026, 5, 31), State.ENDED)


def test_who_may_not_is_refused(customer, frieda, promise):
    anna = User.objects.create(
        email="anna@example.com", name="Anna", role=Role.REPRESENTATIVE, created_at=AT
    )
    lead = User.objects.create(
        email="lead@example.com", name="Lead", role=Role.SALES_LEAD, created_at=AT
    )
    made = promise("rebate", "0.05")
    for person in (anna, lead):
        with pytest.raises(Forbidden):
            agree(customer, Conditions("rebate", JANUARY), actor=person, at=AT)
        with pytest.raises(Forbidden):
            end_agreement(made, JULY, actor=person, at=AT)
