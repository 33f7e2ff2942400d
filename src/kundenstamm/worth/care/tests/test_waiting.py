"""The cost of waiting: by hand, what raises it, and what always holds."""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kundenstamm.worth.care import causes
from kundenstamm.worth.care.effect import PRIORS, Cause
from kundenstamm.worth.care.fading import fading
from kundenstamm.worth.care.known import Known
from kundenstamm.worth.care.tests.bases import AS_OF, ago, contacts, customer, customers
from kundenstamm.worth.care.waiting import Assumptions, prepare
from kundenstamm.worth.models import ModifiedBetaGeoNBD

FRESH = contacts(3)


def _model():
    model = ModifiedBetaGeoNBD()
    model.r_, model.alpha_, model.a_, model.b_ = 1.5, 40.0, 0.5, 4.0
    return model


def _gave(score, day):
    return pl.DataFrame({"customer_id": ["K"], "day": [ago(day)], "score": [score]})


def _dated(*days, **columns):
    return pl.DataFrame(
        {"customer_id": ["K"] * len(days), "day": [ago(day) for day in days]} | columns
    )


def _told(model=None, changed=None, assumptions=None, since=None, **tables):
    known = Known.of(customers(customer(**(changed or {}))), **({"contacts": FRESH} | tables))
    found = prepare(known, AS_OF, model, assumptions, usual_gap=30.0, recorded_since=since)
    return found.row(0, named=True) if found.height else None


def _reason(row):
    reason = json.loads(row["reason"])
    return reason["msgid"].format(**reason["params"])


def test_a_customer_that_is_well_and_was_spoken_to_waits_at_no_cost():
    assert _told(_model()) is None


def test_neglect_by_hand():
    """Allowed 30 days, silent for 120: three silences too long; 120 of 180 days have worn."""
    row = _told(contacts=contacts(120))
    if_active = 1_000 / 0.95
    usual = if_active * 0.95 * (1 - math.exp(math.log(0.8) * 7 / 365)) * (120 / 180) ** 2
    assert row["cost_of_waiting"] == pytest.approx(0.3 * usual * (1 + 3))
    assert (row["cause"], row["minutes"], row["further"]) == ("neglect", 15, [])
    assert _reason(row) == (
        "Last conversation 120 days ago; 30 days are the most for this customer."
    )


def test_a_complaint_by_hand():
    row = _told(complaints=_dated(6, 2, answered=[False, True]))
    assert row["cause"] == "complaint"
    assert row["cost_of_waiting"] == pytest.approx(0.6 * 0.03 * 1_000, rel=0.01)
    assert _reason(row) == "Complaint open for 6 days; the customer has no answer yet."
    answered = _told(complaints=_dated(6, answered=[True]))
    assert answered["cost_of_waiting"] == pytest.approx(0.6 * 0.015 * 1_000, rel=0.01)
    assert _reason(answered) == "Complaint answered and not solved, open for 6 days."


def test_late_is_what_falls_in_a_week_unless_the_customer_comes_by_itself():
    changed = {"last_day": ago(70), "occasions": 11}
    row = _told(_model(), changed, contacts=contacts(200))
    one = fading(customers(customer(**changed)), AS_OF, _model()).row(0, named=True)
    falls = 1_000 / 0.95 * (one["p_now"] - one["p_week"]) * (1 - one["buying_week"])
    later = json.loads(row["reason"])
    assert later["msgid"] == causes.LATE
    assert later["params"] == {"usual": 30, "silent": 70}
    assert row["cost_of_waiting"] > 0.3 * falls > 0
    assert [json.loads(each)["msgid"] for each in row["further"]] == [causes.NEGLECT]


@pytest.mark.parametrize(
    ("tables", "cause", "said"),
    [
        ({"rivals": _dated(9)}, "rival", "A rival was seen 9 days ago."),
        ({"scores": _gave(3, 6)}, "detractor", "Gave us 3 of 10 6 days ago."),
        (
            {"agreements": pl.DataFrame({"customer_id": ["K"], "ends": [ago(-14)]})},
            "expiry",
            "An agreement ends in 14 days.",
        ),
        (
            {"agreements": pl.DataFrame({"customer_id": ["K"], "ends": [ago(5)]})},
            "expiry",
            "An agreement ended 5 days ago.",
        ),
        (
            {"contacts": contacts()},
            "neglect",
            "No conversation on record for at least 400 days; 30 days are the most for this "
            "customer.",
        ),
    ],
)
def test_other_causes_and_how_they_are_said(tables, cause, said):
    row = _told(**({"contacts": contacts(25)} | tables))
    assert row["cost_of_waiting"] > 0
    assert (row["cause"], _reason(row)) == (cause, said)


def test_a_group_no_longer_bought_and_drift_are_said():
    bought = [("oil", day, 50.0) for day in range(200, 380, 30)]
    bought += [("glue", day, 5.0) for day in range(5, 400, 20)]
    groups = pl.DataFrame(
        [("K", name, ago(day), worth) for name, day, worth in bought],
        ["customer_id", "product_group", "day", "contribution"], orient="row",
    )  # fmt: skip
    row = _told(groups=groups)
    assert _reason(row) == (
        "No oil bought for 200 days, every 30 days before; it brought 608.33 a year."
    )
    row = _told(contacts=contacts(25, *range(301, 400, 9)))
    assert _reason(row) == (
        "Since becoming a regular, conversations fell from 9.9 to 0.3 a quarter."
    )


@pytest.mark.parametrize(
    "changed",
    [{"expected_contribution": -50.0}, {"expected_contribution": None}, {"stage": "parted"}],
)
def test_of_whom_nothing_is_expected_nothing_is_lost(changed):
    assert _told(changed=changed, contacts=contacts(300)) is None


def test_who_recommends_us_or_answered_better_since_is_no_detractor():
    assert _told(scores=_gave(7, 6)) is None
    assert _told(scores=pl.concat([_gave(3, 6), _gave(9, 2)])) is None
    assert _told(scores=pl.concat([_gave(9, 6), _gave(3, 2)]))["cause"] == "detractor"


def test_a_rival_seen_since_the_last_conversation_is_news():
    news = _told(contacts=contacts(10), rivals=_dated(9))
    old = _told(contacts=contacts(9), rivals=_dated(10))
    assert news["cost_of_waiting"] > 50 * old["cost_of_waiting"] > 0


def test_records_that_begin_today_accuse_nobody_of_neglect():
    assert _told(contacts=contacts(), since=ago(0)) is None


def test_soon_after_a_conversation_another_one_brings_little():
    changed = {"last_day": ago(70), "occasions": 11}
    costs = [
        _told(_model(), changed, contacts=contacts(day, two_way=False))["cost_of_waiting"]
        for day in (2, 30, 90, 180, 400)
    ]
    assert costs == sorted(costs)
    assert costs[0] < 0.01 * costs[-1]
    assert costs[3] == costs[4]


@settings(max_examples=6, deadline=None)
@given(st.floats(0.01, 100), st.integers(1, 300), st.integers(10, 300), st.floats(0, 0.9))
def test_cost_is_finite_follows_the_currency_and_what_a_conversation_does(
    rate, spoken, silent, kappa
):
    changed = {"last_day": ago(silent), "occasions": 9}
    tables = {"contacts": contacts(spoken), "rivals": _dated(4)}
    dearer = changed | {"expected_contribution": 1_000.0 * rate}
    usual = _told(_model(), changed, **tables)
    assert usual is not None
    assert math.isfinite(usual["cost_of_waiting"])
    told = _told(_model(), dearer, **tables)
    assert told["cost_of_waiting"] == pytest.approx(rate * usual["cost_of_waiting"], rel=1e-6)
    all_equal = Assumptions(kappas=dict.fromkeys(PRIORS, kappa))
    other = _told(_model(), changed, all_equal, **tables)
    expected = kappa / 0.3 * usual["cost_of_waiting"]
    assert (other["cost_of_waiting"] if other else 0.0) == pytest.approx(expected, abs=1e-9)


def test_no_week_takes_more_than_there_is():
    known = Known.of(
        customers(*(customer(n, last_day=ago(n * 7), occasions=2 + n) for n in range(1, 50))),
        contacts=contacts(customer_id="1").with_columns(pl.col("customer_id").cast(pl.Int32)),
    )
    found = prepare(known, AS_OF, _model(), usual_gap=30.0)
    assert found["cost_of_waiting"].is_between(0, 1_000, closed="right").all()
    assert found["cost_of_waiting"].is_sorted(descending=True)
    assert found["customer_id"].is_unique().all()


def test_the_curve_falls_and_nothing_is_missing():
    rows = [customer(n, first_day=ago(n * 20 + 5), last_day=ago(n * 10), occasions=1 + n % 7,
                     gap_mean=None, gap_sd=None) for n in range(40)]  # fmt: skip
    found = fading(customers(*rows), AS_OF, _model(), 30.0)
    assert (found["p_week"] <= found["p_now"]).all()
    numbers = found.select("p_now", "p_week", "buying_week", "yearly_loss", "late_after").to_numpy()
    assert np.isfinite(numbers).all()
    assert found["yearly_loss"].is_between(0.02, 3.0).all()


def test_every_cause_has_its_weight_minutes_and_sentence():
    assumed = Assumptions()
    for table in (assumed.kappas, assumed.minutes, causes.sentences(),
                  causes.weekly_losses(assumed.weights)):  # fmt: skip
        assert set(table) == set(Cause)


@pytest.mark.parametrize("model", [None, _model()])
def test_nobody_costs_nothing(model):
    nobody = customers().clear()
    assert prepare(Known.of(nobody), AS_OF, model).height == 0
    everything = set(prepare(Known.of(customers(), contacts=contacts(99)), AS_OF, model).columns)
    assert set(prepare(Known.of(nobody), AS_OF, model).columns) == everything


def test_exact_money_and_customers_without_an_estimate_will_do():
    rows = [customer("K"), customer("L", expected_contribution=None, p_active=None)]
    exact = customers(*rows).with_columns(
        pl.col("expected_contribution").cast(pl.Decimal(18, 4)), gap_sd=pl.lit(None)
    )
    held = pl.concat([contacts(99), contacts(99, customer_id="L")])
    found = prepare(Known.of(exact.drop("regular_day"), contacts=held), AS_OF, _model())
    assert found["customer_id"].to_list() == ["K"]


def _held(hanging, others=None, leaving=0.1):
    return pl.DataFrame(
        {"customer_id": ["K"], "holder": ["Anna"], "hanging": [hanging], "leaving": [leaving],
         "others_day": [ago(others) if others is not None else None]},
        schema_overrides={"others_day": pl.Date},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("others", "says"),
    [
        (None, "Nobody but Anna has ever spoken with them."),
        (426, "Only Anna speaks with them; anybody else did so 426 days ago."),
    ],
)
def test_what_hangs_on_one_person_by_hand(others, says):
    """One in ten leaves a year; then 15.4 % of 900 are lost, a third of which a visit covers."""
    row = _told(bonds=_held(900.0, others))
    usual = 1_000 * (1 - math.exp(math.log(0.8) * 7 / 365)) * (3 / 180) ** 2
    held = 0.1 * 7 / 365 * 0.154 * 900
    assert row["cost_of_waiting"] == pytest.approx(held / 3 + 0.3 * usual)
    assert (row["cause"], row["minutes"]) == ("cover", 60)
    assert _reason(row).startswith(says)


def test_of_customers_of_class_c_and_of_covered_ones_nobody_is_reminded():
    known = Known.of(
        customers(customer("A", expected_contribution=1e6), customer("K")),
        contacts=pl.concat([FRESH, contacts(3, customer_id="A")]),
        bonds=pl.concat([_held(900.0), _held(0.0).with_columns(customer_id=pl.lit("A"))]),
    )
    assert prepare(known, AS_OF, None, usual_gap=30.0).is_empty()


@given(hanging=st.floats(0, 1e6), more=st.floats(0, 1e6), leaving=st.floats(0.01, 1))
def test_the_more_hangs_on_one_person_the_dearer_is_waiting(hanging, more, leaving):
    less, most = (_told(bonds=_held(each, leaving=leaving)) for each in (hanging, hanging + more))
    assert (less["cost_of_waiting"] if less else 0) <= (most["cost_of_waiting"] if most else 0)
