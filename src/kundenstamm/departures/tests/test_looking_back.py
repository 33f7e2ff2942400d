"""A year after: only what goes beyond comparable customers, and the firm's own rate from it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kundenstamm.customers.models import Customer
from kundenstamm.departures.actions import fear
from kundenstamm.departures.ending import end_rights
from kundenstamm.departures.frames import LOSS_RATE
from kundenstamm.departures.growing import grown
from kundenstamm.departures.looking_back import Back, learn, looking_back, own_rate, own_rates
from kundenstamm.departures.models import Departure, HandoverLine
from kundenstamm.departures.tests.conftest import AT, DAY, TODAY, served
from kundenstamm.ledger.models import Batch, Entry, EntryKind, Source
from kundenstamm.relations.models import Bond, Colleague
from kundenstamm.worth.handover.afterwards import Afterwards

AFTER = TODAY + 364 * DAY


@pytest.fixture
def years(base, codes, people):
    """Anna's ten buy half as much after she left, Bernd's ten as before; two years of sales."""
    for number in range(10):
        for who in ("Anna", "Bernd"):
            served(f"{who}{number}", (codes[who], -900, None))
    departure = fear(people["Anna"], "", actor=people["Frieda"], at=AT)
    for customer in Customer.objects.filter(name__startswith="Anna"):
        HandoverLine.objects.create(
            departure=departure, customer=customer, value=1, at_risk=1, proposed=codes["Bernd"]
        )
    end_rights(departure, actor=people["Frieda"], at=AT)
    source = Source.objects.create(name="Probe")
    batch = Batch.objects.create(kind="import", source=source, actor=people["Frieda"], made_at=AT)
    for customer in Customer.objects.filter(name__regex="^(Anna|Bernd)"):
        after = 50 if customer.name.startswith("Anna") else 100
        for day, amount in ((TODAY - 200 * DAY, 100), (TODAY + 150 * DAY, after)):
            Entry.objects.create(
                customer=customer, date=day, kind=EntryKind.SALE, amount=Decimal(amount),
                source=source, batch=batch, document=f"{customer.name}{day}", line=1,
            )  # fmt: skip
    return Departure.objects.get()


def test_what_went_beyond_what_goes_with_everybody(years, people):
    assert looking_back(years, people["Frieda"], TODAY + 30 * DAY) is None
    told = looking_back(years, people["Frieda"], AFTER)
    assert (told.told.rate, told.told.customers, told.comparable) == (0.5, 10, 10)
    assert told.told.money == 500
    assert told.is_whole
    assert looking_back(years, people["Doris"], AFTER) is None


def test_the_rate_is_learned_from_whole_years_only(years, people):
    assert own_rate(people["Frieda"], TODAY + timedelta(days=200)) == LOSS_RATE
    assert own_rate(people["Frieda"], AFTER) == pytest.approx((50 * LOSS_RATE + 10 * 0.5) / 60)


def test_what_a_year_told_is_kept_once_and_moves_both_ends(years, people):
    frieda, seen = people["Frieda"], (0.132, 0.176)
    assert learn(actor=frieda, at=AT + timedelta(days=300)) == 0
    assert own_rates(frieda, seen) is None
    assert learn(actor=frieda, at=AT + timedelta(days=366)) == 1
    last = Entry.objects.filter(customer__name="Anna1").last()
    Entry.objects.create(
        customer=last.customer, date=last.date, kind=last.kind, amount=900, source=last.source,
        batch=last.batch, document="booked late", line=1,
    )  # fmt: skip
    assert learn(actor=frieda, at=AT + timedelta(days=400)) == 0
    years.refresh_from_db()
    assert (years.year_rate, years.year_customers) == (0.5, 10)
    assert own_rates(frieda, seen) == pytest.approx([(50 * end + 10 * 0.5) / 60 for end in seen])


def test_too_few_customers_teach_nothing(years, people):
    HandoverLine.objects.filter(customer__name__gt="Anna3").update(handed_over_at=None)
    assert learn(actor=people["Frieda"], at=AT + timedelta(days=366)) == 1
    assert Departure.objects.get().year_customers == 0
    assert own_rates(people["Frieda"], (0.1, 0.2)) is None


def test_who_does_not_see_everybody_is_not_told_what_everybody_lost(years, people):
    learn(actor=people["Frieda"], at=AT + timedelta(days=366))
    for name in ("Anna", "Bernd", "Doris", "Emil", "Greta"):
        assert own_rates(people[name], (0.1, 0.2)) is None
    Customer.objects.filter(name="Bernd1").update(confidential=True)
    assert own_rates(people["Frieda"], (0.1, 0.2)) is None


@pytest.mark.parametrize(("rate", "saved", "exceeded"), [(0.1, 50, 0), (0.15, 0, 0), (0.4, 0, 250)])
def test_what_was_saved_is_against_what_goes_elsewhere(rate, saved, exceeded):
    told = Afterwards(5, 3, 2, 1000 * rate, rate, 0, 1, 1000)
    back = Back(told, TODAY, AFTER, 10)
    assert (back.saved, back.exceeded) == pytest.approx((saved, exceeded))


def test_what_binds_to_successors_is_told_of_what_was_handed_over(years, people, codes):
    frieda, lines = people["Frieda"], HandoverLine.objects.filter(departure=years)
    for name in ("Anna0", "Anna1"):
        customer = Customer.objects.get(name=name)
        for who in ("Anna", "Bernd"):
            colleague, _made = Colleague.objects.get_or_create(
                representative=codes[who], defaults={"name": who, "user": people[who]}
            )
            Bond.objects.create(
                customer=customer, colleague=colleague, strength=1, share=0.5, bound=0.5, cover=0,
                holds=False, days=1, value=1, hanging=1,
            )  # fmt: skip
    lines.filter(customer__name="Anna1").update(handed_over_at=None)
    found = grown(list(lines), frieda)
    assert {lines.get(pk=pk).customer.name for pk in found} == {"Anna0"}
    assert [bond.colleague.name for bond in found.values()] == ["Bernd"]
    assert grown(list(lines), people["Emil"]) == {}
