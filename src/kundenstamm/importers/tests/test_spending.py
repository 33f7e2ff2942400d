"""Files of spending: loaded once, corrected, taken back, refused with the mend."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kundenstamm.acquisition.models import Campaign, Channel, Spending
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish, look
from kundenstamm.importers.mapping import MappingError
from kundenstamm.serving.models import Pool

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
HEAD = "Datum;Kanal;Kampagne;Betrag;Stunden;Team;Wofür\n"
SPENT = (
    HEAD + "04.05.2026;Werbung an eine Zielgruppe;Mai;1.190,00;;;Anzeige\n"
    "05.05.2026;partners;;;4,5;Vertrieb;Vorführung\n06.05.2026;Messe;;50;;;\n"
)


@pytest.fixture
def frieda():
    Channel.objects.create(name="Messe")
    advertising = Channel.objects.create(code="advertising", kind="advertising")
    Campaign.objects.create(channel=advertising, name="Mai", starts=date(2026, 5, 1))
    Pool.objects.create(name="Vertrieb")
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "spent.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def spent():
    return [
        (s.day.day, s.channel.code if s.channel.kind != "own" else s.channel.name,
         str(s.campaign or ""), s.amount, s.hours, str(s.pool or ""), s.what)
        for s in Spending.objects.order_by("day")
    ]  # fmt: skip


def test_spending_is_noted_once_and_corrected_and_taken_back(load, frieda):
    loaded = load(SPENT)
    assert (loaded.batch.kind, loaded.new, loaded.batch.result["refused"]) == ("spending", 3, 0)
    noted = [
        (4, "advertising", "Mai", 1190, 0, "", "Anzeige"),
        (5, "partners", "", 0, Decimal("4.5"), "Vertrieb", "Vorführung"),
        (6, "Messe", "", 50, 0, "", ""),
    ]
    assert spent() == noted
    again = load(SPENT)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    actions.undo(again.batch, actor=frieda, at=AT)
    actions.undo(loaded.batch, actor=frieda, at=AT)
    assert spent() == []


def test_with_a_document_number_a_row_is_corrected(load, frieda):
    head = "Datum;Kanal;Betrag;Belegnummer\n"
    load(head + "04.05.2026;Messe;50;B1\n")
    came = load(head + "04.05.2026;Messe;70;B1\n")
    assert (came.new, came.changed) == (0, 1)
    assert Spending.objects.get().amount == 70
    actions.undo(came.batch, actor=frieda, at=AT)
    assert Spending.objects.get().amount == 50


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("04.05.2026;;;5;;;", "Kanal", None, "no_channel"),
        ("04.05.2026;Brieftauben;;5;;;", "Kanal", "Brieftauben", "unknown_channel"),
        (";Messe;;5;;;", "Datum", None, "no_date"),
        ("kaputt;Messe;;5;;;", "Datum", "kaputt", "bad_date"),
        ("04.07.2026;Messe;;5;;;", "Datum", "04.07.2026", "far_date"),
        ("04.05.2026;Messe;;viel;;;", "Betrag", "viel", "bad_number"),
        ("04.05.2026;Messe;;-5;;;", "Betrag", "-5", "nothing_spent"),
        ("04.05.2026;Messe;;;;;", "Betrag", None, "nothing_spent"),
        ("04.05.2026;Messe;Mai;5;;;", "Kampagne", "Mai", "unknown_campaign"),
        ("04.05.2026;Messe;;;5;Turm;", "Team", "Turm", "unknown_pool"),
    ],
)
def test_bad_rows_are_refused_with_row_column_value_and_mend(
    frieda, tmp_path, row, column, value, reason
):
    path = tmp_path / "spent.csv"
    path.write_text(f"{SPENT}{row}\n", encoding="utf-8")
    loaded = actions.load(Wish(path, "spending"), actor=frieda, at=AT)
    [told] = loaded.examined.checked.refused.to_dicts()
    assert (told["row"], told["column"], told["value"], told["reason"]) == (
        5, column, value, reason,
    )  # fmt: skip
    assert loaded.refused_file is not None


def test_without_a_channel_nothing_is_loaded(load):
    with pytest.raises(MappingError, match="channel"):
        load("Datum;Betrag\n04.05.2026;5\n", "spending")


def test_sales_with_a_channel_stay_sales(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("Kunde;Datum;Netto;Kanal\nK1;01.02.2026;100;Messe\n", encoding="utf-8")
    assert look(Wish(path))[1].kind == "sales"
