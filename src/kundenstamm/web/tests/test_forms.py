"""Forms: signing in, the import, the company, costs and margins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import Customer
from kundenstamm.importers import uploads
from kundenstamm.importers.models import ImportJob
from kundenstamm.ledger.models import Batch, Entry, Product, ProductCategory

SALES = "Kunde;Datum;Netto;Beleg;Pos\nK1;01.02.2026;100,50;R1;1\n;02.02.2026;-20,00;R2;1\n"


def upload(signed_in, text=SALES, name="sales.csv"):
    file = SimpleUploadedFile(name, text.encode())
    signed_in.post(reverse("imports"), {"file": file})
    return ImportJob.objects.order_by("-pk").first()


def test_signing_in_and_out(client, frieda):
    frieda.set_password("ein langes Kennwort")
    frieda.save()
    wrong = client.post(reverse("sign-in"), {"login": frieda.email, "password": "falsch"})
    assert wrong.status_code == 200
    right = {"login": frieda.email, "password": "ein langes Kennwort"}
    assert client.post(reverse("sign-in"), right).status_code == 302
    client.post(reverse("sign-out"))
    assert client.get("/").status_code == 302


def test_sign_in_leads_nowhere_else(client, frieda):
    frieda.set_password("ein langes Kennwort")
    frieda.save()
    form = {"login": frieda.email, "password": "ein langes Kennwort", "next": "//evil.example"}
    assert client.post(reverse("sign-in"), form)["Location"] == "/"


def test_the_language_is_kept_for_the_account(signed_in, frieda):
    signed_in.post(reverse("language"), {"language": "en", "next": "/company/"})
    frieda.refresh_from_db()
    assert frieda.language == "en"
    assert '<html lang="en">' in signed_in.get("/company/").content.decode()


def test_a_file_is_looked_at_loaded_and_taken_back(signed_in, frieda, work):
    job = upload(signed_in)
    assert job.kind == "sales"
    assert signed_in.get(reverse("import-job", args=[job.key])).status_code == 200
    outlook = signed_in.get(reverse("import-outlook", args=[job.key]))
    assert (outlook.context["new"], outlook.context["refused"]) == (1, 1)
    assert not Entry.objects.exists()
    signed_in.post(reverse("import-start", args=[job.key]))
    job.refresh_from_db()
    assert job.state == ImportJob.State.WAITING
    work()
    done = signed_in.get(reverse("import-job", args=[job.key]))
    assert done.context["result"]["new"] == 1
    batch = Batch.objects.get(kind="sales")
    refused = signed_in.get(reverse("import-refused", args=[batch.key]))
    assert b"02.02.2026" in b"".join(refused.streaming_content)
    signed_in.post(reverse("import-undo", args=[batch.key]))
    assert "wird zurückgenommen" in signed_in.get(reverse("imports")).content.decode()
    work()
    assert not Customer.objects.visible_to(frieda).exists()
    assert not uploads.path_of(job).exists()


def test_another_column_can_be_chosen(signed_in):
    job = upload(signed_in, "A;B;C\nK1;01.02.2026;5,00\n")
    page = signed_in.get(reverse("import-job", args=[job.key]))
    assert page.context["missing"]
    chosen = {"kind": "sales", "column-customer": "A", "column-date": "B", "column-amount": "C"}
    signed_in.post(reverse("import-job", args=[job.key]), chosen)
    assert not signed_in.get(reverse("import-job", args=[job.key])).context["missing"]


@pytest.mark.parametrize("text", ["", "\x00\x01\x02", "nur eine Zeile"])
def test_junk_is_refused_with_words(signed_in, text):
    assert upload(signed_in, text) is None
    body = signed_in.get(reverse("imports")).content.decode()
    assert 'class="note bad"' in body
    assert "sales.csv" in body or not text


def test_another_persons_file_is_not_there(signed_in, frieda, client):
    from kundenstamm.guard.models import User

    job = upload(signed_in)
    bernd = User.objects.create(
        email="bernd@example.com", name="Bernd", role="controller", created_at=frieda.created_at
    )
    client.force_login(bernd)
    assert client.get(reverse("import-job", args=[job.key])).status_code == 404


def test_the_company_is_described(signed_in):
    form = {
        "name": "Falkenried GmbH", "offer": "Werkzeug", "audience": "Handwerk", "currency": "CHF",
        "fiscal_year_start": 7, "time_zone": "Europe/Zurich", "default_margin": "40",
        "regular_occasions": 4, "onboarding_days": 60, "active_limit": "60", "lost_limit": "10",
        "value_years": 3, "discount_rate": "7,5", "financing_rate": "8",
        "standard_payment_days": 30, "promotion_periods": 3, "rebate_limit": "10",
        "concession_limit": "5000", "approval_days": 14, "class_a_share": "60",
        "class_b_share": "30", "silence_a": 30, "silence_b": 60, "silence_c": 120,
        "silence_least": 10, "survey_days": 60, "survey_question_de": "Was fehlt?",
        "survey_question_en": "What is missing?",
    }  # fmt: skip
    assert signed_in.post(reverse("company"), form).status_code == 302
    assert (profile().currency, profile().default_margin) == ("CHF", Decimal("0.4000"))
    assert (profile().value_years, profile().discount_rate) == (3, Decimal("0.0750"))
    assert (profile().class_a_share, profile().silence_a) == (Decimal("0.6000"), 30)
    for wrong in (
        {"lost_limit": "90"}, {"value_years": 0}, {"discount_rate": "120"},
        {"class_b_share": "50"}, {"silence_least": 0},
    ):  # fmt: skip
        assert signed_in.post(reverse("company"), form | wrong).status_code == 200
    assert profile().lost_limit == Decimal("0.1000")
    assert (profile().value_years, profile().discount_rate) == (3, Decimal("0.0750"))


@pytest.mark.usefixtures("company")
def test_costs_and_margins_are_entered(work, signed_in):
    product = Product.objects.order_by("number").first()
    cost = {"unit_cost": "2.50", "valid_from": date(2020, 1, 1).isoformat()}
    signed_in.cookies["django_language"] = "en"
    signed_in.post(reverse("product-cost", args=[product.pk]), cost)
    work()
    goods = Entry.objects.filter(product=product, kind=40)
    assert goods.exists()
    category = ProductCategory.objects.order_by("name").first()
    signed_in.post(reverse("company-margins"), {f"margin-{category.pk}": "42.5"})
    category.refresh_from_db()
    assert category.margin == Decimal("0.4250")


def test_ones_own_name_language_and_password(signed_in, frieda):
    account = reverse("account")
    signed_in.post(account, {"part": "about", "name": "Frieda F.", "language": "en"})
    frieda.refresh_from_db()
    assert (frieda.name, frieda.language) == ("Frieda F.", "en")
    assert signed_in.cookies["django_language"].value == "en"
    refused = signed_in.post(account, {"part": "about", "name": "", "language": "en"})
    assert refused.status_code == 200
    assert "Frieda F." in refused.content.decode()
    frieda.set_password("ein langes Kennwort")
    frieda.save()
    signed_in.force_login(frieda)
    new = "ein anderes Kennwort"
    form = {"part": "password", "new_password1": new, "new_password2": new}
    wrong = signed_in.post(account, form | {"old_password": "falsch"})
    assert wrong.context["password"].errors
    right = signed_in.post(account, form | {"old_password": "ein langes Kennwort"})
    assert right.status_code == 302
    frieda.refresh_from_db()
    assert frieda.check_password(new)
    assert signed_in.get(account).status_code == 200


def test_a_margin_that_cannot_be_is_refused_with_the_rest(signed_in):
    one, two = (ProductCategory.objects.create(name=name) for name in ("Eins", "Zwei"))
    signed_in.cookies["django_language"] = "de"
    form = {f"margin-{one.pk}": "41,5", f"margin-{two.pk}": "140"}
    assert signed_in.post(reverse("company-margins"), form).context["margins"].errors
    one.refresh_from_db()
    assert one.margin is None
    signed_in.post(reverse("company-margins"), form | {f"margin-{two.pk}": ""})
    one.refresh_from_db()
    assert one.margin == Decimal("0.4150")
    assert 'value="41,5"' in signed_in.get(reverse("company-products")).content.decode()
