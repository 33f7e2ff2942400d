"""A contract is attached to a call in the box, taken home, and kept from who may not know."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kundenstamm.care.models import Attachment
from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User
from kundenstamm.kit.postgres.roles import APP
from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = [pytest.mark.browser]
PDF = b"%PDF-1.7\nEin Vertrag mit Ahorn.\n%%EOF\n"


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def people(frieda):
    at, made = timezone.now(), {}
    for name in ("Anna", "Bernd"):
        made[name] = User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role=Role.REPRESENTATIVE, created_at=at
        )
        set_password(made[name], PASSWORD, actor=frieda, at=at)
        Representative.objects.create(code=name[:2].upper(), name=name, user=made[name])
    return made


@pytest.fixture
def ahorn(people):
    at = timezone.now()
    made = Customer.objects.create(number="1", name="Ahorn Baubedarf", created_at=at)
    anna = Representative.objects.get(user=people["Anna"])
    starts = timezone.localdate(at).replace(day=1)
    Assignment.objects.create(customer=made, representative=anna, starts=starts)
    return made


def test_a_contract_goes_in_with_a_call_and_out_to_who_may_know(
    people, ahorn, page, browser, live_server, complaints
):
    sign_in(page, live_server.url, people["Anna"])
    page.goto(f"{live_server.url}/customers/{ahorn.key}/")
    box = page.locator("#record")
    box.get_by_label("Notiz").fill("Vertrag besprochen")
    wrong = {"name": "Vertrag.pdf", "mimeType": "application/pdf", "buffer": b"MZ kein PDF"}
    box.get_by_label("Anhängen").set_input_files(wrong)
    box.get_by_role("button", name="Festhalten").click()
    expect(box).to_contain_text("„Vertrag.pdf“ ist nicht, was die Endung sagt")
    expect(box.get_by_label("Notiz")).to_have_value("Vertrag besprochen")
    box.get_by_label("Anhängen").set_input_files(wrong | {"buffer": PDF})
    box.get_by_role("button", name="Festhalten").click()
    link = page.locator("#care").get_by_role("link", name="Vertrag.pdf")
    with page.expect_download() as taken:
        link.click()
    assert taken.value.suggested_filename == "Vertrag.pdf"
    assert Path(taken.value.path()).read_bytes() == PDF
    away = f"/customers/{ahorn.key}/attachments/{Attachment.objects.get().key}/"

    others = browser.new_context(locale="de-DE").new_page()
    sign_in(others, live_server.url, people["Bernd"])
    assert others.goto(live_server.url + away).status == 404
    others.context.close()

    page.goto(f"{live_server.url}/customers/{ahorn.key}/interactions/")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_text("Entfernen").first.click()
    page.get_by_role("button", name="Entfernen").click()
    expect(page.locator(".files")).to_contain_text("entfernt von Anna")
    assert bytes(Attachment.objects.get().content) == b""
    assert complaints == []
