"""The repair ladder on pages: who loses, reckoning, choosing, the letter, letting go."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.decisions.models import RepairPlan, Rung
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.lifecycle.models import Estimate, Stage

AT = timezone.now()
TODAY = timezone.localdate(AT)


@pytest.fixture(autouse=True)
def _behind_both_walls(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def customers(frieda):
    """K1 loses for two years; K2 earns; K3 loses too, but is new and has paid for being won."""
    rows = [("K1", 10, 500 - 30 * n, 1_000) for n in range(15)]
    rows += [("K1", 52, 100, -9_000), ("K2", 10, 500, 1_000), ("K2", 10, 20, 1_000)]
    rows += [("K3", 10, 40, 1_000), ("K3", 60, 40, -2_000)]
    frame = pl.DataFrame(
        [(who, None, TODAY - timedelta(days=ago), kind, Decimal(amount), None, None, None,
          f"D{n}", 1) for n, (who, kind, ago, amount) in enumerate(rows)],
        {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
         "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
         "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64},
        orient="row",
    )  # fmt: skip
    post_lines(frame, Document("Shop"), actor=frieda, at=AT)
    value_all(as_of=TODAY, actor=frieda, at=AT)
    return {each.number: each for each in Customer.objects.all()}


@pytest.fixture
def people(customers, serving):
    """Anna serves K1, Hanno is in her team and sees no prices, Bernd knows nobody."""
    return serving(customers["K1"])


@pytest.fixture
def ladder(customers):
    return reverse("repair", args=[customers["K1"].key])


@pytest.fixture
def choose(signed_in, ladder):
    def send(rung="service", **told):
        form = {"do": "choose", "rung": rung, "starts_on": TODAY.isoformat(), "reason": "zu teuer"}
        return signed_in.post(ladder, form | told)

    return send


@pytest.fixture
def plan(choose):
    choose()
    return RepairPlan.objects.get()


def test_who_loses_stands_in_the_list_and_who_is_new_does_not(signed_in, customers):
    answer = signed_in.get(reverse("repairs"))
    (row,) = answer.context["rows"]
    assert row["of"].customer == customers["K1"]
    assert row["of"].year_contribution_3 < 0
    assert answer.context["found"].number == 1
    assert "K1" in answer.content.decode()


def test_others_do_not_see_it(client, customers, people, ladder):
    client.force_login(people["Bernd"])
    assert client.get(reverse("repairs")).context["rows"] == []
    assert client.get(ladder).status_code == 404
    client.force_login(people["Hanno"])
    assert client.get(reverse("repairs")).status_code == 403
    client.force_login(people["Anna"])
    assert len(client.get(reverse("repairs")).context["rows"]) == 1
    assert client.get(ladder).status_code == 200


def test_the_ladder_is_reckoned_as_one_types(signed_in, ladder):
    page = signed_in.get(ladder)
    assert [row["rung"] for row in page.context["rows"]] == [rung.value for rung in Rung]
    before = page.context["ladder"].loss.at_stake
    part = signed_in.post(
        ladder, {"do": "reckon", "avoidable": "100"}, headers={"HX-Request": "true"}
    )
    assert part.context["ladder"].loss.at_stake < before
    assert "<html" not in part.content.decode()
    price = signed_in.post(ladder, {"price": "4,5", "service": "25"}).context["ladder"].advice
    assert [round(each.size, 3) for each in price.rungs[:3:2]] == [0.045, 0.25]


def test_what_cannot_be_read_is_said_and_reckoned_as_suggested(signed_in, ladder):
    answer = signed_in.post(ladder, {"service": "viel", "dealer_risk": "101"})
    assert [field.name for field in answer.context["unreadable"]] == ["dealer_risk", "service"]
    assert answer.context["ladder"].assumed.answers.service == 0.5


def test_a_rung_is_chosen_with_what_was_assumed(choose, customers):
    answer = choose(service="25", service_risk="5", avoidable="80")
    made = RepairPlan.objects.get()
    assert answer["Location"] == reverse("repair-plan", args=[made.key])
    assert (made.customer, made.rung, made.size) == (customers["K1"], "service", Decimal("0.25"))
    assert made.figures["assumed"]["answers"]["service_risk"] == 0.05
    assert made.figures["assumed"]["avoidable"] == 0.8
    assert made.figures["gain"] == pytest.approx(9_000 * 0.8 * 0.75)


@pytest.mark.parametrize(
    ("told", "field"),
    [({"starts_on": "2020-01-01"}, "starts_on"), ({"reason": ""}, "reason"),
     ({"rung": "dealer"}, "__all__"), ({"rung": "nichts"}, "rung")],
)  # fmt: skip
def test_a_choice_that_cannot_be_comes_back_with_its_errors(choose, told, field):
    answer = choose(**told)
    assert answer.status_code == 200
    assert field in answer.context["choice"].errors
    assert not RepairPlan.objects.exists()


def test_the_list_says_which_plans_were_measured(signed_in, plan):
    for ago, months in ((0, 0), (92, 3), (183, 6)):
        plan.starts_on = TODAY - timedelta(days=ago)
        plan.save()
        (shown,) = signed_in.get(reverse("repairs")).context["running"]
        assert shown.months_over == months


def test_a_plan_shows_letter_and_follow_up(signed_in, plan):
    address = reverse("repair-plan", args=[plan.key])
    body = signed_in.get(address).content.decode()
    assert "Sehr geehrte Damen und Herren" in body
    assert "noch nicht um" in body
    assert "Dear Sir or Madam" in signed_in.get(address, {"letter": "en"}).content.decode()
    printed = signed_in.get(reverse("repair-letter", args=[plan.key, "en"])).content.decode()
    assert '<article class="card letter" lang="en">' in printed
    assert signed_in.get(reverse("repair-letter", args=[plan.key, "fr"])).status_code == 404


def test_a_letter_is_kept_and_the_draft_is_not(signed_in, plan):
    address = reverse("write-repair-letter", args=[plan.key, "de"])
    draft = signed_in.get(reverse("repair-plan", args=[plan.key])).context["text"]
    signed_in.post(address, {"text": draft.replace("\n", "\r\n")})
    plan.refresh_from_db()
    assert plan.letter_de == ""
    signed_in.post(address, {"text": "Guten Tag <b>Sie</b>"})
    plan.refresh_from_db()
    assert plan.letter_de == "Guten Tag <b>Sie</b>"
    printed = signed_in.get(reverse("repair-letter", args=[plan.key, "de"])).content.decode()
    assert "<b>Sie" not in printed


def test_a_plan_ends_with_a_reason(signed_in, plan):
    address = reverse("end-repair-plan", args=[plan.key])
    assert "reason" in signed_in.post(address, {"reason": ""}).context["end_form"].errors
    signed_in.post(address, {"reason": "es geht wieder"})
    plan.refresh_from_db()
    assert (plan.is_running, plan.end_reason) == (False, "es geht wieder")


def test_who_is_let_go_is_parted_and_out_of_the_list(
    signed_in, choose, customers, frieda, settings
):
    settings.DATABASE_WALL_ROLE = ""  # the valuation is not the site's to run
    choose("let_go")
    plan = RepairPlan.objects.get()
    signed_in.post(reverse("part", args=[plan.key]), {"last_day": TODAY.isoformat()})
    assert Customer.objects.get(number="K1").parted_on == TODAY
    value_all(as_of=TODAY, actor=frieda, at=timezone.now())
    newest = Estimate.objects.filter(customer=customers["K1"]).latest("run_id")
    assert newest.stage == Stage.PARTED
    assert signed_in.get(reverse("repairs")).context["rows"] == []
    signed_in.post(reverse("end-repair-plan", args=[plan.key]), {"reason": "kauft wieder"})
    assert Customer.objects.get(number="K1").parted_on is None


def test_a_representative_chooses_but_does_not_let_go(client, people, ladder):
    client.force_login(people["Anna"])
    form = {"do": "choose", "starts_on": TODAY.isoformat(), "reason": "zu teuer"}
    assert client.post(ladder, form | {"rung": "let_go"}).status_code == 403
    assert client.post(ladder, form | {"rung": "price"}).status_code == 302
    plan = RepairPlan.objects.get()
    sent = client.post(reverse("part", args=[plan.key]), {"last_day": TODAY.isoformat()})
    assert sent.status_code == 403


def test_the_customers_page_leads_to_the_ladder(signed_in, customers, ladder):
    for number, leads in (("K1", True), ("K2", False)):
        body = signed_in.get(reverse("customer", args=[customers[number].key])).content.decode()
        assert (reverse("repair", args=[customers[number].key]) in body) == leads
