"""Visits, calls and complaints that were recorded are charged, and reversed when withdrawn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kundenstamm.care import rules
from kundenstamm.care.actions import Happening, record, withdraw
from kundenstamm.care.models import Interaction
from kundenstamm.guard import keys, rotating
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryKind, Source
from kundenstamm.serving.actions import allocate, enter_activity_type, enter_pool_month
from kundenstamm.serving.deriving import RECORDED
from kundenstamm.serving.models import Activity, DerivedFrom, MonthChange
from kundenstamm.serving.queries import month_status
from kundenstamm.serving.tests.conftest import AT, MAY
from kundenstamm.serving.tracing import activities_from, trace

pytestmark = pytest.mark.django_db
APRIL = Month(date(2026, 4, 1))


@pytest.fixture
def derived(company, frieda):
    """Visits by the field (a minute costs 5), calls and complaints by the office (1)."""
    by = {"actor": frieda, "at": AT}
    office, field = company["order"].pool, company["visit"].pool
    for code, pool, kind, base, way in (
        ("visit", field, EntryKind.VISIT, 60, "visits"),
        ("call", office, EntryKind.SUPPORT, 10, "calls"),
        ("complaint", office, EntryKind.COMPLAINT, 20, "complaints"),
    ):
        company[code] = enter_activity_type(
            code, pool, kind, Decimal(base), derived_from=way, **by
        )  # fmt: skip
    return company


@pytest.fixture
def happen(frieda, customers):
    """Record with the first customer, on a day of May or any date."""

    def recording(kind, day=11, who=0, **told):
        at = day if isinstance(day, date) else date(2026, 5, day)
        moment = datetime(at.year, at.month, at.day, 10, tzinfo=UTC)
        if rules.has_direction(kind):
            told = {"direction": "we", "reached": True} | told
        if not rules.takes_time(kind):
            told = {"note": "So"} | told
        what = Happening(kind, moment, **told)
        return record(customers[who], what, actor=frieda, at=AT)

    return recording


@pytest.fixture
def run(frieda):
    return lambda month=MAY: allocate(month, actor=frieda, at=AT)


def charged():
    """(code, customer) → cost of what stands as an activity."""
    sums: dict[tuple[str, str], Decimal] = {}
    for each in Activity.objects.select_related("type", "customer"):
        rows = Entry.objects.filter(line=each.pk, source__name="Cost to serve, allocated")
        key = (each.type.code, each.customer.number)
        sums[key] = sums.get(key, Decimal(0)) - sum(rows.values_list("amount", flat=True))
    return sums


def test_each_is_work_by_its_own_minutes_or_the_equation(derived, happen, run):
    happen("visit", minutes=Decimal("45.5"))
    happen("visit", 12, who=1)
    happen("call", minutes=Decimal(7))
    happen("complaint")
    made = run()
    assert charged() == {
        ("visit", "K1"): Decimal("227.5"), ("visit", "K2"): 300, ("call", "K1"): 7,
        ("complaint", "K1"): 20,
    }  # fmt: skip
    assert Decimal(made.result["charged"]) == Decimal("554.5")


def test_what_took_nobody_time_is_no_work(derived, happen, run):
    happen("note")
    happen("rival")
    happen("mail")  # nothing is derived from mails here
    happen("call", reached=False)
    happen("visit", minutes=Decimal(0))
    happen("call", 30, reached=False, minutes=Decimal(2))
    run()
    assert charged() == {("visit", "K1"): 0, ("call", "K1"): 2}


def test_only_the_months_own_days_count(derived, happen, run, frieda):
    happen("visit", date(2026, 4, 30))
    happen("visit", 1)
    happen("visit", 31)
    run()
    assert list(Activity.objects.values_list("date__day", flat=True).order_by("date")) == [1, 31]


def test_the_first_of_its_kind_may_take_longer(derived, happen, run, frieda):
    enter_activity_type(
        "visit", derived["visit"].pool, EntryKind.VISIT, Decimal(10), {"first": Decimal(5)},
        actor=frieda, at=AT,
    )  # fmt: skip
    wrong = happen("visit", date(2026, 4, 1))
    withdraw(wrong, "nie geschehen", actor=frieda, at=AT)
    happen("call", 1)
    happen("visit", 2)
    happen("visit", 3)
    run()
    visits = Activity.objects.filter(type__code="visit").order_by("date")
    assert [each.drivers for each in visits] == [{"first": 1}, {"first": 0}]
    assert charged()["visit", "K1"] == 5 * (15 + 10)


def test_running_again_keeps_the_rows_and_posts_nothing(derived, happen, run):
    happen("visit")
    happen("call", minutes=Decimal(3))
    run()
    before = list(Activity.objects.order_by("pk").values())
    assert run().result["unchanged"] == 2
    assert list(Activity.objects.order_by("pk").values()) == before


def test_what_was_withdrawn_is_reversed_and_nothing_else(derived, happen, run, frieda):
    wrong, other = happen("visit", minutes=Decimal(30)), happen("call", minutes=Decimal(3))
    run()
    entries = set(Entry.objects.values_list("pk", flat=True))
    charge = Entry.objects.get(line=Activity.objects.get(line=wrong.pk).pk)
    withdraw(wrong, "falscher Kunde", actor=frieda, at=AT)
    assert month_status(MAY).changed_at is not None
    made = run()
    assert (made.result["withdrawn"], made.result["unchanged"]) == (1, 1)
    reversal = Entry.objects.exclude(pk__in=entries).get()
    assert (reversal.reverses, reversal.amount) == (charge, -charge.amount)
    assert [each.line for each in Activity.objects.all()] == [other.pk]
    assert month_status(MAY).changed_at is None


def test_a_corrected_import_is_charged_anew_under_the_same_activity(derived, happen, run):
    made = happen("visit", minutes=Decimal(30))
    run()
    activity = Activity.objects.get()
    Interaction.objects.filter(pk=made.pk).update(minutes=Decimal(40), day=date(2026, 5, 12))
    again = run()
    assert again.result["changed"] == 1
    activity.refresh_from_db()
    assert (activity.minutes, activity.date) == (40, date(2026, 5, 12))


@pytest.mark.parametrize("first", [APRIL, MAY])
def test_one_that_moves_to_another_month_leaves_the_old_one(derived, happen, run, frieda, first):
    """Whichever month is run first again."""
    by = {"actor": frieda, "at": AT}
    enter_pool_month("Field", APRIL, Decimal(3000), Decimal(600), Decimal(1), **by)
    enter_pool_month("Office", APRIL, Decimal(1000), Decimal(1250), **by)
    made = happen("visit", minutes=Decimal(30))
    for month in (APRIL, MAY):
        run(month)
    Interaction.objects.filter(pk=made.pk).update(day=date(2026, 4, 2))
    for month in (first, APRIL, MAY):
        assert month_status(month).changed_at is not None or month == first
        run(month)
    assert [each.date for each in Activity.objects.all()] == [date(2026, 4, 2)]
    assert sum(Entry.objects.filter(date__month=5).values_list("amount", flat=True)) == 0
    assert sum(Entry.objects.filter(date__month=4).values_list("amount", flat=True)) == -150


def noted():
    found = list(MonthChange.objects.order_by("pk").values_list("month", flat=True))
    MonthChange.objects.all().delete()
    return sorted({day.month for day in found})


def test_months_are_noted_that_an_interaction_touches(derived, happen, frieda):
    noted()
    made = happen("visit", minutes=Decimal(30))
    assert noted() == [5]
    rows = Interaction.objects.filter(pk=made.pk)
    for change, months in (
        ({"minutes": Decimal(31)}, [5]), ({"minutes": Decimal(31)}, []),
        ({"day": date(2026, 4, 2)}, [4, 5]), ({"kind": "complaint"}, [4]),
        ({"kind": "support"}, [4]), ({"minutes": None}, []), ({"kind": "visit"}, [4]),
        ({"customer": made.customer}, []), ({"withdrawn_because": ""}, []),
    ):  # fmt: skip
        rows.update(**change)
        assert noted() == months, change
    withdraw(made, "so", actor=frieda, at=AT)
    assert noted() == [4]
    rows.update(minutes=Decimal(1), day=date(2026, 5, 1))
    assert noted() == []
    rows.delete()
    assert noted() == []


def test_what_no_work_follows_from_changes_no_month(derived, happen):
    noted()
    for kind in ("note", "rival", "mail", "support"):
        happen(kind)
    assert noted() == []


def test_other_words_and_other_keys_change_no_month(derived, happen, frieda, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "path", lambda: tmp_path / "keys.json")
    keys.prepare(at=AT)
    made = happen("visit", note="Alte Worte")
    noted()
    made.put("note", "Neue Worte")
    made.save()
    rotating.rotate(actor=frieda, at=AT)
    made.refresh_from_db()
    assert made.note.startswith("k2.")
    assert noted() == []


def test_a_type_that_is_derived_otherwise_makes_its_months_change(derived, happen, run, frieda):
    happen("mail", minutes=Decimal(4))
    run()
    assert month_status(MAY).changed_at is None
    call = derived["call"]
    by = {"derived_from": DerivedFrom.MAILS, "actor": frieda, "at": AT}
    enter_activity_type("call", call.pool, EntryKind.SUPPORT, Decimal(10), **by)
    assert month_status(MAY).changed_at is not None
    run()
    assert charged() == {("call", "K1"): 4}


def test_an_activity_and_its_interaction_lead_to_each_other(derived, happen, run, frieda):
    made = happen("visit")
    note = happen("note")
    customer = made.customer
    assert activities_from(frieda, customer, [made, note]) == {}
    run()
    activity = Activity.objects.get()
    assert activities_from(frieda, customer, [made, note]) == {made.pk: activity.pk}
    assert trace(frieda, customer, activity.pk).interaction == made
    assert activity.source == Source.objects.get(name=RECORDED)


def test_a_noted_activity_has_no_interaction(derived, act, happen, run, frieda):
    made = happen("visit")
    noted = act("order")
    Activity.objects.filter(pk=noted.pk).update(line=made.pk)
    assert trace(frieda, noted.customer, noted.pk).interaction is None


def test_one_interaction_is_one_activity_of_a_type(derived, happen, run):
    happen("visit")
    run()
    again = Activity.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["visit", "call", "complaint"]),
            st.decimals(0, 300, places=2) | st.none(),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_the_ledger_has_exactly_what_stands(derived, happen, run, frieda, what):
    """To the cent, whatever was recorded and withdrawn; at most the pool's cost."""
    with transaction.atomic():
        base = {"visit": 60, "call": 10, "complaint": 20}
        used = {"Field": Decimal(0), "Office": Decimal(0)}
        for kind, minutes, wrong in what:
            made = happen(kind, minutes=minutes)
            if wrong:
                run()
                withdraw(made, "falsch", actor=frieda, at=AT)
            else:
                taken = base[kind] if minutes is None else minutes
                used["Field" if kind == "visit" else "Office"] += taken
        run()
        cost = min(used["Field"] * 5, Decimal(3000)) + min(used["Office"], Decimal(1000))
        standing = sum(Entry.objects.values_list("amount", flat=True))
        assert -standing == cost
        transaction.set_rollback(True)
