"""Growth by its forms: spending, channels, partners, and the card of a customer's origin."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner, Referral, Spending
from kundenstamm.customers.models import Customer
from kundenstamm.web.acquisition import words

TODAY = timezone.localdate()


@pytest.fixture
def ahorn(db):
    return Customer.objects.create(number="K1", name="Ahorn", created_at=timezone.now())


def sent(client, name, data, *args):
    return client.post(reverse(name, args=args), data, follow=True)


def test_spending_is_noted_and_removed_and_nothing_is_refused(signed_in):
    told = {"channel": "advertising", "day": TODAY.isoformat(), "amount": "120", "what": "Anzeige"}
    page = sent(signed_in, "spend", told).content.decode()
    assert "Anzeige" in page
    kept = Spending.objects.get()
    assert (kept.amount, kept.channel.code) == (120, "advertising")
    refused = sent(signed_in, "spend", told | {"amount": ""})
    assert refused.context["spend"].errors
    assert Spending.objects.count() == 1
    sent(signed_in, "remove-spending", {}, kept.key)
    assert not Spending.objects.exists()


def test_channels_and_campaigns_are_kept_once(signed_in):
    sent(signed_in, "keep-channel", {"channel": "", "name": "Messe"})
    again = sent(signed_in, "keep-channel", {"channel": "", "name": "Messe"})
    assert again.context["keep"].errors
    sent(signed_in, "keep-channel", {"channel": "personal", "name": "Wir selbst"})
    assert {str(each) for each in Channel.objects.all()} == {"Messe", "Wir selbst"}
    told = {"channel": "advertising", "name": "Mai", "starts": TODAY.isoformat()}
    sent(signed_in, "keep-campaign", told)
    early = (TODAY - timedelta(days=1)).isoformat()
    wrong = sent(signed_in, "keep-campaign", told | {"name": "Juni", "ends": early})
    assert wrong.context["campaign"].errors
    assert Campaign.objects.get().name == "Mai"


def test_an_origin_is_asked_once_and_who_sent_it_is_thanked(signed_in, ahorn):
    partner = Partner.objects.create(name="Planungsbüro")
    told = {"channel": "partners", "said": "customer", "partner": partner.key, "day": "2020-01-01"}
    page = signed_in.get(reverse("customer", args=[ahorn.key]))
    offered = list(page.context["coming"]["origin"].fields["colleague"].choices)
    assert offered[0] == ("", "–")
    assert len(offered) > 1
    page = sent(signed_in, "tell-origin", told, ahorn.key)
    assert page.context["coming"]["origin"] is None
    assert page.context["coming"]["late"]
    assert sent(signed_in, "tell-origin", told, ahorn.key).context["coming"]["origin"] is None
    assert Origin.objects.get().said == "customer"
    late = signed_in.get(reverse("partners")).context["late"]
    assert [each["of"].customer for each in late] == [ahorn]
    page = sent(signed_in, "thank-partner", {"thanks_cost": "30"}, late[0]["of"].key)
    assert page.context["late"] == []
    assert Referral.objects.get().thanks_cost == 30


def test_what_is_typed_wrongly_comes_back_with_the_reason(signed_in, ahorn):
    told = {"channel": "service", "said": "customer", "sender": "K9"}
    page = sent(signed_in, "tell-origin", told, ahorn.key)
    assert page.context["coming"]["origin"].errors["sender"]
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    page = sent(signed_in, "touch", {"channel": "service", "day": tomorrow}, ahorn.key)
    assert page.context["coming"]["touch"].errors["day"]
    assert not Origin.objects.exists()


def test_a_touch_is_noted_and_removed(signed_in, ahorn):
    day = TODAY.isoformat()
    page = sent(signed_in, "touch", {"channel": "service", "day": day}, ahorn.key)
    [found] = page.context["coming"]["found"].touches
    page = sent(signed_in, "untouch", {}, ahorn.key, found.key)
    assert page.context["coming"]["found"].touches == []
    assert sent(signed_in, "untouch", {}, ahorn.key, found.key).status_code == 404


def test_a_confidential_customer_is_not_passed_on(signed_in, ahorn):
    partner = Partner.objects.create(name="Planungsbüro")
    told = {"customer": "K1", "consent_on": TODAY.isoformat()}
    Customer.objects.update(confidential=True)
    page = sent(signed_in, "pass-on", told, partner.key)
    assert page.context["form"].errors["customer"]
    Customer.objects.update(confidential=False)
    sent(signed_in, "pass-on", told, partner.key)
    assert Referral.objects.get().direction == "given"


def test_records_channels_are_taken_over(signed_in, ahorn):
    Customer.objects.update(channel="Messe Nord")
    page = signed_in.get(reverse("channels"))
    assert [each["name"] for each in page.context["unclaimed"]] == ["Messe Nord"]
    sent(signed_in, "take-over", {"name": "Messe Nord", "channel": ""})
    assert not Origin.objects.exists()
    sent(signed_in, "take-over", {"name": "Messe Nord", "channel": "advertising"})
    assert Origin.objects.get().channel.code == "advertising"


@pytest.mark.usefixtures("company")
def test_the_page_says_which_credit_is_on(signed_in):
    for query, way in (("", "position"), ("?way=first", "first"), ("?way=x&year=x", "position"),
                       ("?year=1999", "position"), ("?way=last&year=2026", "last")):  # fmt: skip
        page = signed_in.get(reverse("growth") + query)
        assert page.status_code == 200
        [on] = [each for each in page.context["ways"] if each["on"]]
        assert on["words"] == words.WAYS[way]
        assert page.context["way"] == words.credited(way)
        assert str(page.context["way"]) in page.content.decode()


def test_names_of_lines_keep_their_distance():
    ends = {"a": 0.0, "b": 1.0, "c": 50.0}
    places = words._label_places(ends, 100)
    told = sorted(places.values())
    assert all(after - before >= 7 for before, after in itertools.pairwise(told))
    assert places["c"] == 50
