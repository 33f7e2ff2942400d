"""The cast, and a base in which each of them knows somebody else."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.db import connection

from kundenstamm.customers.models import (
    Assignment,
    BulkAct,
    BulkChange,
    ChainLink,
    Contact,
    Customer,
    Duplicate,
    Grant,
    Merge,
    MergeProposal,
    Representative,
    Star,
)
from kundenstamm.decisions.models import Proposal, RepairPlan, Rung
from kundenstamm.guard.models import Role, Team, User
from kundenstamm.ledger.actions import Document, post_lines
from kundenstamm.ledger.models import Entry, EntryKind, Source
from kundenstamm.lifecycle.actions import value_all
from kundenstamm.serving.models import (
    Activity,
    ActivityType,
    Driver,
    Equation,
    Payment,
    Pool,
    PoolMonth,
)
from kundenstamm.terms.models import Agreement, AgreementEntry, AgreementTier, Kind
from tests.uncommitted import kept_for_module
from tests.wall import caring, coming
from tests.wall.days import AT, TODAY

CAST = {
    "Anna": Role.REPRESENTATIVE,
    "Bernd": Role.REPRESENTATIVE,
    "Clara": Role.REPRESENTATIVE,
    "Doris": Role.CONTROLLER,
    "Emil": Role.AUDITOR,
    "Frieda": Role.OWNER,
    "Greta": Role.SALES_LEAD,
    "Hanno": Role.SERVICE,
    "Ida": Role.DATA_PROTECTION,
}


@dataclass
class Facts:
    """What the policy is computed from, in plain Python: no database is asked.

    Who serves customers does so under a code; ``accounts`` says whose it is, if not the person's of
    the same name.
    """

    today: date = TODAY
    roles: dict[str, Role] = field(default_factory=lambda: dict(CAST))
    accounts: dict[str, str] = field(default_factory=dict)
    customers: list[str] = field(default_factory=list)
    confidential: set[str] = field(default_factory=set)
    served: list[tuple[str, str, date, date | None]] = field(default_factory=list)
    chain: list[tuple[str, str]] = field(default_factory=list)
    opened: list[tuple[str, str, bool]] = field(default_factory=list)
    closed: set[tuple[str, str]] = field(default_factory=set)
    teams: list[set[str]] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)

    def known(self, person: str) -> set[str]:
        """The whole policy."""
        role = self.roles[person]
        if person in self.locked or role == Role.AUDITOR:
            return set()
        opened = {name for who, name, holds in self.opened if who == person and holds}
        closed = {name for who, name in self.closed if who == person}
        if role in (Role.OWNER, Role.CONTROLLER, Role.DATA_PROTECTION):
            return (set(self.customers) - self.confidential | opened) - closed
        colleagues = {person}
        if role in (Role.SALES_LEAD, Role.SERVICE):
            colleagues |= {mate for team in self.teams if person in team for mate in team}
        served = {
            name
            for code, name, starts, ends in self.served
            if self.accounts.get(code, code) in colleagues
            and starts <= self.today
            and (ends is None or ends >= self.today)
        }
        while more := {low for high, low in self.chain if high in served} - served:
            served |= more
        return (served - self.confidential | opened) - closed


@pytest.fixture
def facts() -> Facts:
    return the_facts()


def the_facts() -> Facts:
    day = timedelta(days=1)
    return Facts(
        customers=[f"Wort{letter}" for letter in "ABCDEFGHIJKLMN"],
        confidential={"WortC", "WortD"},
        served=[
            ("Anna", "WortA", TODAY - 90 * day, None),
            ("Anna", "WortC", TODAY - 90 * day, None),
            ("Anna", "WortF", TODAY - 90 * day, TODAY - day),
            ("Anna", "WortG", TODAY - 90 * day, TODAY),
            ("Anna", "WortH", TODAY + day, None),
            ("Anna", "WortM", TODAY - 90 * day, None),
            ("Bernd", "WortB", TODAY - 90 * day, None),
            ("Bernd", "WortF", TODAY, None),
            ("Clara", "WortI", TODAY - 90 * day, None),
        ],
        chain=[("WortA", "WortJ"), ("WortJ", "WortK"), ("WortB", "WortL"), ("WortA", "WortM")],
        opened=[
            ("Bernd", "WortD", True),
            ("Frieda", "WortC", True),
            ("Anna", "WortN", True),
            ("Anna", "WortB", False),
        ],
        closed={("Anna", "WortM"), ("Doris", "WortE"), ("Bernd", "WortL")},
        teams=[{"Greta", "Hanno", "Anna"}, {"Greta", "Clara"}],
        locked={"Clara"},
    )


@pytest.fixture(scope="module")
def base(django_db_setup, django_db_blocker) -> Iterator[dict[str, User]]:
    """The cast's base, for all tests of a module; `cast_for_good` commits one instead."""
    yield from kept_for_module(django_db_blocker, lambda: make_base(the_facts()))


@pytest.fixture
def cast(base, db) -> dict[str, User]:
    """Accounts of the cast, the facts as rows, what the customers have bought, and been served."""
    return copy.deepcopy(base)


@pytest.fixture
def untraded(facts, db) -> dict[str, User]:
    """Accounts of the cast, and the facts as rows."""
    return make_people(facts)


def make_base(facts: Facts) -> dict[str, User]:
    people = make_people(facts)
    frieda = people["Frieda"]
    _trade(facts, frieda)
    _promise(frieda)
    _propose(frieda)
    _repair(frieda)
    _visit()
    _mark(people)
    _double(frieda)
    caring.note(frieda)
    caring.attach(frieda)
    caring.complain(frieda)
    caring.set_tasks(people)
    caring.play(people)
    caring.prepare(people)
    caring.mention(people)
    caring.survey(frieda)
    caring.sell_on(frieda)
    caring.hold(frieda)
    caring.pursue(frieda)
    caring.depart(people)
    coming.come(frieda)
    return people


def make_people(facts: Facts) -> dict[str, User]:
    _agree_on_the_day()
    people = {
        name: User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role=role, created_at=AT,
            is_active=name not in facts.locked,
        )
        for name, role in CAST.items()
    }  # fmt: skip
    for number, team in enumerate(facts.teams):
        Team.objects.create(name=f"Team {number}").members.set(people[name] for name in team)
    by_name = {name: _customer(name, facts) for name in facts.customers}
    _serve(facts, people, by_name)
    _grant(facts, people, by_name)
    return people


def _agree_on_the_day() -> None:
    """Around midnight the server's day, which counts where no request says it, is another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kundenstamm.day', %s, true)", [TODAY.isoformat()])


def _customer(name: str, facts: Facts) -> Customer:
    made = Customer.objects.create(
        number=f"Nr{name}", name=name, city=f"Ort{name}", region=f"Land{name}", created_at=AT,
        confidential=name in facts.confidential,
    )  # fmt: skip
    contact = Contact(customer=made, name=f"Frau {name}")
    contact.put("email", f"{name}@example.com")
    contact.put("mention", f"Segelt auf der {name}")
    contact.save()
    return made


def _serve(facts: Facts, people: dict[str, User], by_name: dict[str, Customer]) -> None:
    codes = {
        who: Representative.objects.create(code=who, name=f"{who} R.", user=people[who])
        for who in ("Anna", "Bernd", "Clara")
    }
    for who, name, starts, ends in facts.served:
        Assignment.objects.create(
            customer=by_name[name], representative=codes[who], starts=starts, ends=ends
        )
    for high, low in facts.chain:
        ChainLink.objects.create(upstream=by_name[high], downstream=by_name[low])


def _grant(facts: Facts, people: dict[str, User], by_name: dict[str, Customer]) -> None:
    said = {"given_by": people["Frieda"], "reason": "Vertretung", "starts_at": AT}
    for who, name, holds in facts.opened:
        ends = None if holds else AT
        kind = Grant.Kind.OPEN
        Grant.objects.create(
            person=people[who], customer=by_name[name], kind=kind, ends_at=ends, **said
        )
    for who, name in facts.closed:
        kind = Grant.Kind.CLOSED
        Grant.objects.create(person=people[who], customer=by_name[name], kind=kind, **said)


def _trade(facts: Facts, frieda: User) -> None:
    """Sales of the last year, so that every customer has entries, estimates and stages."""
    rows = [
        {
            "row": 10 * n + month, "customer": f"Nr{name}", "customer_name": name,
            "date": TODAY - timedelta(days=30 * month + n), "kind": 10,
            "amount": Decimal(100 + 37 * n), "document": f"Beleg{name}{month}", "line": 1,
        }
        for n, name in enumerate(facts.customers)
        for month in range(1, 9)
    ] + [
        {
            "row": 1000 + n, "customer": f"Nr{name}", "customer_name": name,
            "date": TODAY - timedelta(days=n), "kind": 31, "amount": Decimal(-1),
            "document": f"Kulanz{name}", "line": 1,
        }
        for n, name in enumerate(facts.customers)
    ]  # fmt: skip
    lines = pl.DataFrame(rows).with_columns(
        product=pl.lit(None, pl.String), product_name=pl.lit(None, pl.String)
    )
    post_lines(lines, Document("Probe"), actor=frieda, at=AT)
    value_all(as_of=TODAY, actor=frieda, at=AT)


def _promise(frieda: User) -> None:
    """A tiered rebate with every customer, and a sale that it is said to have caused."""
    for customer in Customer.objects.all():
        told = f"Zusage {customer.name}"
        made = Agreement.objects.create(
            customer=customer, kind=Kind.TIERED, valid_from=TODAY - timedelta(days=200),
            valid_to=TODAY + timedelta(days=9), reason=told, agreed_by=frieda, agreed_at=AT,
        )  # fmt: skip
        AgreementTier.objects.create(
            agreement=made, customer=customer, from_amount=0, rate=Decimal("0.05")
        )
        AgreementEntry.objects.create(
            agreement=made, customer=customer, linked_at=AT,
            entry=Entry.objects.filter(customer=customer).earliest("pk"),
        )  # fmt: skip


def _propose(frieda: User) -> None:
    """Terms that wait for approval with every customer."""
    for customer in Customer.objects.all():
        Proposal.objects.create(
            customer=customer, rebate=Decimal("0.2"), valid_from=TODAY, as_of=TODAY,
            valid_to=TODAY + timedelta(days=365), reason=f"Vorschlag {customer.name}",
            proposed_by=frieda, proposed_at=AT, open_until=TODAY + timedelta(days=14),
            over=["rebate"],
        )  # fmt: skip


def _repair(frieda: User) -> None:
    """A plan to let every customer go; its letter names the customer."""
    for customer in Customer.objects.all():
        RepairPlan.objects.create(
            customer=customer, rung=Rung.LET_GO, size=0, starts_on=TODAY, as_of=TODAY,
            reason=f"Grund {customer.name}", chosen_by=frieda, chosen_at=AT,
        )  # fmt: skip


def _visit() -> None:
    """One visit to every customer, by a pool that has a cost this month; and a late payment."""
    month = TODAY.replace(day=1)
    pool = Pool.objects.create(name="Außendienst")
    PoolMonth.objects.create(pool=pool, month=month, cost=3_000, theoretical_minutes=10_000)
    visit = ActivityType.objects.create(
        code="visit", name="Besuch", pool=pool, kind=EntryKind.VISIT
    )
    equation = Equation.objects.create(type=visit, base_minutes=60)
    Driver.objects.create(equation=equation, name="km", minutes=1)
    diary = Source.objects.create(name="Tagebuch")
    for customer in Customer.objects.all():
        Activity.objects.create(
            customer=customer, type=visit, date=TODAY, drivers={"km": 12}, source=diary,
            document=f"Besuch{customer.name}",
        )  # fmt: skip
        Payment.objects.create(
            customer=customer, due=TODAY - timedelta(days=3), amount=100, source=diary,
            document=f"Rechnung{customer.name}",
        )  # fmt: skip


def _mark(people: dict[str, User]) -> None:
    """Everybody has starred everybody, and moved them all to a region, whoever they know by now.

    Anna has handed them over and kept them confidential as well.
    """
    customers = list(Customer.objects.all())
    Star.objects.bulk_create(
        Star(person=person, customer=each, starred_at=AT)
        for person in people.values()
        for each in customers
    )
    bernd = Representative.objects.get(code="Bernd").pk
    given = {"representative": bernd, "starts": TODAY.isoformat()}
    for person in people.values():
        _act(person, customers, BulkAct.Kind.REGION, {"region": "Küste"}, "", "Küste")
    _act(people["Anna"], customers, BulkAct.Kind.HAND_OVER, given, [], [])
    _act(people["Anna"], customers, BulkAct.Kind.CONFIDENTIAL, {}, [False, "never"], [True, "x"])


def _double(frieda: User) -> None:
    """Pairs that look like one, also of one known and one hidden; and merges that came to nothing.

    But for the last pair, whoever knows the first knows the second.
    """
    by_letter = {each.name[-1]: each for each in Customer.objects.all()}
    Duplicate.objects.bulk_create(
        Duplicate(
            first=by_letter[one], second=by_letter[other], probability=0.9,
            reasons={"name": "name_same"}, found_at=AT,
            apart_at=AT if one == "J" else None, apart_by=frieda if one == "J" else None,
        )
        for one, other in ("AJ", "JK", "EH", "AE")
    )  # fmt: skip
    MergeProposal.objects.bulk_create(
        MergeProposal(
            kept=by_letter[one], dropped=by_letter[other], proposed_by=frieda, proposed_at=AT
        )
        for one, other in ("AJ", "EH", "AE")
    )
    for kept in "AB":
        Merge.objects.create(
            kept=by_letter[kept], dropped=by_letter["N"], state=Merge.State.FAILED,
            asked_by=frieda, asked_at=AT,
        )  # fmt: skip


def _act(
    person: User, customers: list[Customer], kind: str, told: dict[str, Any],
    before: object, after: object,
) -> None:  # fmt: skip
    act = BulkAct.objects.create(
        kind=kind, told=told, customers=len(customers), done_by=person, done_at=AT
    )
    BulkChange.objects.bulk_create(
        BulkChange(act=act, customer=each, before=before, after=after) for each in customers
    )
