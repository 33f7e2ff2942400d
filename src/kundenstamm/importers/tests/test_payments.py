"""Files of payments: loaded once, brought up to date, taken back, refused with the mend."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kundenstamm.customers.models import Customer
from kundenstamm.guard.actions import ensure_owner
from kundenstamm.importers import actions
from kundenstamm.importers.examining import Wish, look
from kundenstamm.serving.models import Payment

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 3, tzinfo=UTC)
HEAD = "Kundennr;Rechnungsnr;Rate;fällig am;bezahlt am;Betrag\n"
OWED = HEAD + "K1;R1;;04.05.2026;20.05.2026;1.190,00\nK1;R2;1;05.06.2026;;50\n"


@pytest.fixture
def frieda():
    Customer.objects.create(number="K1", name="K1", created_at=AT)
    return ensure_owner(at=AT, email="frieda@example.com", name="Frieda")


@pytest.fixture
def load(frieda, tmp_path):
    def loading(text, kind=""):
        path = tmp_path / "owed.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load(Wish(path, kind), actor=frieda, at=AT)

    return loading


def owed():
    return {
        p.document: (p.line, p.due, p.paid, p.amount, p.customer.number)
        for p in Payment.objects.all()
    }


def test_payments_are_noted(load):
    loaded = load(OWED)
    assert (loaded.batch.kind, loaded.new, loaded.batch.result["refused"]) == ("payments", 2, 0)
    assert owed() == {
        "R1": (1, date(2026, 5, 4), date(2026, 5, 20), 1190, "K1"),
        "R2": (1, date(2026, 6, 5), None, 50, "K1"),
    }


def test_a_preview_writes_nothing(frieda, tmp_path):
    path = tmp_path / "owed.csv"
    path.write_text(OWED + "K9;R3;;04.05.2026;;5\n", encoding="utf-8")
    raw, mapping = actions.prepare(Wish(path))
    told = actions.preview(raw, mapping, "Accounts", at=AT)
    assert (mapping.kind, told["refused"]) == ("payments", 1)
    assert not Payment.objects.exists()


def test_a_payment_that_came_replaces_the_open_one_and_is_taken_back(load, frieda):
    load(OWED)
    again = load(OWED)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    came = load(OWED.replace("05.06.2026;;50", "05.06.2026;02.06.2026;50"))
    assert (came.new, came.changed, came.unchanged) == (0, 1, 1)
    assert Payment.objects.get(document="R2").paid == date(2026, 6, 2)
    actions.undo(came.batch, actor=frieda, at=AT)
    assert Payment.objects.get(document="R2").paid is None
    assert Payment.objects.get(document="R1").paid == date(2026, 5, 20)


def test_what_a_batch_noted_goes_with_it(load, frieda):
    actions.undo(load(OWED).batch, actor=frieda, at=AT)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (";R3;;04.05.2026;;5", "no_customer"),
        ("K9;R3;;04.05.2026;;5", "unknown_customer"),
        ("K1;;;04.05.2026;;5", "no_number"),
        ("K1;R3;x;04.05.2026;;5", "bad_number"),
        ("K1;R3;;;;5", "no_date"),
        ("K1;R3;;bald;;5", "bad_date"),
        ("K1;R3;;04.05.1926;;5", "far_date"),
        ("K1;R3;;04.05.2026;nie;5", "bad_date"),
        ("K1;R3;;04.05.2026;04.06.2026;5", "far_date"),
        ("K1;R3;;04.05.2026;;", "no_amount"),
        ("K1;R3;;04.05.2026;;viel", "bad_number"),
        ("K1;R3;;04.05.2026;;0", "nothing_owed"),
        ("K1;R3;;04.05.2026;;-5", "nothing_owed"),
        ("K1;R3;;04.05.2026;;99999999999", "too_large"),
        ("K1;R1;;04.05.2026;;5", "twice"),
    ],
)
def test_rows_that_cannot_be_are_refused(load, row, reason):
    loaded = load(OWED + row + "\n", "payments")
    assert list(loaded.batch.result["reasons"]) == [reason]
    assert loaded.new == 2


def test_an_invoice_that_is_paid_in_parts_is_as_many_rows(load):
    load(HEAD + "K1;R1;1;04.05.2026;;100\nK1;R1;2;04.06.2026;;100\n")
    amounts = Payment.objects.order_by("line").values_list("line", "amount")
    assert list(amounts) == [(1, Decimal(100)), (2, Decimal(100))]


@pytest.mark.parametrize(
    ("head", "row", "kind"),
    [
        ("Kundennr;Rechnungsnr;Fällig;Bezahlt;Betrag", "K1;R1;04.05.2026;05.05.2026;9", "payments"),
        ("Debitor;Beleg;Belegdatum;Nettofälligkeit;Ausgleich;Betrag",
         "K1;R1;01.05.2026;04.05.2026;05.05.2026;9", "payments"),
        ("Kundennr;Belegdatum;Betrag;Fällig am", "K1;01.05.2026;9;04.05.2026", "sales"),
        ("Kundennr;Belegdatum;Beleg;Artikel;Menge;Betrag;Fällig;Bezahlt",
         "K1;01.05.2026;R1;A1;2;9;04.05.2026;05.05.2026", "sales"),
    ],
)  # fmt: skip
def test_a_file_of_payments_is_known_and_one_of_sales_is_none(tmp_path, head, row, kind):
    path = tmp_path / "guess.csv"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    _raw, mapping = look(Wish(path))
    assert mapping.kind == kind
    assert not mapping.missing()
