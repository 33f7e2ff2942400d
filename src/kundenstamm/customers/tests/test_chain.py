"""Links of the chain: made, ended, opening what is behind them, and never a circle."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from kundenstamm.customers import telling
from kundenstamm.customers.chain_actions import end_link, link
from kundenstamm.customers.chain_queries import suppliers_of
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, day, served
from kundenstamm.customers.timeline import Asked
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import AuditEntry
from kundenstamm.guard.rights import Forbidden

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english():
    """A page that was asked for before may have left another language."""
    with translation.override("en"):
        yield


@pytest.fixture
def three(codes):
    """A and C are Anna's, B nobody's: only the chain leads to it."""
    return (
        served("Ahrens", (codes["Anna"], -9, None)),
        served("Benn"),
        served("Cohn", (codes["Anna"], -9, None)),
    )


def names(person):
    return set(Customer.objects.visible_to(person).values_list("name", flat=True))


def test_a_link_opens_what_is_behind_it_on_its_days_only(three, people):
    ahrens, benn, _ = three
    by = {"actor": people["Frieda"], "at": AT}
    made = link(ahrens, benn, TODAY, **by)
    assert "Benn" in names(people["Anna"])
    with as_the_site(people["Anna"]):
        assert ChainLink.objects.count() == 1
    with pytest.raises(ValidationError, match="supplies Benn already"):
        link(ahrens, benn, TODAY + DAY, **by)
    end_link(made, TODAY - DAY, **by)
    assert not ChainLink.objects.exists()
    made = link(ahrens, benn, TODAY - 3 * DAY, **by)
    end_link(made, TODAY - DAY, **by)
    name_actor(None, at=AT)
    assert "Benn" not in names(people["Anna"])
    with pytest.raises(ValidationError, match="ends earlier"):
        end_link(made, TODAY, **by)
    link(ahrens, benn, TODAY, **by)
    assert [each.name for each in suppliers_of(people["Frieda"], benn, TODAY)] == ["Ahrens"]
    told = [entry.kind for entry in AuditEntry.objects.filter(what="customers_chainlink")]
    assert told == ["insert", "delete", "insert", "update", "insert"]


def test_who_may_not_assign_links_nobody(three, people):
    ahrens, benn, cohn = three
    for name in ("Anna", "Doris", "Emil"):
        with pytest.raises(Forbidden):
            link(ahrens, cohn, TODAY, actor=people[name], at=AT)
    with pytest.raises(Forbidden, match="not yours"):
        link(ahrens, benn, TODAY, actor=people["Greta"], at=AT)
    held = link(ahrens, cohn, TODAY, actor=people["Greta"], at=AT)
    with pytest.raises(Forbidden):
        end_link(held, TODAY, actor=people["Anna"], at=AT)


def test_a_circle_is_refused_with_the_names_that_make_it(three, people):
    ahrens, benn, cohn = three
    by = {"actor": people["Frieda"], "at": AT}
    link(ahrens, benn, TODAY, **by)
    link(benn, cohn, TODAY, **by)
    with pytest.raises(ValidationError, match="Cohn → Ahrens → Benn → Cohn"):
        link(cohn, ahrens, TODAY, **by)
    with pytest.raises(ValidationError, match="Nobody supplies himself"):
        link(ahrens, ahrens, TODAY, **by)
    with pytest.raises(IntegrityError, match="lead back"), transaction.atomic():
        ChainLink.objects.create(upstream=cohn, downstream=ahrens)
    with pytest.raises(IntegrityError, match="lead back"), transaction.atomic():
        ChainLink.objects.filter(downstream=cohn).update(downstream=ahrens, upstream=benn)


def test_whom_one_may_not_know_is_not_named_in_a_circle(three, people):
    """Greta knows both ends; what lies between them is closed to her."""
    ahrens, benn, cohn = three
    Customer.objects.filter(pk=benn.pk).update(confidential=True)
    ChainLink.objects.create(upstream=ahrens, downstream=benn)
    ChainLink.objects.create(upstream=benn, downstream=cohn)
    with pytest.raises(ValidationError, match="a way you may not know") as refused:
        link(cohn, ahrens, TODAY, actor=people["Greta"], at=AT)
    assert "Benn" not in str(refused.value)


def test_who_once_supplied_somebody_may_be_supplied_by_them_later(three, people):
    ahrens, benn, _ = three
    by = {"actor": people["Frieda"], "at": AT}
    first = link(ahrens, benn, TODAY - 9 * DAY, **by)
    end_link(first, TODAY, **by)
    with pytest.raises(ValidationError, match="lead back"):
        link(benn, ahrens, TODAY, **by)
    link(benn, ahrens, TODAY + DAY, **by)


def test_the_timeline_tells_of_known_ends_only(three, people):
    ahrens, benn, cohn = three
    Customer.objects.filter(pk=cohn.pk).update(confidential=True)
    ChainLink.objects.create(upstream=ahrens, downstream=benn, valid_from=day(-5), valid_to=day(-1))
    ChainLink.objects.create(upstream=cohn, downstream=benn, valid_from=day(-5))
    ChainLink.objects.create(upstream=benn, downstream=served("Dorn"))
    for customer, expected in (
        (benn, [("{name} supplied it until this day", "Ahrens"), ("Supplied by {name}", "Ahrens")]),
        (ahrens, [("It supplied {name} until this day", "Benn"), ("It supplies {name}", "Benn")]),
    ):
        asked = Asked(people["Frieda"], customer, frozenset({"chain"}), TODAY, TODAY, 9)
        told = [(event.msgid, event.params["name"]) for event in telling.links(asked)]
        assert told == expected


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_at_once_do_not_both_come_in():
    """Neither transaction sees the other's link: the second waits for the first, then is told."""
    one, two = (Customer.objects.create(number=n, name=n, created_at=AT) for n in ("Eins", "Zwei"))
    refused: list[str] = []

    def reverse() -> None:
        try:
            ChainLink.objects.create(upstream=two, downstream=one)
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        ChainLink.objects.create(upstream=one, downstream=two)
        other = threading.Thread(target=reverse)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(20)
    assert len(refused) == 1
    assert "lead back" in refused[0]
    assert ChainLink.objects.count() == 1
