"""Where a customer comes from is asked once; who sent it, whom we sent, and whom we thank."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kundenstamm.acquisition import coming_actions as actions
from kundenstamm.acquisition.channel_actions import keep_partner, take_over
from kundenstamm.acquisition.coming_actions import Sender
from kundenstamm.acquisition.models import Channel, Origin, Partner, Referral, Touch
from kundenstamm.acquisition.queries import channels, coming, exchanges, overdue, unclaimed_names
from kundenstamm.acquisition.tests.conftest import AT, DAY, TODAY
from kundenstamm.customers.models import Contact
from kundenstamm.guard.rights import Forbidden

Said = Origin.Said


@pytest.fixture
def by(people):
    """Who acts, and now."""

    def acting(name):
        return {"actor": people[name], "at": AT}

    return acting


@pytest.fixture
def partner(by):
    return keep_partner(Partner(name="Planungsbüro"), **by("Frieda"))


def usual(code):
    return next(each for each in channels() if each.code == code)


def tell(customer, acting, code="service", **told):
    told = {"day": TODAY, **told, **acting}
    return actions.tell_origin(customer, usual(code), Said.CUSTOMER, **told)


def test_an_origin_is_told_once_and_a_usual_channel_made_with_it(ahorn, by):
    assert all(each.pk is None for each in channels())
    tell(ahorn, by("Anna"))
    with pytest.raises(ValidationError, match="known already"):
        tell(ahorn, by("Anna"), "partners")
    assert (Origin.objects.get().channel.code, Channel.objects.count()) == ("service", 1)


def test_only_who_records_and_knows_the_customer_tells(ahorn, birke, by):
    for customer, name in ((birke, "Anna"), (ahorn, "Doris"), (ahorn, "Emil")):
        with pytest.raises(Forbidden):
            tell(customer, by(name))
        with pytest.raises(Forbidden):
            actions.touch(customer, usual("service"), TODAY, **by(name))
    assert not Origin.objects.exists()
    assert not Touch.objects.exists()


def test_a_sender_whom_the_reader_does_not_know_is_not_named(ahorn, birke, by, people):
    tell(ahorn, by("Frieda"), by=Sender(sender=birke))
    assert coming(people["Frieda"], ahorn).sender == birke
    found = coming(people["Anna"], ahorn)
    assert (found.sender, found.received is not None) == (None, True)
    with pytest.raises(Forbidden):
        tell(birke, by("Bernd"), by=Sender(sender=ahorn))
    assert not Origin.objects.filter(customer=birke).exists()


@pytest.mark.parametrize("wrong", ["two", "itself", "future"])
def test_one_sends_and_it_is_somebody_else(ahorn, by, people, partner, wrong):
    told = {
        "two": {"by": Sender(partner=partner, colleague=people["Anna"])},
        "itself": {"by": Sender(sender=ahorn)},
        "future": {"by": Sender(partner=partner), "day": TODAY + DAY},
    }[wrong]
    with pytest.raises(ValidationError):
        tell(ahorn, by("Anna"), **told)
    assert not Origin.objects.exists()


def test_a_wrong_answer_goes_unless_thanks_were_said(ahorn, by, partner):
    tell(ahorn, by("Anna"), "partners", by=Sender(partner=partner))
    with pytest.raises(Forbidden):
        actions.ask_again(ahorn, **by("Anna"))
    actions.ask_again(ahorn, **by("Greta"))
    assert not Origin.objects.exists()
    assert not Referral.objects.exists()
    tell(ahorn, by("Anna"), "partners", by=Sender(partner=partner))
    actions.thank(Referral.objects.get(), Decimal(30), **by("Anna"))
    with pytest.raises(ValidationError, match="thanked already"):
        actions.ask_again(ahorn, **by("Greta"))


def test_touches_are_in_order_and_once_a_day(ahorn, by, people):
    for ago in (3, 9):
        actions.touch(ahorn, usual("advertising"), TODAY - ago * DAY, **by("Anna"))
    with pytest.raises(ValidationError, match="noted already"):
        actions.touch(ahorn, usual("advertising"), TODAY - 3 * DAY, **by("Anna"))
    with pytest.raises(ValidationError, match="future"):
        actions.touch(ahorn, usual("advertising"), TODAY + DAY, **by("Anna"))
    days = [each.day for each in coming(people["Anna"], ahorn).touches]
    assert days == [TODAY - 9 * DAY, TODAY - 3 * DAY]


def test_thanks_are_due_within_two_weeks_and_said_once(ahorn, by, people, partner):
    then = TODAY - timedelta(days=20)
    tell(ahorn, by("Anna"), "partners", by=Sender(partner=partner), day=then)
    [late] = overdue(people["Greta"], TODAY)
    assert overdue(people["Bernd"], TODAY) == []
    actions.thank(late, Decimal(40), **by("Anna"))
    with pytest.raises(ValidationError, match="already"):
        actions.thank(late, Decimal(1), **by("Anna"))
    assert overdue(people["Greta"], TODAY) == []
    [exchange] = exchanges(people["Frieda"], TODAY)
    assert (exchange.thanks, exchange.overdue, len(exchange.received)) == (40, 0, 1)


def test_what_is_confidential_is_not_passed_on(ahorn, by, people, partner):
    actions.pass_on(ahorn, partner, TODAY, worth=Decimal(900), **by("Greta"))
    with pytest.raises(ValidationError, match="before"):
        actions.pass_on(ahorn, partner, TODAY, **by("Greta"))
    [exchange] = exchanges(people["Greta"], TODAY)
    assert (exchange.worth, len(exchange.given)) == (900, 1)


@pytest.mark.parametrize(
    ("why", "said"), [("confidential", "confidential"), ("objects", "objects"), ("later", "future")]
)
def test_nobody_is_passed_on_against_their_will(ahorn, by, partner, why, said):
    if why == "objects":
        Contact.objects.create(customer=ahorn, name="Frau Ahorn", objection="all")
    ahorn.confidential = why == "confidential"
    agreed = TODAY + DAY if why == "later" else TODAY
    with pytest.raises(ValidationError, match=said):
        actions.pass_on(ahorn, partner, agreed, **by("Greta"))
    assert not Referral.objects.exists()


def test_who_may_not_keep_partners_passes_nobody_on(ahorn, birke, by, partner):
    for customer, name in ((ahorn, "Anna"), (birke, "Greta"), (ahorn, "Hanno")):
        with pytest.raises(Forbidden):
            actions.pass_on(customer, partner, TODAY, **by(name))


def test_channels_of_the_records_become_origins_of_known_customers(ahorn, birke, by, people):
    for customer in (ahorn, birke):
        customer.channel = "Messe"
        customer.save()
    assert unclaimed_names(people["Greta"]) == [("Messe", 1)]
    assert take_over("Messe", usual("advertising"), **by("Greta")) == 1
    assert take_over("Messe", usual("advertising"), **by("Frieda")) == 1
    assert unclaimed_names(people["Frieda"]) == []
    assert {each.said for each in Origin.objects.all()} == {"records"}
