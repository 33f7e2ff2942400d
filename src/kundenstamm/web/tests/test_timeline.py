"""One timeline of all departments: what each room tells, in which order, for whom, page by page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kundenstamm.acquisition.models import Channel, Touch
from kundenstamm.care.actions import Happening, record
from kundenstamm.care.complaint_actions import answer, open_complaint, solve
from kundenstamm.care.models import Survey, Task, TaskStep
from kundenstamm.customers.models import Assignment, ChainLink, Customer, Representative
from kundenstamm.customers.timeline import Cursor, Department, kinds, timeline
from kundenstamm.decisions.models import Proposal, RepairPlan
from kundenstamm.guard.masks import HIDDEN
from kundenstamm.guard.models import Role, User
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.ledger.models import EntryKind, Source
from kundenstamm.lifecycle.models import StageChange, ValuationRun
from kundenstamm.playbooks.models import Play, Playbook
from kundenstamm.pursuits.models import Pursuit, PursuitChange
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.serving.models import Activity, ActivityType, Payment, Pool
from kundenstamm.terms.models import Agreement, Kind, State
from kundenstamm.web.care.timeline_rows import says

TODAY = date(2026, 11, 25)
A_DAY = timedelta(days=1)


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


def ago(days):
    return TODAY - days * A_DAY


@pytest.fixture
def customer(frieda):
    return Customer.objects.create(number="K1", name="Bäcker Ahorn", created_at=at(ago(400)))


@pytest.fixture
def lines(customer, frieda):
    def post(*rows):
        """Day, kind, amount and document of each."""
        none = pl.lit(None, pl.String)
        table = pl.DataFrame(
            [
                {"row": n, "customer": "K1", "customer_name": "", "date": day, "kind": int(kind),
                 "amount": Decimal(amount), "document": document, "line": n}
                for n, (day, kind, amount, document) in enumerate(rows)
            ]
        ).with_columns(product=none, product_name=none)  # fmt: skip
        post_lines(table, Document("Kasse"), actor=frieda, at=at(TODAY))

    return post


@pytest.fixture
def told(customer, frieda):
    """The sentences of a page of it, as English writes them, and where the next begins."""

    def telling(actor=frieda, size=100, start=None, wanted=None):
        with translation.override("en"):
            page = timeline(actor, customer, today=TODAY, size=size, start=start, wanted=wanted)
            return [says(event, "EUR") for event in page.events], page

    return telling


def test_documents_are_told_once_with_their_net_and_returns_for_what_they_are(lines, told):
    lines(
        (ago(9), EntryKind.SALE, "100", "R1"), (ago(9), EntryKind.SALE, "50", "R1"),
        (ago(9), EntryKind.REBATE, "-10", "R1"), (ago(8), EntryKind.RETURN, "-30", "G1"),
        (ago(7), EntryKind.BONUS, "-5", "B1"),
    )  # fmt: skip
    assert told()[0] == [
        "Returned or credited with G1: −€30.00", "Document R1: €140.00 net",
    ]  # fmt: skip
    assert told(wanted=["sale"])[0] == ["Document R1: €140.00 net"]
    assert told(wanted=["return"])[0] == ["Returned or credited with G1: −€30.00"]


def test_what_was_taken_back_leaves_nothing(lines, told):
    lines((ago(9), EntryKind.SALE, "100", "R1"))
    lines((ago(9), EntryKind.SALE, "100", "R1"), (ago(8), EntryKind.SALE, "1", "R2"))
    assert [each.split(":")[0] for each in told()[0]] == ["Document R2", "Document R1"]


def test_payments_are_told_if_they_were_or_are_late(customer, told):
    source = Source.objects.create(name="Konto")
    for document, due, paid in (
        ("in time", ago(9), ago(9)), ("late", ago(9), ago(4)), ("open", ago(2), None),
        ("not due", TODAY, None),
    ):  # fmt: skip
        Payment.objects.create(
            customer=customer, due=due, paid=paid, amount=100, source=source, document=document
        )
    says_, page = told()
    assert [each.split(",")[0] for each in says_] == ["open", "late"]
    assert [event.day for event in page.events] == [ago(2), ago(4)]


def test_agreements_end_once_renewals_take_their_place(customer, frieda, told):
    terms = {"customer": customer, "rate": "0.05", "kind": Kind.REBATE, "agreed_by": frieda}
    first = Agreement.objects.create(
        valid_from=ago(90), valid_to=ago(31), agreed_at=at(ago(90)), **terms
    )
    Agreement.objects.create(
        valid_from=ago(30), valid_to=ago(5), renews=first, agreed_at=at(ago(40)), **terms
    )
    Agreement.objects.create(
        valid_from=ago(80), valid_to=ago(3), state=State.ENDED, agreed_at=at(ago(80)), **terms
    )
    Agreement.objects.create(valid_from=ago(2), valid_to=TODAY, agreed_at=at(ago(2)), **terms)
    said = [each.split(": ")[1].split(",")[0] for each in told()[0]]
    assert said == ["agreed", "ended early", "ran out", "renewed", "agreed", "agreed"]


def test_a_complaint_is_told_from_the_call_to_its_solution(customer, frieda, told):
    made = record(customer, Happening("complaint", at(ago(9))), actor=frieda, at=at(ago(9)))
    opened = open_complaint(made, actor=frieda, at=at(ago(9), 11))
    answer(opened, "Ersatz kommt", actor=frieda, at=at(ago(8)))
    solve(opened, "Ersetzt", actor=frieda, at=at(ago(7)))
    said, page = told(wanted=["complaint"])
    assert said == ["Complaint solved", "Complaint answered", "Complaint"]
    assert {event.evidence for event in page.events} == {("complaint", opened.key)}


def test_every_department_tells_its_part(customer, frieda, lines, told):
    everything(customer, frieda, lines)
    page = told()[1]
    assert {event.kind for event in page.events} == {kind.name for kind in kinds()}
    places = [event.place for event in page.events]
    assert places == sorted(places, reverse=True)
    for department in Department:
        names = [kind.name for kind in kinds(department)]
        found = told(wanted=names)[1].events
        assert {event.kind for event in found} == set(names) != set()


@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_show_everything_once_and_in_order(customer, frieda, lines, told, size):
    everything(customer, frieda, lines)
    whole, seen, start = told()[1].events, [], None
    while True:
        page = told(size=size, start=start)[1]
        assert 0 < len(page.events) <= size
        seen += page.events
        if page.earlier is None:
            break
        start = page.earlier
    assert seen == whole
    assert len(whole) > 20


def test_a_page_begins_with_a_day(customer, frieda, lines, told):
    everything(customer, frieda, lines)
    whole = told()[1].events
    begun = told(start=Cursor(ago(20)))[1].events
    assert begun == [event for event in whole if event.day <= ago(20)]


def test_whoever_sees_no_prices_is_told_without_them(customer, frieda, lines, told):
    everything(customer, frieda, lines)
    ida = User.objects.create(
        email="ida@example.com", name="Ida", role=Role.DATA_PROTECTION, created_at=at(TODAY)
    )
    said, page = told(ida)
    assert HIDDEN in " ".join(said)
    assert "€" not in " ".join(said)
    assert {"proposal", "repair"} & {event.kind for event in page.events} == set()


def test_whoever_may_not_know_the_customer_is_told_nothing(customer, frieda, lines, told):
    everything(customer, frieda, lines)
    for role in (Role.REPRESENTATIVE, Role.AUDITOR):
        person = User.objects.create(
            email=f"{role}@example.com", name="Bernd", role=role, created_at=at(TODAY)
        )
        assert told(person)[1].events == []


def test_the_page_filters_and_pages_by_address(customer, frieda, lines, signed_in, monkeypatch):
    everything(customer, frieda, lines)
    monkeypatch.setattr("kundenstamm.web.care.timeline_views.PAGE", 5)
    address, seen = reverse("timeline", args=[customer.key]) + "?until=2026-11-25", []
    while address:
        line = signed_in.get(address).context["line"]
        seen += [row.of for row in line["rows"]]
        address = line["earlier"]
    assert len(seen) > 20
    only = signed_in.get(
        reverse("timeline", args=[customer.key]) + "?department=accounting&kind=payment&kind=call"
    ).context["line"]
    assert {row.of.kind for row in only["rows"]} == {"payment"}
    part = signed_in.get(
        reverse("timeline", args=[customer.key]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert 'id="line"' in part


@pytest.mark.parametrize(
    "query", ["?until=x", "?until=2026-13-01", "?until=2026-01-01&skip=x", "?until=0001-01-01",
              "?until=9999-12-31", "?department=x&kind=y", "?skip=-4&until=2026-11-25"],
)  # fmt: skip
def test_addresses_typed_by_hand_break_nothing(customer, signed_in, query):
    assert signed_in.get(reverse("timeline", args=[customer.key]) + query).status_code == 200


def test_every_event_leads_to_evidence_that_answers(customer, frieda, lines, signed_in):
    everything(customer, frieda, lines)
    rows = signed_in.get(reverse("timeline", args=[customer.key])).context["line"]["rows"]
    leads = {row.href for row in rows if row.href}
    assert len(leads) > 8
    for address in leads:
        assert signed_in.get(address).status_code == 200, address


def test_the_box_begins_with_the_kind_that_is_asked_for(customer, signed_in):
    own = reverse("customer", args=[customer.key])
    form = signed_in.get(f"{own}?kind=visit").context["happened"]["form"]
    assert form["kind"].value() == "visit"
    assert signed_in.get(f"{own}?kind=x").context["happened"]["form"]["kind"].value() == "call"
    assert "autofocus" in str(signed_in.get(f"{own}?kind=visit").context["happened"]["form"])
    assert "autofocus" not in str(signed_in.get(own).context["happened"]["form"])
    assert 'id="record"' in signed_in.get(own).content.decode()


def everything(customer, frieda, lines):
    """Something of each kind, on days of its own and on one day together."""
    lines(*[(ago(n), EntryKind.SALE, "100", f"R{n}") for n in (1, 20, 21, 40)],
          (ago(20), EntryKind.RETURN, "-30", "G1"))  # fmt: skip
    for n, kind in enumerate(("visit", "call", "mail", "note", "rival", "support", "complaint")):
        way = "we" if kind in ("call", "mail") else ""
        what = Happening(kind, at(ago(20 + n // 3)), "Notiz", way)
        record(customer, what, actor=frieda, at=at(TODAY))
    serve(customer)
    for n in range(3):
        task = Task(customer=customer, owner=frieda, due=TODAY, created_by=frieda,
                    created_at=at(ago(20)))  # fmt: skip
        task.put("what", f"Aufgabe {n}")
        task.save()
    step = TaskStep(task=task, customer=customer, kind="put_off", at=at(ago(19)), by=frieda,
                    from_due=ago(1), to_due=TODAY)  # fmt: skip
    step.put("because", "Urlaub")
    step.save()
    decide(customer, frieda)
    other = Customer.objects.create(name="Großhandel", number="G-1", created_at=at(ago(40)))
    ChainLink.objects.create(upstream=other, downstream=customer, valid_from=ago(20))
    Touch.objects.create(
        customer=customer, channel=Channel.objects.create(name="Messe"), day=ago(20),
        recorded_by=frieda, recorded_at=at(TODAY),
    )  # fmt: skip


def serve(customer):
    source = Source.objects.create(name="Tagebuch")
    pool = Pool.objects.create(name="Lager")
    for code, kind in (("pack", EntryKind.DELIVERY), ("train", EntryKind.SUPPORT)):
        work = ActivityType.objects.create(code=code, name=code, pool=pool, kind=kind)
        Activity.objects.create(
            customer=customer, type=work, date=ago(20), minutes=5, source=source, document=code
        )
    Payment.objects.create(
        customer=customer, due=ago(25), paid=ago(20), amount=100, source=source, document="R9"
    )
    who = Representative.objects.create(code="A", name="Anna")
    Assignment.objects.create(customer=customer, representative=who, starts=ago(30), ends=ago(20))


def decide(customer, frieda):
    Agreement.objects.create(
        customer=customer, kind=Kind.REBATE, rate="0.05", valid_from=ago(20), agreed_by=frieda,
        agreed_at=at(ago(20)),
    )  # fmt: skip
    Proposal.objects.create(
        customer=customer, rebate=Decimal("0.2"), valid_from=TODAY, as_of=TODAY, valid_to=TODAY,
        reason="Bitte", proposed_by=frieda, proposed_at=at(ago(20)), open_until=TODAY,
        over=["rebate"],
    )  # fmt: skip
    RepairPlan.objects.create(
        customer=customer, rung="price", size="0.05", starts_on=TODAY, as_of=TODAY, reason="Grund",
        chosen_by=frieda, chosen_at=at(ago(20)),
    )  # fmt: skip
    run = ValuationRun.objects.create(as_of=TODAY, actor=frieda, made_at=at(TODAY))
    change = StageChange.objects.create(customer=customer, stage="new", since=ago(20), run=run)
    ask_and_play(customer, frieda, change)


def ask_and_play(customer, frieda, change):
    """An answered question of satisfaction, and a playbook that was started by hand."""
    survey = Survey(customer=customer, language="de", question="Was fehlt?", asked_by=frieda,
                    asked_at=at(ago(20)), open_until=at(TODAY), answered_at=at(ago(19)),
                    score=3)  # fmt: skip
    survey.save()
    new = Playbook.objects.create(stage="new", switched_on_at=at(ago(20)))
    Play.objects.create(
        customer=customer, playbook=new, change=change, by_hand=True, started_at=at(ago(20)),
        started_by=frieda,
    )  # fmt: skip
    pursuit = Pursuit.objects.create(
        customer=customer, owner=frieda, first_month=TODAY.replace(day=1), opened_by=frieda,
        opened_at=at(ago(20)),
    )  # fmt: skip
    PursuitChange.objects.create(
        pursuit=pursuit, customer=customer, after="considering", by=frieda, at=at(ago(20))
    )
    said = Correction(
        customer=customer, colleague=Colleague.objects.create(user=frieda, name="Frieda"),
        says="holds", day=ago(20), by=frieda, at=at(ago(20)),
    )  # fmt: skip
    said.put("because", "Duzt den Chef")
    said.save()
