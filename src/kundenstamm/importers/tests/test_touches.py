"""Files of touches: noted once, completed, taken back, refused with the mend."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from kundenstamm.acquisition.models import Campaign, Channel, Origin, Touch
from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish, look
from kundenstamm.importers.mapping import MappingError

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
HEAD = "Kundennummer;Datum;Kanal;Kampagne;Art\n"
CAME = (
    HEAD + "K1;04.05.2026;Werbung an eine Zielgruppe;Mai;\n"
    "K1;05.05.2026;Messe;;Berührung\nK2;04.05.2026;;Stand;\nK2;01.05.2026;partners;;Herkunft\n"
)


@pytest.fixture
def frieda():
    fair = Channel.objects.create(name="Messe")
    advertising = Channel.objects.create(code="advertising", kind="advertising")
    for channel, name in ((advertising, "Mai"), (fair, "Mai"), (fair, "Stand")):
        Campaign.objects.create(channel=channel, name=name, starts=date(2026, 5, 1))
    for number in ("K1", "K2"):
        Customer.objects.create(number=number, name=f"Kunde {number}", created_at=AT)
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "touches.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def touches():
    return [
        (t.customer.number, t.day.day, str(t.channel.name or t.channel.code), str(t.campaign or ""))
        for t in Touch.objects.select_related("customer", "channel").order_by("customer", "day")
    ]


def test_touches_are_noted_once_and_taken_back(load, frieda):
    loaded = load(CAME)
    assert (loaded.batch.kind, loaded.new, loaded.batch.result["refused"]) == ("touches", 4, 0)
    assert touches() == [
        ("K1", 4, "advertising", "Mai"), ("K1", 5, "Messe", ""), ("K2", 4, "Messe", "Stand"),
    ]  # fmt: skip
    assert Origin.objects.get().channel.code == "partners"
    again = load(CAME)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    actions.undo(again.batch, actor=frieda, at=AT)
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert not Touch.objects.exists()
    assert not Origin.objects.exists()


def test_what_was_noted_by_hand_stays_and_gets_its_campaign(load, frieda):
    customer, fair = Customer.objects.get(number="K2"), Channel.objects.get(name="Messe")
    told = {"customer": customer, "channel": fair, "recorded_by": frieda, "recorded_at": AT}
    Touch.objects.create(day=date(2026, 5, 4), **told)
    Origin.objects.create(said="customer", **told)
    loaded = load(CAME)
    assert (loaded.new, loaded.changed, loaded.unchanged) == (2, 1, 1)
    assert ("K2", 4, "Messe", "Stand") in touches()
    assert Origin.objects.get().channel == fair
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert touches() == [("K2", 4, "Messe", "")]
    assert Origin.objects.get().channel == fair


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (";04.05.2026;Messe;;", "Kundennummer", None, "no_customer"),
        ("K9;04.05.2026;Messe;;", "Kundennummer", "K9", "unknown_customer"),
        ("K1;;Messe;;", "Datum", None, "no_date"),
        ("K1;kaputt;Messe;;", "Datum", "kaputt", "bad_date"),
        ("K1;04.07.2026;Messe;;", "Datum", "04.07.2026", "far_date"),
        ("K1;04.05.2026;;;", "Kanal", None, "no_reach"),
        ("K1;04.05.2026;Brieftauben;;", "Kanal", "Brieftauben", "unknown_channel"),
        ("K1;04.05.2026;;Mai;", "Kampagne", "Mai", "one_campaign"),
        ("K1;04.05.2026;Messe;Juni;", "Kampagne", "Juni", "unknown_campaign"),
        ("K1;04.05.2026;Messe;;Zufall", "Art", "Zufall", "unknown_reach"),
    ],
)
def test_bad_rows_are_refused_with_row_column_value_and_mend(load, row, column, value, reason):
    loaded = load(f"{CAME}{row}\n", "touches")
    [told] = loaded.examined.checked.refused.to_dicts()
    assert (told["row"], told["column"], told["value"], told["reason"]) == (
        6, column, value, reason,
    )  # fmt: skip
    assert loaded.refused_file is not None


def test_an_excel_sheet_is_read_as_well(frieda, tmp_path):
    path = tmp_path / "touches.xlsx"
    sheet = {"Kundennummer": ["K1"], "Datum": [date(2026, 5, 4)], "Kampagne": ["Stand"]}
    pl.DataFrame(sheet).write_excel(path)
    assert actions.load(Wish(path), actor=frieda, at=AT).new == 1
    assert touches() == [("K1", 4, "Messe", "Stand")]


def test_without_a_customer_nothing_is_loaded(load):
    with pytest.raises(MappingError, match="customer"):
        load("Datum;Kanal\n04.05.2026;Messe\n", "touches")


def test_customers_with_a_channel_stay_customers(tmp_path):
    path = tmp_path / "customers.csv"
    text = "Kundennummer;Name;Kunde seit;Kanal;Ort\nK1;Ahorn;01.02.2026;Messe;Ulm\n"
    path.write_text(text, encoding="utf-8")
    assert look(Wish(path))[1].kind == "customers"
