"""Pages of capacity and of scenarios: what they say, and to whom."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.pursuits import actions
from kundenstamm.pursuits.models import Scenario, State
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.pursuits.sheets import Sheet
from kundenstamm.serving.models import Pool

BEGINS = coming(timezone.localdate())


@pytest.fixture
def store(frieda):
    """6,000 minutes a month: 100 hours."""
    made = Pool.objects.create(name="Lager & Co")
    made.months.create(
        month=month_after(BEGINS, -1), cost=3_000, theoretical_minutes=7_500,
        practical_share="0.8",
    )  # fmt: skip
    return made


@pytest.fixture
def running(company, store, frieda):
    """5,000 minutes a month at one half."""
    customer = Customer.objects.create(
        number="P", name="Prospekt AG", trade="Holz", created_at=timezone.now()
    )
    by = {"actor": frieda, "at": timezone.now()}
    made = actions.start(customer, **by)
    sheet = Sheet(
        Decimal(90_000), Decimal("0.4"), BEGINS, chance=Decimal("0.5"),
        minutes={store.pk: Decimal(5_000)},
    )  # fmt: skip
    actions.keep_sheet(made, sheet, **by)
    return actions.move(made, State.GO, "Auf Empfehlung", **by)


@pytest.fixture
def german(signed_in):
    signed_in.cookies["django_language"] = "de"
    return signed_in


def sent(running, further=(), hired=(), **told):
    """What the scenario's form sends."""
    of = running.key.hex
    said = {
        "name": "Zwei mehr", "note": "", f"take-{of}": "", f"month-{of}": "", f"more-{of}": "",
        f"since-{of}": BEGINS.isoformat(), "further-INITIAL_FORMS": 0, "hired-INITIAL_FORMS": 0,
        "further-TOTAL_FORMS": len(further), "hired-TOTAL_FORMS": len(hired),
    }  # fmt: skip
    for prefix, rows in (("further", further), ("hired", hired)):
        for n, row in enumerate(rows):
            said |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return said | told


def test_without_pools_the_pages_teach_the_next_step(german):
    for name in ("capacity", "how-many", "scenarios"):
        assert reverse("pools") in german.get(reverse(name)).content.decode()


def test_the_calendar_shows_hours_and_each_cell_leads_to_its_evidence(german, running, store):
    page = german.get(reverse("capacity"))
    assert [len(row["cells"]) for row in page.context["rows"]] == [1] * 12
    first = page.context["rows"][0]["cells"][0]
    assert (first["free"], first["full"], first["tone"]) == ("58\u00a0h", "42\u00a0%", "load-0")
    assert "Lager &amp; Co" in page.content.decode()
    cell = german.get(first["href"]).content.decode()
    assert "Prospekt AG" in cell
    assert "42\u00a0h" in cell
    read = AuditEntry.objects.filter(kind="read", what="capacity").latest("pk")
    assert read.customers == [running.customer_id]
    assert len(german.get(reverse("capacity") + "?months=24").context["rows"]) == 24


def test_too_few_hours_are_said_in_a_word(german, running, store):
    store.months.create(
        month=month_after(BEGINS, 4), cost=900, theoretical_minutes=2_500, practical_share="0.8"
    )
    page = german.get(reverse("capacity"))
    assert page.context["rows"][4]["cells"][0]["tone"] == "over"
    assert "8,3\u00a0h zu wenig" in page.content.decode()
    assert page.context["short"][0]["number"] == 8


@pytest.mark.parametrize(
    "query", ["?months=x&pool=x", "?pool=999999999999999999999", "?months=%00&pool=%00"]
)
def test_queries_typed_by_hand_break_nothing(german, running, query):
    assert german.get(reverse("capacity") + query).status_code == 200


@pytest.mark.parametrize("month", ["2020-01", "2999-01", "x", "2026-13", "2026-1"])
def test_a_cell_that_is_not_there_answers_404(german, running, store, month):
    assert german.get(reverse("capacity-cell", args=[store.pk, month])).status_code == 404
    ahead = f"{BEGINS:%Y-%m}"
    assert german.get(reverse("capacity-cell", args=[999_999, ahead])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "minutes", "fits", "wide"),
    [("typed", "1000", 3, "5"), ("pursuit", "", 0, "1"), ("typed", "", -1, "")],
)
def test_how_many_fit_and_what_more_hands_change(german, running, store, kind, minutes, fits, wide):
    """3,500 minutes are free; 2,000 more make 5,500."""
    told = str(running.key) if kind == "pursuit" else kind
    query = {"kind": told, f"minutes-{store.pk}": minutes, "more": "2000"}
    row = german.get(reverse("how-many"), query).context["rows"][0]
    assert (row["customers"], row["wide"]) == (fits, wide)
    assert row["pool"] == ("Lager & Co" if minutes or kind == "pursuit" else "")


def test_a_class_without_anybody_says_so(german, running):
    assert german.get(reverse("how-many"), {"kind": "A"}).status_code == 200
    assert "rows" not in german.get(reverse("how-many"), {"kind": "D"}).context


def test_a_scenario_is_made_changed_copied_and_deleted(german, running, store):
    of = running.key.hex
    more = {"pool": store.pk, "minutes": "4.160", "month": BEGINS.isoformat(), "cost": "2.500"}
    typed = {
        "number": "2", "kind": "typed", "month": BEGINS.isoformat(), "winning": "500",
        "turnover": "40.000", "margin": "35", f"minutes-{store.pk}": "300",
    }  # fmt: skip
    for rows in (
        ([typed | {"turnover": ""}], []),
        ([typed | {"number": ""}], []),
        ([], [more | {"minutes": ""}]),
        ([], [more | {"minutes": "x"}]),
    ):
        wrong = german.post(reverse("new-scenario"), sent(running, *rows))
        assert "errorlist" in wrong.content.decode()
    assert not Scenario.objects.exists()
    german.post(
        reverse("new-scenario"),
        sent(running, [typed], [more], note="<script>alert(1)", **{f"take-{of}": "no"}),
    )
    made = Scenario.objects.get()
    page = german.get(reverse("scenarios"))
    planned, column = page.context["columns"]
    assert [row["of"] for row in planned["taken"]] == [running]
    assert (column["taken"], [each["number"] for each in column["further"]]) == ([], ["2"])
    assert column["added"] > 0
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    again = german.get(reverse("scenario", args=[made.key])).content.decode()
    assert 'value="4160"' in again or 'value="4.160"' in again
    twice = german.post(reverse("new-scenario"), sent(running))
    assert "schon ein Szenario" in twice.content.decode()
    german.post(reverse("copy-scenario", args=[made.key]))
    assert [each.name for each in Scenario.objects.all()] == ["Zwei mehr", "Zwei mehr, Kopie"]
    german.post(
        reverse("scenario", args=[made.key]), sent(running, **{f"more-{of}": "3", "name": "Drei"})
    )
    made.refresh_from_db()
    assert (made.name, made.pursuits.get().more, made.hands.count()) == ("Drei", 3, 0)
    german.post(reverse("delete-scenario", args=[made.key]))
    assert [each.name for each in Scenario.objects.all()] == ["Zwei mehr, Kopie"]


def test_another_persons_scenario_is_not_there(german, client, running, frieda):
    german.post(reverse("new-scenario"), sent(running, name="Geheim"))
    made = Scenario.objects.get()
    for role, seen in ((Role.OWNER, 200), (Role.CONTROLLER, 200), (Role.SERVICE, 403)):
        who = User.objects.create(
            email=f"{role}@example.com", name=role, role=role, created_at=timezone.now()
        )
        client.force_login(who)
        page = client.get(reverse("scenarios"))
        assert page.status_code == seen
        assert "Geheim" not in page.content.decode()
        refused = 404 if seen == 200 else 403
        assert client.get(reverse("scenario", args=[made.key])).status_code == refused
        for name in ("copy-scenario", "delete-scenario"):
            assert client.post(reverse(name, args=[made.key])).status_code == refused
    assert Scenario.objects.get() == made
