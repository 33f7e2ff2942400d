"""Search as people type: umlauts either way, parts of words, numbers, several words."""

import pytest
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.customers.queries import contains, matching_ids

pytestmark = pytest.mark.django_db


@pytest.fixture
def _customers():
    for number, name, city in [
        ("10017", "Müller & Söhne GmbH", "Köln"),
        ("10018", "Hofmann Haustechnik GmbH", "Gießen"),
        ("10019", "Nord-Süd Handels KG", "Celle"),
        ("10020", "Café Ünal 100 %", "Aurich"),
    ]:
        Customer.objects.create(number=number, name=name, city=city, created_at=timezone.now())


@pytest.mark.usefixtures("_customers")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("müller", ["10017"]),
        ("mueller", ["10017"]),
        ("muller", ["10017"]),
        ("MÜLLER", ["10017"]),
        ("mue", ["10017"]),
        ("m", ["10017"]),
        ("techn", ["10018"]),
        ("giessen", ["10018"]),
        ("süd", ["10019"]),
        ("sued nord", ["10019"]),
        ("hofmann gmbh", ["10018"]),
        ("0018", ["10018"]),
        ("gmbh", ["10017", "10018"]),
        ("100 %", ["10020"]),
        ("%", ["10020"]),
        ("_ofmann", []),
        ("xyz", []),
        ("hofmann celle", []),
    ],
)
def test_finds_what_is_typed(frieda, typed, found):
    everybody = Customer.objects.visible_to(frieda).order_by("number")
    by_index = everybody.filter(pk__any_of=matching_ids(typed, 10))
    one_by_one = everybody.filter(contains(typed))
    assert [row.number for row in by_index] == [row.number for row in one_by_one] == found


@pytest.mark.usefixtures("_customers")
def test_finds_at_most_so_many():
    assert len(matching_ids("gmbh", 1)) == 1
