"""Pages of pools, activities, the allocation, and from an entry to its activity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryKind, Source
from kundenstamm.serving.actions import allocate, enter_activity_type, enter_pool_month
from kundenstamm.serving.models import (
    Activity,
    ActivityType,
    AllocationJob,
    DerivedFrom,
    Driver,
    Pool,
)
from kundenstamm.worth.activities import TimeEquation

MAY = Month(date(2026, 5, 1))
NASTY = "<script>alert(1)</script>"
FIGURES = {"name": "Lager", "cost": "1.000,50", "theoretical_minutes": "2.000",
           "practical_share": "75"}  # fmt: skip
TYPE = {"code": "order", "name": "Auftrag", "kind": "50", "base_minutes": "4", "rows": "1",
        "driver-0-name": "lines", "driver-0-minutes": "1,5", "driver-0-amount": "3"}  # fmt: skip


@pytest.fixture
def at_work(signed_in):
    """Frieda, in German."""
    signed_in.cookies["django_language"] = "de"
    return signed_in


@pytest.fixture
def field(frieda):
    """A pool whose minute costs 5 in May, and its visits of 60 minutes and 2 for each km."""
    by = {"actor": frieda, "at": timezone.now()}
    pool = enter_pool_month(NASTY, MAY, Decimal(3000), Decimal(600), Decimal(1), **by).pool
    km = {"km": Decimal(2)}
    return enter_activity_type("visit", pool, EntryKind.VISIT, Decimal(60), km, name="Besuch", **by)


@pytest.fixture
def visit(field):
    """Of one customer, with 15 km: 90 minutes, 450."""
    who = Customer.objects.create(number="K1", name="Muster", created_at=timezone.now())
    return Activity.objects.create(
        customer=who, type=field, date=date(2026, 5, 11), drivers={"km": 15}, document="B1",
        source=Source.objects.create(name="Tagebuch"),
    )  # fmt: skip


def person(name, role):
    return User.objects.create(
        email=f"{name}@example.com", name=name, role=role, created_at=timezone.now()
    )


def finished():
    """The worker has done all jobs, and is free for further ones."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def page(client, name, *args, query=""):
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_pool_is_entered_changed_and_renamed(at_work):
    address = reverse("pools") + "?month=2026-05"
    assert at_work.post(address, FIGURES).status_code == 302
    body = page(at_work, "pools", query="?month=2026-05")
    for shown in ("1.000,50\u00a0€", "2.000", "75\u00a0%", "1.500", "0,6670\u00a0€"):
        assert shown in body
    assert at_work.post(address, FIGURES | {"name": "Büro"}).status_code == 302
    assert at_work.post(address, FIGURES).context["form"].errors["name"]
    pool = Pool.objects.get(name="Lager")
    own = reverse("pool", args=[pool.pk]) + "?month=2026-05"
    assert at_work.post(own, FIGURES | {"name": "Büro"}).context["form"].errors["name"]
    at_work.post(own, FIGURES | {"name": "Halle", "cost": "3.000"})
    pool.refresh_from_db()
    assert (pool.name, pool.months.get().rate) == ("Halle", 2)


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"cost": "-1"}, "cost"), ({"cost": "viel"}, "cost"), ({"theoretical_minutes": "0"}, None),
     ({"practical_share": "101"}, "practical_share"), ({"practical_share": "0"}, None)],
)  # fmt: skip
def test_figures_that_cannot_be_are_told_and_nothing_is_entered(at_work, sent, field):
    form = at_work.post(reverse("pools"), FIGURES | sent).context["form"]
    assert list(form.errors) == [field or "__all__"]
    assert not Pool.objects.exists()


def test_last_months_figures_are_taken_over_by_a_button(at_work, field):
    june = MAY.after
    assert "pools/carry-over" in page(at_work, "pools", query=f"?month={june}")
    at_work.post(reverse("pools-carry-over"), {"month": str(june)})
    assert field.pool.months.get(month=june.first).cost == 3000
    assert "pools/carry-over" not in page(at_work, "pools", query=f"?month={june}")


@pytest.mark.parametrize("month", ["x", "2026-13", "9999-12", "0001-01", ""])
def test_a_month_that_is_none_breaks_nothing(at_work, month):
    page(at_work, "pools", query=f"?month={month}")
    if month:
        assert at_work.get(reverse("allocation", args=[month])).status_code == 404


def test_an_activity_is_entered_and_changed_with_its_drivers(at_work, field):
    sent = TYPE | {"pool": field.pool_id}
    assert at_work.post(reverse("activity-type-new"), sent).status_code == 302
    made = ActivityType.objects.get(code="order")
    assert (made.name, made.kind) == ("Auftrag", EntryKind.ORDER)
    assert made.newest_equation.holds_always
    assert made.newest_equation.rule == TimeEquation(Decimal(4), {"lines": Decimal("1.5")})
    assert "4 + 1,5 × lines" in page(at_work, "activity-types")
    again = at_work.post(reverse("activity-type-new"), sent).context["form"]
    assert again.head.errors["code"]
    own = reverse("activity-type", args=[made.pk])
    at_work.post(own, sent | {"driver-0-name": "Positionen", "base_minutes": "5,25"})
    made.refresh_from_db()
    assert (made.code, made.equations.get().base_minutes) == ("order", Decimal("5.25"))
    assert [d.name for d in made.equations.get().drivers.all()] == ["Positionen"]


@pytest.mark.parametrize("way", [way.value for way in DerivedFrom if way])
def test_every_way_to_derive_has_a_word_of_its_own(at_work, field, way):
    """What stands before the colon, in the list; the whole label in the form."""
    label = str(DerivedFrom(way).label)
    at_work.post(reverse("activity-type-new"), TYPE | {"pool": field.pool_id, "derived_from": way})
    [row] = [
        row for row in at_work.get(reverse("activity-types")).context["rows"]
        if row["type"].code == "order"
    ]  # fmt: skip
    word, colon, rest = label.partition(":")
    assert (row["derived"], colon) == (word, ":")
    assert rest


def test_what_an_activity_is_derived_from_is_chosen_and_shown(at_work, field):
    sent = TYPE | {"pool": field.pool_id, "derived_from": "orders"}
    assert at_work.post(reverse("activity-type-new"), sent).status_code == 302
    made = ActivityType.objects.get(code="order")
    assert made.derived_from == "orders"
    assert "Aufträgen" in page(at_work, "activity-types")
    own = reverse("activity-type", args=[made.pk])
    assert '<option value="orders" selected>' in at_work.get(own).content.decode()
    at_work.post(own, sent | {"derived_from": ""})
    made.refresh_from_db()
    assert made.derived_from == ""
    assert at_work.post(own, sent | {"derived_from": "moods"}).context["form"].head.errors


def test_an_equation_from_a_day_on_stands_beside_the_one_before(at_work, field):
    own = reverse("activity-type", args=[field.pk])
    sent = {"name": "Besuch", "pool": field.pool_id, "kind": "52", "base_minutes": "45",
            "valid_from": "2026-06-01", "rows": "0"}  # fmt: skip
    assert at_work.post(own, sent).status_code == 302
    assert [e.base_minutes for e in field.equations.order_by("valid_from")] == [60, 45]
    body = page(at_work, "activity-type", field.pk)
    assert 'value="2026-06-01"' in body
    assert "60 + 2 × km" in body
    first = field.equations.earliest("valid_from")
    assert 'value="60"' in page(at_work, "activity-type", field.pk, query=f"?of={first.pk}")
    at_work.post(own, sent | {"valid_from": "", "base_minutes": "50"})
    assert [e.base_minutes for e in field.equations.order_by("valid_from")] == [50, 45]
    assert at_work.post(own, sent | {"valid_from": "gestern"}).context["form"].head.errors


def test_rows_come_and_go_without_scripts_and_keep_what_was_typed(at_work, field):
    address = reverse("activity-type-new")
    sent = TYPE | {"base_minutes": "noch nicht"}
    more = at_work.post(address, sent | {"do": "add"}).context["form"]
    assert [row["name"].value() for row in more.rows] == ["lines", None]
    assert more.head["base_minutes"].value() == "noch nicht"
    assert not more.head.errors
    two = sent | {"rows": "2", "driver-1-name": "km", "driver-1-minutes": "2"}
    less = at_work.post(address, two | {"do": "remove-0"}).context["form"]
    assert [(row["name"].value(), row["minutes"].value()) for row in less.rows] == [("km", "2")]
    assert not ActivityType.objects.filter(code="order").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"driver-0-name": ""}, {"driver-0-minutes": ""}, {"driver-0-name": "a=b"},
     {"rows": "2", "driver-1-name": "lines", "driver-1-minutes": "1"}],
)  # fmt: skip
def test_drivers_that_cannot_be_are_told_at_their_row(at_work, field, wrong):
    sent = TYPE | {"pool": field.pool_id} | wrong
    form = at_work.post(reverse("activity-type-new"), sent).context["form"]
    assert [bool(row.errors) for row in form.rows][-1]
    assert not ActivityType.objects.filter(code="order").exists()


@pytest.mark.parametrize("rows", ["-1", "x", "", "99999", "²"])
def test_a_count_of_rows_that_nobody_drew_breaks_nothing(at_work, field, rows):
    sent = TYPE | {"rows": rows, "do": "add", "pool": field.pool_id}
    assert at_work.post(reverse("activity-type-new"), sent).status_code == 200


def test_the_example_is_worked_out_in_one_sentence(at_work, field):
    sent = TYPE | {"pool": field.pool_id, "driver-0-name": "<b>km</b>"}
    body = at_work.post(reverse("activity-example"), sent).content.decode()
    assert "4 + 3 × 1,5 (&lt;b&gt;km&lt;/b&gt;) = 8,5" in body
    assert "dauert 8,5 Minuten; bei 5,0000\u00a0€ je Minute" in body
    assert "kostet sie 42,50\u00a0€." in body
    assert NASTY not in body
    assert "kostet sie" not in at_work.post(reverse("activity-example"), TYPE).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"base_minutes": ""}, "Grundminuten"), ({"base_minutes": "4x"}, "Grundminuten"),
     ({"driver-0-amount": "<b>"}, "Treiber 1"), ({"driver-0-minutes": "-9"}, "weniger als null"),
     ({"driver-0-amount": "999999"}, "So viele Minuten")],
)  # fmt: skip
def test_the_example_is_polite_while_one_types(at_work, field, typed, told):
    answer = at_work.post(reverse("activity-example"), TYPE | {"pool": field.pool_id} | typed)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert told in body
    assert "kostet" not in body
    assert "<b>" not in body


def test_a_month_is_allocated_changes_and_is_allocated_again(at_work, visit, work):
    address = reverse("allocation", args=[MAY])
    assert "nie umgelegt" in page(at_work, "allocations")
    at_work.post(reverse("allocation-run", args=[MAY]))
    assert at_work.get(address).context["going"]
    assert "HX-Refresh" not in at_work.get(reverse("allocation-progress", args=[MAY]))
    at_work.post(reverse("allocation-run", args=[MAY]))
    assert AllocationJob.objects.count() == 1
    work()
    assert at_work.get(reverse("allocation-progress", args=[MAY]))["HX-Refresh"] == "true"
    body = page(at_work, "allocation", MAY)
    assert "450,00\u00a0€ belastet + 2.550,00\u00a0€ ungenutzt = 3.000,00\u00a0€" in body
    assert NASTY not in body
    Activity.objects.update(minutes=100)
    assert "seither geändert" in page(at_work, "allocations")
    assert "storniert" in page(at_work, "allocation", MAY)
    finished()
    at_work.post(reverse("allocation-run", args=[MAY]))
    work()
    told = at_work.get(address).context
    assert [row["run"].version for row in told["history"]] == [2, 1]
    assert told["result"]["reversed"] == 450
    assert told["status"].changed_at is None


def test_what_stands_in_the_way_is_told_on_the_page(at_work, visit, work):
    Driver.objects.all().delete()
    at_work.post(reverse("allocation-run", args=[MAY]))
    work()
    body = page(at_work, "allocation", MAY)
    assert "Die Zeitgleichung von „Besuch“" in body
    assert "Es wurde nichts gebucht" in body
    assert not Entry.objects.exists()


def test_a_worker_that_was_killed_is_told(at_work, visit, frieda):
    AllocationJob.objects.create(
        month=MAY.first, actor=frieda, asked_at=timezone.now(), state="running"
    )
    assert at_work.get(reverse("allocation", args=[MAY])).context["failed"]


def test_a_month_that_lies_ahead_is_not_allocated(at_work, field):
    ahead = Month.of(timezone.localdate()).after
    at_work.post(reverse("allocation-run", args=[ahead]))
    assert not AllocationJob.objects.exists()


def test_sums_over_everybody_are_for_those_only_who_see_everybody(client, visit, frieda):
    allocate(MAY, actor=frieda, at=timezone.now())
    client.force_login(person("doris", Role.CONTROLLER))
    assert "450,00" in page(client, "allocation", MAY)
    Customer.objects.create(
        number="K9", name="Geheim", created_at=timezone.now(), confidential=True
    )
    body = page(client, "allocation", MAY)
    assert "450,00" not in body
    assert "2.550,00" not in body
    assert "3.000,00" in body


def test_who_may_what(client, field, frieda):
    """Whoever sees prices reads pools and activities; only who keeps the company changes them."""
    client.force_login(person("anna", Role.REPRESENTATIVE))
    for name, args in (("pools", []), ("pool", [field.pool_id]), ("activity-types", [])):
        assert '<form method="post" class' not in page(client, name, *args)
        assert reverse("activity-type-new") not in page(client, name, *args)
    assert client.post(reverse("pools"), FIGURES).status_code == 403
    assert client.post(reverse("pool", args=[field.pool_id]), FIGURES).status_code == 403
    for name, args in (("allocations", []), ("allocation", [MAY]), ("activity-type-new", [])):
        assert client.get(reverse(name, args=args)).status_code == 403
    client.force_login(person("hanno", Role.SERVICE))
    assert client.get(reverse("pools")).status_code == 403


def test_from_an_entry_to_its_activity(at_work, visit, frieda):
    allocate(MAY, actor=frieda, at=timezone.now())
    who = visit.customer
    own = reverse("activity", args=[who.key, visit.pk])
    assert own in page(at_work, "entries", who.key)
    body = page(at_work, "activity", who.key, visit.pk)
    for shown in ("60 + 15 × 2 (km) = 90", "5,0000\u00a0€", "450,00\u00a0€", "Fassung 1"):
        assert shown in body
    assert NASTY not in body
    listed = page(at_work, "activities", who.key, query="?month=2026-05")
    assert own in listed
    assert "450,00\u00a0€" in listed
    assert own not in page(at_work, "activities", who.key, query="?month=2026-04")


def test_the_rate_of_an_overloaded_pool_is_what_a_minute_really_cost(at_work, visit, frieda):
    visit.minutes = Decimal(1200)
    visit.save()
    allocate(MAY, actor=frieda, at=timezone.now())
    trace = at_work.get(reverse("activity", args=[visit.customer.key, visit.pk])).context["trace"]
    assert trace.overloaded
    assert trace.rate * 1200 == trace.work.cost == 3000


def test_an_activity_is_reached_by_its_own_customer_only(at_work, visit, frieda):
    allocate(MAY, actor=frieda, at=timezone.now())
    was = visit.customer
    visit.customer = Customer.objects.create(number="K2", name="Zwei", created_at=timezone.now())
    visit.save()
    assert at_work.get(reverse("activity", args=[was.key, visit.pk])).status_code == 404
    body = page(at_work, "entries", was.key)
    assert "450,00" in body
    assert reverse("activity", args=[was.key, visit.pk]) not in body


def test_who_sees_no_prices_sees_minutes_and_asks_for_the_rest(client, visit, frieda):
    allocate(MAY, actor=frieda, at=timezone.now())
    client.force_login(person("ida", Role.DATA_PROTECTION))
    body = page(client, "activity", visit.customer.key, visit.pk)
    assert "90" in body
    assert "450,00" not in body + page(
        client, "activities", visit.customer.key, query="?month=2026-05"
    )
    assert reverse("reveal-prices", args=[visit.customer.key]) in body
