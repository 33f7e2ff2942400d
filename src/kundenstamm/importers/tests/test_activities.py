"""Files of activities: loaded once, corrected, taken back, refused with the mend."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish, look
from kundenstamm.kit.months import Month
from kundenstamm.ledger.models import Entry, EntryKind
from kundenstamm.serving.actions import allocate, enter_activity_type, enter_pool_month
from kundenstamm.serving.models import Activity, Pool
from kundenstamm.serving.queries import month_status

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
MAY = Month(date(2026, 5, 1))
HEAD = "Kundennr;Datum;Tätigkeit;Minuten;Treiber;Vorgang;Position\n"
DONE = HEAD + 'K1;04.05.2026;order;;"lines=3";A1;1\nK1;05.05.2026;order;12,5;;A2;1\n'


@pytest.fixture
def frieda():
    owner = ensure_owner(at=AT, email="frieda@example.com", name="Frieda")
    by = {"actor": owner, "at": AT}
    pool = enter_pool_month("Office", MAY, Decimal(100), Decimal(100), Decimal(1), **by).pool
    lines = {"lines": Decimal(2)}
    enter_activity_type("order", pool, EntryKind.ORDER, Decimal(4), lines, **by)
    enter_activity_type("pack", pool, EntryKind.DELIVERY, Decimal(4), derived_from="orders", **by)
    Customer.objects.create(number="K1", name="K1", created_at=AT)
    return owner


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "done.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def test_activities_are_noted_and_allocated(load, frieda):
    loaded = load(DONE)
    assert (loaded.batch.kind, loaded.new, loaded.batch.result["refused"]) == ("activities", 2, 0)
    run = allocate(MAY, actor=frieda, at=AT)
    assert Decimal(run.result["charged"]) == Decimal("22.5")
    amounts = Entry.objects.order_by("line").values_list("amount", flat=True)
    assert list(amounts) == [-10, Decimal("-12.5")]


def test_drivers_must_fit_the_equation_of_their_own_day(load, frieda):
    km, pool = {"km": Decimal(1)}, Pool.objects.get()
    enter_activity_type(
        "order", pool, EntryKind.ORDER, Decimal(4), km, valid_from=date(2026, 5, 5),
        actor=frieda, at=AT,
    )  # fmt: skip
    rows = [f'K1;0{day};order;;"{said}";A{day};1' for day in ("4.05.2026", "5.05.2026")
            for said in ("lines=3", "km=3")]  # fmt: skip
    loaded = load(HEAD + "\n".join(rows).replace("A4", "B4", 1).replace("A5", "B5", 1) + "\n")
    assert (loaded.new, loaded.batch.result["refused"]) == (2, 2)
    told = Activity.objects.order_by("date").values_list("date__day", "drivers")
    assert list(told) == [(4, {"lines": 3}), (5, {"km": 3})]


def test_sales_that_come_or_go_after_the_allocation_ask_for_another(load, frieda):
    allocate(MAY, actor=frieda, at=AT)
    sold = load("Kundennr;Datum;Nettobetrag;Belegnr;Pos\nK1;04.05.2026;100;R1;1\n", "sales")
    assert month_status(MAY).changed_at is not None
    assert Decimal(allocate(MAY, actor=frieda, at=AT).result["charged"]) == 4
    actions.undo(sold.batch, actor=frieda, at=AT)
    assert month_status(MAY).changed_at is not None
    assert Decimal(allocate(MAY, actor=frieda, at=AT).result["charged"]) == 0


def test_twice_changes_nothing_and_a_correction_is_taken_back(load, frieda):
    load(DONE)
    again = load(DONE)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    corrected = load(DONE.replace("12,5", "30").replace("lines=3", "lines=5"))
    assert (corrected.new, corrected.changed) == (0, 2)
    assert set(Activity.objects.values_list("minutes", flat=True)) == {None, Decimal(30)}
    actions.undo(corrected.batch, actor=frieda, at=AT)
    assert Activity.objects.get(document="A1").drivers == {"lines": 3}
    assert Activity.objects.get(document="A2").minutes == Decimal("12.5")


def test_what_a_batch_noted_goes_with_it_and_the_next_run_reverses_it(load, frieda):
    loaded = load(DONE)
    allocate(MAY, actor=frieda, at=AT)
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert not Activity.objects.exists()
    assert Decimal(allocate(MAY, actor=frieda, at=AT).result["reversed"]) == Decimal("22.5")
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0


def test_rows_without_a_document_are_known_by_their_content(load):
    text = "Kundennr;Datum;Tätigkeit;Minuten\nK1;04.05.2026;order;7\nK1;04.05.2026;order;7\n"
    assert load(text).new == 2
    assert load(text).unchanged == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";04.05.2026;order;;;A3;1", "no_customer"),
        ("K9;04.05.2026;order;;;A3;1", "unknown_customer"),
        ("K1;04.05.2026;dance;;;A3;1", "unknown_activity"),
        ("K1;04.05.2026;;;;A3;1", "unknown_activity"),
        ("K1;04.05.2026;pack;;;A3;1", "derived_activity"),
        ("K1;;order;;;A3;1", "no_date"),
        ("K1;bald;order;;;A3;1", "bad_date"),
        ("K1;04.07.2026;order;;;A3;1", "far_date"),
        ("K1;04.05.2026;order;lang;;A3;1", "bad_number"),
        ("K1;04.05.2026;order;-5;;A3;1", "bad_minutes"),
        ("K1;04.05.2026;order;2000000;;A3;1", "bad_minutes"),
        ("K1;04.05.2026;order;;km=3;A3;1", "bad_drivers"),
        ("K1;04.05.2026;order;;viele;A3;1", "bad_drivers"),
        ("K1;04.05.2026;order;;lines=-9;A3;1", "bad_drivers"),
    ],
)
def test_rows_that_cannot_be_are_refused(load, row, reason):
    loaded = load(DONE + row + "\n")
    assert list(loaded.batch.result["reasons"]) == [reason]
    assert loaded.new == 2


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (HEAD, "activities"),
        ("Kundennummer;Firma;Ort\n", "customers"),
        ("Kunde;Datum;Netto;Beleg\n", "sales"),
        ("Kundennummer;Name;Kunde seit\n", "customers"),
    ],
)
def test_the_kind_is_told_by_the_columns(tmp_path, header, kind):
    path = tmp_path / "a.csv"
    cells = ["K1", "04.05.2026" if "Datum" in header else "x", *"123456"]
    path.write_text(header + ";".join(cells[: header.count(";") + 1]) + "\n", encoding="utf-8")
    assert look(Wish(path))[1].kind == kind
