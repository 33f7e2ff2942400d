"""Merging proposed by who may not merge: by whom, decided by whom, told to whom."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from kundenstamm.customers import doubles_queries, merge_proposals
from kundenstamm.customers.merge_proposals import accept, propose, refuse
from kundenstamm.customers.models import (
    Assignment,
    Customer,
    Duplicate,
    Merge,
    MergeProposal,
    Representative,
)
from kundenstamm.guard.models import AuditEntry, Role, User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden
from tests.wall.days import AT, TODAY

ROLES = {"Frieda": Role.OWNER, "Anna": Role.REPRESENTATIVE, "Bernd": Role.REPRESENTATIVE,
         "Doris": Role.CONTROLLER}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def people(db):
    return {
        name: User.objects.create(email=f"{name}@example.com", name=name, role=role, created_at=AT)
        for name, role in ROLES.items()
    }


@pytest.fixture
def both(people):
    """Anna serves both, the second beside Bernd: so she may not merge them alone."""
    made = [
        Customer.objects.create(number=number, name=name, created_at=AT)
        for number, name in (("1", "Ahorn GmbH"), ("2", "AHORN"))
    ]
    for name, served in (("Anna", made), ("Bernd", made[1:])):
        code = Representative.objects.create(code=name, name=name, user=people[name])
        for customer in served:
            Assignment.objects.create(customer=customer, representative=code, starts=TODAY)
    return made


@pytest.fixture
def asked(monkeypatch):
    """What the worker was asked to merge: there is none here."""
    found = []

    def asking(keep, drop, *, actor, at):
        found.append((keep.name, drop.name, actor.name))
        return Merge()

    monkeypatch.setattr(merge_proposals.merge_actions, "ask", asking)
    return found


def test_who_may_not_merge_proposes_and_who_may_accepts(people, both, asked):
    made = propose(*both, actor=people["Anna"], at=AT)
    with pytest.raises(Refused, match="proposed already"):
        propose(*both[::-1], actor=people["Anna"], at=AT)
    accept(made, actor=people["Frieda"], at=AT)
    assert asked == [("Ahorn GmbH", "AHORN", "Frieda")]
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("accepted", people["Frieda"])
    with pytest.raises(Refused, match="decided already"):
        refuse(made, "two", actor=people["Frieda"], at=AT)


def test_whoever_could_not_merge_them_decides_nothing(people, both):
    made = propose(*both, actor=people["Anna"], at=AT)
    for decide in (accept, lambda *told, **by: refuse(*told, "two", **by)):
        with pytest.raises(Refused, match="Somebody else serves"):
            decide(made, actor=people["Anna"], at=AT)
        with pytest.raises(Forbidden):
            decide(made, actor=people["Doris"], at=AT)
        with pytest.raises(Forbidden):
            decide(made, actor=people["Bernd"], at=AT)
    made.refresh_from_db()
    assert made.state == "open"


def test_a_refusal_has_a_reason_and_two_stay_two(people, both):
    pair = Duplicate.objects.create(
        first=both[0], second=both[1], probability=0.9, reasons={}, found_at=AT
    )
    made = propose(*both, actor=people["Anna"], at=AT)
    with pytest.raises(Refused, match="Say why"):
        refuse(made, "", actor=people["Frieda"], at=AT)
    refuse(made, "two", actor=people["Frieda"], at=AT)
    pair.refresh_from_db()
    assert pair.apart_by == people["Frieda"]
    [told] = doubles_queries.proposals(people["Anna"])
    assert (told.state, told.get_reason_display()) == ("refused", "They are two")
    # Once refused it may be proposed anew.
    assert propose(*both, actor=people["Anna"], at=AT).pk != made.pk


def test_who_knows_one_of_them_neither_proposes_nor_hears_of_it(people, both):
    with pytest.raises(Forbidden):
        propose(*both, actor=people["Bernd"], at=AT)
    with pytest.raises(Forbidden):
        propose(*both, actor=people["Doris"], at=AT)
    propose(*both, actor=people["Anna"], at=AT)
    assert not doubles_queries.proposals(people["Bernd"]).exists()
    assert doubles_queries.open_proposal(people["Anna"], *both[::-1]) is not None


def test_it_stands_in_the_audit(people, both):
    made = propose(*both, actor=people["Anna"], at=AT)
    refuse(made, "branches", actor=people["Frieda"], at=AT)
    written = AuditEntry.objects.filter(what="customers_mergeproposal").order_by("pk")
    assert [each.customers for each in written] == [[both[0].pk], [both[0].pk]]
    assert len({each.kind for each in written}) == 2


def test_by_the_pages(people, both, client, asked):
    """Anna proposes where she is refused; Frieda reads it and decides; Bernd finds no page."""
    pair = [each.key for each in both]
    client.force_login(people["Anna"])
    page = client.get(reverse("duplicate", args=pair)).content.decode()
    assert reverse("propose-merge", args=pair) in page
    page = client.post(reverse("propose-merge", args=pair), follow=True).content.decode()
    [made] = MergeProposal.objects.all()
    assert 'id="proposal"' in page
    assert reverse("accept-merge", args=[made.key]) not in page
    client.force_login(people["Bernd"])
    for name in ("accept-merge", "refuse-merge"):
        assert client.post(reverse(name, args=[made.key])).status_code == 404
    assert client.post(reverse("propose-merge", args=pair)).status_code == 404
    client.force_login(people["Frieda"])
    assert "Anna" in client.get(reverse("duplicates")).content.decode()
    client.post(reverse("refuse-merge", args=[made.key]), {"reason": ""})
    made.refresh_from_db()
    assert made.state == "open"
    client.post(reverse("accept-merge", args=[made.key]))
    assert asked == [("Ahorn GmbH", "AHORN", "Frieda")]
