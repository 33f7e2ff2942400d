"""Somebody who sees masks only asks for one phone number and for the prices of one document."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kundenstamm.customers.models import Contact
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.lifecycle.models import Estimate
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sample")]


@pytest.fixture
def noted(monkeypatch):
    kept = []
    monkeypatch.setattr(
        "kundenstamm.guard.audit.note_reveal",
        lambda customer, field, reason, *, actor, at: kept.append((field, reason, actor.name)),
    )
    return kept


@pytest.fixture
def konrad(frieda):
    at = timezone.now()
    made = User.objects.create(
        email="konrad@example.com", name="Konrad", role=Role.DATA_PROTECTION, created_at=at
    )
    set_password(made, PASSWORD, actor=frieda, at=at)
    return made


def test_behind_a_mask_one_looks_with_a_reason(konrad, live_server, page, complaints, noted):
    sign_in(page, live_server.url, konrad)
    customer = Estimate.objects.order_by("-occasions").first().customer
    phone = Contact.objects.get(customer=customer).open("phone")
    page.goto(f"{live_server.url}/customers/{customer.key}/")
    people = page.locator(".people")
    assert phone not in page.content()
    people.get_by_role("link", name="Zeigen Telefon").click()
    people.get_by_label("Telefon: Wofür brauchen Sie das?").select_option("other")
    people.get_by_role("button", name="Zeigen").click()
    people.get_by_role("alert").wait_for()
    people.get_by_label("In Ihren Worten").fill("Auskunft verlangt")
    people.get_by_role("button", name="Zeigen").click()
    people.get_by_text(phone).wait_for()
    row = page.locator(".documents tbody tr").nth(1)
    number = row.get_by_role("link").first.inner_text()
    row.get_by_role("link", name="Zeigen").click()
    page.get_by_label("Preise: Wofür brauchen Sie das?").select_option("invoice")
    page.locator(".documents").get_by_role("button", name="Zeigen").click()
    shown = page.locator(".documents tbody tr").nth(1)
    shown.get_by_text("€").first.wait_for()
    assert number in shown.inner_text()
    assert page.locator(".documents").get_by_text("€").count() == 2
    assert noted == [
        ("contact.phone", "other: Auskunft verlangt", "Konrad"),
        ("document.prices", "invoice", "Konrad"),
    ]
    page.reload()
    assert phone not in page.content()
    assert complaints == []
