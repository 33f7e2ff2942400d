"""Plans of repair: what is known of a loss, choosing, the letter, the follow-up, letting go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from kundenstamm.customers.models import Assignment, Customer, Representative
from kundenstamm.decisions import repair_actions as actions
from kundenstamm.decisions.following_up import follow_ups
from kundenstamm.decisions.letters import LANGUAGES, TEXTS, draft, letter
from kundenstamm.decisions.models import RepairPlan
from kundenstamm.decisions.models import Rung as RungChoice
from kundenstamm.decisions.queries.losses import losses_of
from kundenstamm.decisions.repairing import Assumed, reckoned
from kundenstamm.guard.rights import Forbidden
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.worth.decisions.rungs import Assumptions, Rung
from kundenstamm.worth.levels import Kind

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
TODAY = date(2026, 7, 1)
USUAL = Assumed(Assumptions())


def post(people, rows, document="D"):
    """Kind, day, amount; each a document of its own."""
    lines = pl.DataFrame(
        [("K1", None, day, kind, Decimal(amount), None, None, None, f"{document}{n}", 1)
         for n, (kind, day, amount) in enumerate(rows)],
        {"customer": pl.String, "customer_name": pl.String, "date": pl.Date, "kind": pl.Int16,
         "amount": pl.Decimal(18, 4), "product": pl.String, "product_name": pl.String,
         "quantity": pl.Decimal(18, 4), "document": pl.String, "line": pl.Int64},
        orient="row",
    )  # fmt: skip
    post_lines(lines, Document("Shop"), actor=people["Frieda"], at=AT)


@pytest.fixture(autouse=True)
def _in_german():
    with translation.override("de"):
        yield


@pytest.fixture
def loser(people):
    """1,000 of sales each month, of which 350 are left; 6,000 of visits; winning cost 500."""
    rows = [(10, date(2025, 7, 15) + timedelta(days=30 * n), 1_000) for n in range(12)]
    rows += [(52, date(2026, 1, 10), -6_000), (60, date(2025, 8, 1), -500)]
    post(people, rows)
    found = Customer.objects.get()
    code = Representative.objects.create(code="A", name="Anna", user=people["Anna"])
    Assignment.objects.create(customer=found, representative=code, starts=TODAY - timedelta(9))
    return found


@pytest.fixture
def chosen(people, loser):
    def made(rung=Rung.SERVICE, who="Greta", assumed=USUAL, starts_on=TODAY, at=AT):
        return actions.choose(
            loser, rung, assumed, starts_on, reason="kostet zu viel", actor=people[who], at=at
        )

    return made


def known(people, customer, as_of=date(2026, 6, 30)):
    return losses_of(people["Frieda"], [customer], as_of)[customer.pk]


def test_a_loss_is_read_from_the_ledger(people, loser):
    loss = known(people, loser)
    # 4,200 less 6,000 less 500; winning is over, and half of the visits would vanish.
    assert loss.year.contribution_3 == pytest.approx(-2_300)
    assert loss.recurring.contribution_3 == pytest.approx(-1_800)
    assert loss.at_stake == pytest.approx(1_200)
    assert loss.orders == (1_000.0,) * 12
    assert not loss.dealer


def test_a_dealer_may_supply_an_end_customer_only(people, loser):
    Customer.objects.create(name="Händler", number="H", link="dealer", created_at=AT)
    assert known(people, loser).dealer
    loser.link = "dealer"
    assert not known(people, loser).dealer


def test_assumptions_of_the_page_are_taken(people, loser):
    loss = known(people, loser)
    all_vanishes = reckoned(loss, Assumed(Assumptions(), avoidable=1.0))
    assert all_vanishes.loss.at_stake == pytest.approx(-1_800)
    assert all_vanishes.advice.may_part
    once = reckoned(loss, Assumed(Assumptions(), once=3_000.0))
    assert once.loss.recurring.contribution_3 == pytest.approx(1_200)
    assert once.advice.recommended is None
    # No more than all of it can have been paid once.
    assert reckoned(loss, Assumed(Assumptions(), once=9e9)).loss.recurring.cost_to_serve == 0


def test_a_plan_keeps_what_was_measured_and_expected(chosen):
    plan = chosen()
    assert (plan.rung, plan.size) == ("service", Decimal("0.5"))
    kept = RepairPlan.objects.get().figures
    assert kept["contribution_3"] == -2_300
    assert kept["gain"] == pytest.approx(1_500)
    assert kept["assumed"]["answers"]["service"] == 0.5
    assert kept["avoidable"] == {}
    assert kept["reasons"]


@pytest.mark.parametrize(
    ("rung", "who", "may"),
    [
        (Rung.SERVICE, "Anna", True),
        (Rung.LET_GO, "Anna", False),
        (Rung.LET_GO, "Greta", True),
        (Rung.LET_GO, "Frieda", True),
        (Rung.SERVICE, "Hanno", False),
        (Rung.SERVICE, "Doris", False),
        (Rung.SERVICE, "Bernd", False),
    ],
)
def test_who_may_choose(chosen, rung, who, may):
    if may:
        assert chosen(rung, who).chosen_by.name == who
    else:
        with pytest.raises(Forbidden):
            chosen(rung, who)


def test_one_plan_at_a_time_and_not_for_yesterday(people, chosen):
    with pytest.raises(ValidationError, match="späteren Tag"):
        chosen(starts_on=TODAY - timedelta(1))
    with pytest.raises(ValidationError, match="selbst Händler"):
        chosen(Rung.DEALER)
    plan = chosen()
    with pytest.raises(ValidationError, match="läuft schon"):
        chosen(Rung.PRICE)
    with pytest.raises(ValidationError, match="warum"):
        actions.end_plan(plan, reason=" ", actor=people["Greta"], at=AT)
    actions.end_plan(plan, reason="anders", actor=people["Greta"], at=AT)
    with pytest.raises(ValidationError, match="schon beendet"):
        actions.end_plan(plan, reason="noch einmal", actor=people["Greta"], at=AT)
    assert chosen(Rung.PRICE).is_running


def test_the_database_holds_one_plan_at_a_time_too(chosen):
    plan = chosen()
    plan.pk = None
    plan.key = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError, match="one_repair_plan"), transaction.atomic():
        plan.save()


@pytest.mark.parametrize("rung", list(TEXTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rung_has_a_letter_in_both_languages(people, loser, rung, language):
    plan = RepairPlan(customer=loser, rung=rung, size=Decimal("0.045"), starts_on=date(2026, 9, 1))
    told = draft(plan, language, TODAY)
    assert told.startswith(f"{loser.name}\n\n")
    assert ("Sehr geehrte" in told) == (language == "de")
    assert ("1. September 2026" in told) == (language == "de")
    assert "{" not in told
    if rung == "price":
        assert ("4,5\u00a0%" if language == "de" else "4.5%") in told
    # Nothing about what we think of the customer.
    for word in ("Deckungsbeitrag", "contribution", "Verlust", "loss", "lohnt"):
        assert word not in told


def test_a_letter_is_worked_over_and_put_back(people, chosen):
    plan = chosen()
    actions.write_letter(plan, "de", "Guten Tag,\r\nbis bald.\n", actor=people["Greta"], at=AT)
    assert letter(plan, "de", TODAY) == "Guten Tag,\nbis bald."
    assert "Dear Sir" in letter(plan, "en", TODAY)
    with pytest.raises(Forbidden):
        actions.write_letter(plan, "de", "…", actor=people["Bernd"], at=AT)
    actions.write_letter(plan, "de", "", actor=people["Greta"], at=AT)
    assert letter(plan, "de", TODAY).startswith(plan.customer.name)


def test_follow_up_holds_the_ledger_against_the_plan(people, chosen):
    plan = chosen()
    # July to September of the year before: 3 × 350; a quarter of a gain of 1,500 is planned.
    post(people, [(10, date(2026, 8, 1), 4_000)], "N")
    early, late = follow_ups(people["Frieda"], plan, date(2026, 10, 1))
    planned = 1_500 * 91 / 365
    assert (early.months, early.last) == (3, date(2026, 9, 29))
    assert (early.before, early.found) == (pytest.approx(1_050), pytest.approx(1_400))
    assert early.planned == pytest.approx(1_050 + planned)
    assert early.reached == pytest.approx(350 / planned)
    assert (late.months, late.found, late.reached) == (6, None, None)
    _early, late = follow_ups(people["Frieda"], plan, date(2027, 1, 1))
    assert (late.before, late.found) == (pytest.approx(2_100), pytest.approx(1_400))


def test_follow_up_counts_work_by_the_shares_of_the_plan(people, chosen):
    plan = chosen(assumed=Assumed(Assumptions(), avoidable=0.25))
    post(people, [(52, date(2026, 8, 1), -400)], "N")
    early, _late = follow_ups(people["Frieda"], plan, date(2026, 10, 1))
    assert (early.found, early.found_3) == (pytest.approx(-100), pytest.approx(-400))


def test_letting_go_marks_the_customer_and_can_be_taken_back(people, chosen, loser):
    plan = chosen(Rung.LET_GO)
    loser.refresh_from_db()
    assert loser.parted_on is None
    with pytest.raises(Forbidden):
        actions.let_go(plan, TODAY, actor=people["Anna"], at=AT)
    actions.let_go(plan, TODAY, actor=people["Greta"], at=AT)
    loser.refresh_from_db()
    assert loser.parted_on == TODAY
    assert plan.is_running
    actions.take_back(plan, reason="kauft wieder", actor=people["Greta"], at=AT)
    loser.refresh_from_db()
    assert (loser.parted_on, plan.is_running) == (None, False)


def test_only_a_plan_to_let_go_lets_go(people, chosen, loser):
    with pytest.raises(ValidationError, match="Wählen"):
        actions.let_go(chosen(), TODAY, actor=people["Greta"], at=AT)
    loser.refresh_from_db()
    assert loser.parted_on is None


def test_kinds_of_pools_that_are_full_vanish_wholly(people, loser):
    from kundenstamm.ledger.models import Batch, Source
    from kundenstamm.serving.models import ActivityType, AllocationRun, Pool

    busy, idle = (Pool.objects.create(name=name) for name in ("voll", "leer"))
    ActivityType.objects.create(code="v", name="Besuch", pool=busy, kind=Kind.VISIT)
    ActivityType.objects.create(code="s", name="Telefon", pool=idle, kind=Kind.SUPPORT)
    batch = Batch.objects.create(
        kind=Batch.Kind.ALLOCATION, source=Source.objects.get(), actor=people["Frieda"], made_at=AT
    )
    AllocationRun.objects.create(
        month=date(2026, 3, 1), version=1, batch=batch, actor=people["Frieda"], made_at=AT,
        result={"pools": [{"pool_id": busy.pk, "used": "99", "capacity": "90"},
                          {"pool_id": idle.pk, "used": "40", "capacity": "90"}]},
    )  # fmt: skip
    loss = known(people, loser)
    assert loss.avoidable == {Kind.VISIT: 1.0, Kind.SUPPORT: 0.0}
    assert loss.at_stake == pytest.approx(-1_800)


def test_the_words_for_people_are_twins():
    assert RungChoice.values == [each.value for each in Rung]
