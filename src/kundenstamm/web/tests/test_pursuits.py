"""Pages of pursuits: who may read and change them, what a sheet says while one types."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.pursuits import actions
from kundenstamm.pursuits.frames import CENT
from kundenstamm.pursuits.models import Learning, Pursuit, PursuitSpending, State
from kundenstamm.pursuits.queries import may_be_pursued


def sent(do="reckon", steps=(), **told):
    """What the sheet's form sends."""
    first = Pursuit.objects.get().first_month.isoformat()
    usual = {
        "turnover": "50.000", "margin": "40", "chance": "30", "staying": "80", "ramp": "3",
        "first_month": first, "do": do, "step-INITIAL_FORMS": 0, "step-TOTAL_FORMS": len(steps),
    }  # fmt: skip
    for n, row in enumerate(steps):
        names = ("what", "minutes", "money")
        usual |= {f"step-{n}-{name}": value for name, value in zip(names, row, strict=True)}
    return usual | told


@pytest.fixture
def prospect(company):
    """One of the forty, of whom nothing was bought lately."""
    made = Customer.objects.create(
        number="P", name="Prospekt AG", trade="Holz", created_at=timezone.now()
    )
    Customer.objects.exclude(pk=made.pk).update(trade="Holz")
    return made


@pytest.fixture
def address(prospect, frieda):
    made = actions.start(prospect, actor=frieda, at=timezone.now())
    return reverse("pursuit", args=[made.key])


def test_a_sheet_is_reckoned_and_only_kept_by_its_button(signed_in, address):
    signed_in.cookies["django_language"] = "de"
    htmx = {"HX-Request": "true"}
    part = signed_in.post(address, sent(steps=[("Besuch", "", "100")]), headers=htmx)
    said = part.content.decode()
    assert "<html" not in said
    assert "Angehen" in said
    assert not Pursuit.objects.get().is_filled
    wrong = signed_in.post(address, sent(turnover="x"), headers=htmx).content.decode()
    assert "nicht gelesen" in wrong or "Umsatz im Jahr" in wrong
    kept = signed_in.post(address, sent("keep", steps=[("Besuch", "", "100"), ("", "", "")]))
    assert kept.status_code == 302
    made = Pursuit.objects.get()
    assert (made.turnover, made.verdict) == (Decimal(50_000), "go")
    assert [each.open("what") for each in made.steps.all()] == ["Besuch"]
    assert "50.000" in signed_in.get(address).content.decode()


def test_whoever_it_is_judged_by_is_named_in_the_audit(signed_in, prospect, address):
    middle = Estimate.objects.order_by("-year_net_revenue")[5]
    Estimate.objects.update(first_day=timezone.localdate() - timedelta(days=400))
    answer = signed_in.post(address, sent(turnover=str(int(middle.year_net_revenue))))
    like = answer.context["shown"]["alike"].found
    assert like
    read = AuditEntry.objects.filter(kind="read", what="pursuit").latest("pk")
    assert set(read.customers) == {prospect.pk, *(each.customer.pk for each in like)}
    far = signed_in.post(address, sent(turnover="90000000"))
    assert not far.context["shown"]["alike"].found
    assert "dieser Größe" in far.content.decode() or "of this size" in far.content.decode()


def test_a_controller_reads_and_changes_nothing(client, address, frieda):
    signed = User.objects.create(
        email="doris@example.com", name="Doris", role=Role.CONTROLLER, created_at=timezone.now()
    )
    pursuit = Pursuit.objects.get()
    actions.move(pursuit, "parked", "Geheimer Grund", actor=frieda, at=timezone.now())
    client.force_login(signed)
    assert client.get(reverse("pursuits")).status_code == 200
    page = client.get(address).content.decode()
    assert 'value="keep"' not in page
    assert "Geheimer Grund" not in page
    assert client.post(address, sent("reckon")).status_code == 200
    assert client.post(address, sent("keep")).status_code == 403
    for name in ("move-pursuit", "book-pursuit", "hand-over-pursuit", "take-back-spending"):
        assert client.post(reverse(name, args=[pursuit.key]), {"to": "go"}).status_code == 403
    assert client.get(reverse("new-pursuit")).status_code == 403


@pytest.mark.parametrize("role", [Role.SERVICE, Role.DATA_PROTECTION, Role.AUDITOR])
def test_others_see_neither_board_nor_sheet(client, address, role):
    who = User.objects.create(email="x@example.com", name="X", role=role, created_at=timezone.now())
    client.force_login(who)
    for there in (reverse("pursuits"), address, reverse("kept-promises")):
        assert client.get(there).status_code == 403


def test_it_is_moved_booked_taken_back_and_handed_over(signed_in, address, frieda):
    pursuit = Pursuit.objects.get()
    signed_in.post(address, sent("keep"))
    board = reverse("pursuits")
    move = reverse("move-pursuit", args=[pursuit.key])
    assert signed_in.post(move, {"to": "go", "next": board})["Location"] == board
    assert (
        signed_in.post(move, {"to": "negotiating", "next": "https://evil.example/"})["Location"]
        == address
    )
    signed_in.post(move, {"to": "lost"})
    pursuit.refresh_from_db()
    assert pursuit.state == State.NEGOTIATING
    book = reverse("book-pursuit", args=[pursuit.key])
    today = timezone.localdate().isoformat()
    assert signed_in.post(book, {"day": today}).status_code == 200
    signed_in.post(book, {"day": today, "money": "12,50", "what": "Fahrt"})
    spending = PursuitSpending.objects.get()
    assert spending.cost == Decimal("12.5").quantize(CENT)
    back = reverse("take-back-spending", args=[pursuit.key])
    for wrong in ("x", "00000000-0000-4000-8000-000000000000"):
        assert signed_in.post(back, {"spending": wrong}).status_code == 404
    signed_in.post(back, {"spending": spending.key})
    spending.refresh_from_db()
    assert spending.taken_back_at is not None
    other = User.objects.create(
        email="olga@example.com", name="Olga", role=Role.OWNER, created_at=timezone.now()
    )
    hand_over = reverse("hand-over-pursuit", args=[pursuit.key])
    signed_in.post(hand_over, {"to": "99999999"})
    signed_in.post(hand_over, {"to": other.pk})
    pursuit.refresh_from_db()
    assert pursuit.owner == other


def test_the_customers_page_leads_there(signed_in, prospect, frieda):
    page = reverse("customer", args=[prospect.key])
    pursue = reverse("pursue", args=[prospect.key])
    assert pursue in signed_in.get(page).content.decode()
    assert signed_in.get(pursue).status_code == 200
    made = signed_in.post(pursue)
    assert made.status_code == 302
    assert signed_in.get(pursue)["Location"] == made["Location"]
    assert made["Location"] in signed_in.get(page).content.decode()
    regular = Estimate.objects.filter(stage="regular").order_by("-occasions").first().customer
    assert not may_be_pursued(frieda, regular)
    signed_in.post(reverse("pursue", args=[regular.key]))
    assert Pursuit.objects.count() == 1


def test_a_prospect_of_a_known_name_is_told(signed_in, prospect):
    told = {"name": " prospekt  ag"}
    answer = signed_in.post(reverse("new-pursuit"), told)
    assert answer.status_code == 200
    assert answer.context["form"].errors["name"]
    made = signed_in.post(reverse("new-pursuit"), {"name": "Neu GmbH", "trade": "Holz"})
    assert made["Location"] == reverse("pursuit", args=[Pursuit.objects.get().key])


def test_what_was_promised_and_what_came(signed_in, prospect, frieda):
    signed_in.cookies["django_language"] = "de"
    page = reverse("kept-promises")
    assert "Ab dreien" in signed_in.get(page).content.decode()
    at = timezone.now()
    Pursuit.objects.create(
        customer=prospect, owner=frieda, state=State.WON, over_on=timezone.localdate(), ramp=1,
        turnover=1_000, came=600, first_month=timezone.localdate().replace(day=1), opened_by=frieda,
        opened_at=at,
    )  # fmt: skip
    Learning.objects.create(
        as_of=timezone.localdate(), ratios=[0.5, 0.6, 0.7], actor=frieda, made_at=at
    )
    said = signed_in.get(page).content.decode()
    assert "Gelernt aus 3" in said
    assert "60\u00a0%" in said
