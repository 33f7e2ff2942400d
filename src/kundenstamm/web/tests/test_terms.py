"""Agreements are made, renewed and ended on pages; entries are given theirs by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.ledger.models import Entry
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.terms.models import Agreement, AgreementEntry, State

AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customer(frieda):
    """Sold for 1000, less 50 by a rebate and 33 by nobody knows what."""
    rows = [("sale", 10, "1000"), ("rebate", 31, "-50"), ("rest", 30, "-33")]
    frame = pl.DataFrame(
        [("K1", None, TODAY, kind, Decimal(amount), None, None, None, "D1", n)
         for n, (_name, kind, amount) in enumerate(rows)],
        {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
         "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
         "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64},
        orient="row",
    )  # fmt: skip
    post_lines(frame, Document("Shop"), actor=frieda, at=AT)
    return Customer.objects.get()


@pytest.fixture
def people(customer, serving):
    """Anna serves the customer, Hanno is in her team, Bernd knows nobody."""
    return serving(customer)


@pytest.fixture
def agree(signed_in, customer):
    def send(**told):
        form = {"kind": "rebate", "rate": "5", "valid_from": TODAY.isoformat(), "reason": "Bitte"}
        return signed_in.post(reverse("agree", args=[customer.key]), form | told)

    return send


@pytest.fixture
def agreement(agree):
    agree()
    return Agreement.objects.get()


def test_an_agreement_finds_what_it_caused(agree, signed_in, work):
    answer = agree()
    made = Agreement.objects.get()
    assert answer["Location"] == reverse("agreement", args=[made.key])
    work()
    page = signed_in.get(answer["Location"])
    assert [link.entry.amount for link in page.context["links"]] == [-50]
    assert page.context["row"]["year"] == 50
    overview = signed_in.get(reverse("terms")).context["found"]
    assert (overview.total, overview.without_agreement) == (83, 33)


def test_tiers_are_written_line_by_line_as_people_write(agree):
    agree(kind="bonus", rate="", tiers="50.000 1,5\n\n100.000 2")
    tiers = [(tier.from_amount, tier.rate) for tier in Agreement.objects.get().tiers.all()]
    assert tiers == [(50000, Decimal("0.0150")), (100000, Decimal("0.0200"))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": ""}, {"rate": "120"}, {"tiers": "5"}, {"kind": "bonus", "tiers": "1 2"},
        {"valid_to": "2000-01-01"}, {"product": "gibt\0es"}, {"category": "gibt es"},
        {"reason": ""}, {"kind": "promotion"}, {"kind": "nonsense"}, {"valid_from": "x"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_on_the_customers_page(agree, wrong):
    answer = agree(**wrong)
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.content.decode()
    assert not Agreement.objects.exists()


def test_renewing_ends_the_one_before(agreement, signed_in):
    page = signed_in.get(reverse("agreement", args=[agreement.key]))
    assert 'value="5"' in page.content.decode()
    form = {"kind": "rebate", "rate": "6,5", "valid_from": str(TODAY + timedelta(days=9)),
            "reason": "Mehr"}  # fmt: skip
    address = reverse("renew-agreement", args=[agreement.key])
    assert signed_in.post(address, form | {"valid_from": str(TODAY)}).status_code == 200
    assert signed_in.post(address, form).status_code == 302
    later = Agreement.objects.get(renews=agreement)
    assert later.rate == Decimal("0.0650")
    agreement.refresh_from_db()
    assert (agreement.valid_to, agreement.state) == (TODAY + timedelta(days=8), State.ENDED)


def test_ending_needs_a_day_in_its_time(agreement, signed_in):
    address = reverse("end-agreement", args=[agreement.key])
    assert signed_in.post(address, {"last_day": "2000-01-01"}).status_code == 200
    assert signed_in.post(address, {"last_day": str(TODAY)}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.valid_to == TODAY


def test_an_entry_is_given_its_agreement_by_hand(agreement, signed_in, customer, frieda):
    address = reverse("link-entry", args=[customer.key])
    entry = Entry.objects.get(amount=-33)
    for told in ({"agreement": "x"}, {"agreement": ""}):
        signed_in.post(address, {"entry": entry.pk} | told)
    assert signed_in.post(address, {"entry": "x"}).status_code == 404
    assert signed_in.post(address, {"entry": "9" * 30}).status_code == 404
    assert not AgreementEntry.objects.exists()
    signed_in.post(address, {"entry": entry.pk, "agreement": agreement.key})
    assert AgreementEntry.objects.get().linked_by == frieda
    page = signed_in.get(reverse("without-agreement", args=[customer.key]))
    assert [each.amount for each in page.context["entries"]] == [-50]


def test_who_may_not_agree_has_neither_forms_nor_doors(agreement, people, customer, client):
    client.force_login(people["Anna"])
    for name in ("agree", "link-entry"):
        assert client.post(reverse(name, args=[customer.key])).status_code == 403
    for name in ("renew-agreement", "end-agreement"):
        address = reverse(name, args=[agreement.key])
        assert client.post(address).status_code == 403
    for name, key in (("customer", customer.key), ("agreement", agreement.key)):
        assert (
            reverse("agree", args=[customer.key])
            not in client.get(reverse(name, args=[key])).content.decode()
        )
    assert client.get(reverse("agreement", args=[agreement.key])).context.get("renew") is None


def test_rates_and_single_amounts_are_masked(agreement, people, customer, client, work):
    work()
    told = {"Anna": True, "Hanno": False}
    for name, plain in told.items():
        client.force_login(people[name])
        for page, key in (("agreement", agreement.key), ("customer", customer.key)):
            body = client.get(reverse(page, args=[key])).content.decode()
            assert ("5\u00a0%" in body) is plain, (name, page)
        entries = client.get(reverse("agreement", args=[agreement.key])).content.decode()
        assert ("−50,00" in entries) is plain
        rest = client.get(reverse("without-agreement", args=[customer.key])).content.decode()
        assert ("−33,00" in rest) is plain


def test_another_ones_agreement_is_not_there(agreement, people, customer, client):
    client.force_login(people["Bernd"])
    for name, key in (("agreement", agreement.key), ("without-agreement", customer.key)):
        assert client.get(reverse(name, args=[key])).status_code == 404
    assert client.get(reverse("terms")).context["found"].total == 0


def test_addresses_typed_by_hand_break_nothing(agreement, signed_in):
    for query in ("?sort=nonsense", "?from=99999999", "?sort=back&from=0"):
        assert signed_in.get(reverse("terms") + query).status_code == 200
    assert signed_in.get(reverse("terms") + "?from=-1").status_code == 404


def test_whose_customer_brings_least_comes_first(agreement, signed_in, customer, frieda):
    other = Customer.objects.create(number="K2", name="K2", created_at=AT)
    told = {"kind": "rebate", "rate": "0.5", "valid_from": TODAY, "agreed_by": frieda}
    Agreement.objects.create(customer=other, agreed_at=AT, **told)
    assert [row["brings"] for row in signed_in.get(reverse("terms")).context["rows"]] == [None] * 2
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # the site may not write estimates
    value_all(as_of=TODAY, actor=frieda, at=AT)
    for who, brings in ((other, -7), (customer, 5)):
        Estimate.objects.filter(customer=who).update(year_contribution_3=brings)
    rows = signed_in.get(reverse("terms") + "?sort=brings").context["rows"]
    assert [(row["of"].customer, row["brings"]) for row in rows] == [(other, -7), (customer, 5)]


def test_a_permanent_promotion_is_marked_with_the_sentence(signed_in, customer, frieda):
    for n in range(3):
        first = date(2026, 1, 1) + timedelta(days=30 * n)
        Agreement.objects.create(
            customer=customer, kind="promotion", rate="0.06", valid_from=first,
            valid_to=first + timedelta(days=29), agreed_by=frieda, agreed_at=AT,
        )  # fmt: skip
    body = signed_in.get(reverse("terms")).content.decode()
    assert "Dauerhaft: 3-mal ohne Pause gewährt seit 01.01.2026." in body
