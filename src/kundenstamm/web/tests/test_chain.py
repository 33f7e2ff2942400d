"""Pages of the chain: linking and ending, what-if, masks, and what unfolds."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.chain.actions import reckon_due
from kundenstamm.customers.models import ChainLink, Customer
from kundenstamm.web.tests.nasty_chain import page_of_chain

TODAY = timezone.localdate()


@pytest.fixture
def three(company):
    """The dealer between two others; what is behind stands stored."""
    upper, dealer, lower = Customer.objects.order_by("pk")[1:4]
    Customer.objects.filter(pk=dealer.pk).update(link="dealer")
    ChainLink.objects.create(upstream=upper, downstream=dealer)
    return upper, dealer, lower


def send(client, route, customer, **told):
    return client.post(reverse(route, args=[customer.key]), told)


def test_a_link_is_made_and_ended_on_the_page(signed_in, three):
    upper, dealer, lower = three
    told = {"side": "below", "number": lower.number, "valid_from": TODAY.isoformat()}
    assert send(signed_in, "link-chain", dealer, **told).status_code == 302
    made = ChainLink.objects.get(downstream=lower)
    assert (made.upstream, made.valid_from) == (dealer, TODAY)
    circle = {"side": "above", "number": lower.number, "valid_from": TODAY.isoformat()}
    refused = send(signed_in, "link-chain", upper, **circle).content.decode()
    assert f"{lower.name} → {upper.name} → {dealer.name}" in unescape(refused)
    unknown = send(signed_in, "link-chain", dealer, **(told | {"number": "gibtesnicht"}))
    assert "number" in unknown.context["link_form"].errors
    end = {"link": f"below {lower.key}", "valid_to": (TODAY - timedelta(days=1)).isoformat()}
    assert send(signed_in, "end-chain-link", dealer, **end).status_code == 302
    assert not ChainLink.objects.filter(downstream=lower).exists()
    again = send(signed_in, "end-chain-link", dealer, **end)
    assert "link" in again.context["end_form"].errors


def test_who_may_not_assign_is_shown_no_form_and_refused(client, three, serving):
    _upper, dealer, _lower = three
    people = serving(dealer)
    client.force_login(people["Anna"])
    page = client.get(reverse("chain-of", args=[dealer.key]))
    assert "link_form" not in page.context
    assert send(client, "link-chain", dealer).status_code == 403
    client.force_login(people["Bernd"])
    for route in ("chain-of", "chain-below", "chain-what-if"):
        assert client.get(reverse(route, args=[dealer.key])).status_code == 404


def test_what_unfolds_and_what_if_come_as_parts(signed_in, frieda, company):
    nasty = Customer.objects.order_by("pk").first()
    page_of_chain(nasty)
    reckon_due(actor=frieda, at=timezone.now())
    part = {"headers": {"HX-Request": "true"}}
    below = signed_in.get(reverse("chain-below", args=[nasty.key]), **part)
    lower = nasty.downstream_links.get().downstream
    assert [row.customer for row, _others in below.context["rows"]] == [lower]
    address = reverse("chain-what-if", args=[nasty.key])
    gone = signed_in.get(address, {"along": "20", "serving": "1,50"}, **part)
    assert "<html" not in gone.content.decode()
    assert "<html" in signed_in.get(address).content.decode()
    found = gone.context["gone"]
    assert (found.assumed.comes_along, found.hanging) == (0.2, 1)
    wrong = signed_in.get(address, {"along": "viel"}).context
    assert wrong["what_if_form"].errors
    assert wrong["gone"].assumed.comes_along == 0.5
    shown = signed_in.get(reverse("chain"), {"conflicts": "on"}).context
    assert [each.end_customer for each in shown["conflicts"]] == [lower]
    assert shown["found"].number == 1


def test_reported_amounts_are_masked_for_who_sees_no_prices(client, company, serving):
    nasty = Customer.objects.order_by("pk").first()
    page = page_of_chain(nasty)
    people = serving(nasty)
    for name, masked in (("Anna", False), ("Hanno", True)):
        client.force_login(people[name])
        body = client.get(page).content.decode()
        assert ("•••" in body.split('id="conflicts"')[1].split("</section>")[0]) is masked
        assert ('class="flow"' in body) is not masked


def test_the_customers_page_leads_to_the_chain(signed_in, three):
    _upper, dealer, _lower = three
    body = signed_in.get(reverse("customer", args=[dealer.key])).content.decode()
    assert reverse("chain-of", args=[dealer.key]) in body
