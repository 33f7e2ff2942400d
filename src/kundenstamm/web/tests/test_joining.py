"""Pages of joining: asked, ticked, taken over, undone; and what the newcomer reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Task
from kundenstamm.customers.models import Assignment, BulkAct, Customer, Representative
from kundenstamm.guard.models import AuditEntry, User
from kundenstamm.lifecycle.models import Estimate, ValuationRun

TODAY = timezone.localdate()


@pytest.fixture
def base(signed_in):
    """Anna serves three customers, nobody serves Linde; Nora is new."""
    signed_in.cookies["django_language"] = "en"
    at = timezone.now()
    owner = User.objects.get(email="frieda@example.com")
    people = {
        name: User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role="representative", created_at=at
        )
        for name in ("Anna", "Nora")
    }
    code = Representative.objects.create(code="AN", name="Anna", user=people["Anna"])
    run = ValuationRun.objects.create(as_of=TODAY, actor=owner, made_at=at, finished_at=at)
    for rank, name in enumerate(("Ahorn", "Birke", "Buche", "Linde"), start=1):
        customer = Customer.objects.create(
            number=f"K{rank}", name=name, trade="Holz", region="Nord", created_at=at
        )
        Estimate.objects.create(
            run=run, customer=customer, rank=rank, stage="regular",
            expected_contribution=rank * 1000,
        )  # fmt: skip
        if name != "Linde":
            Assignment.objects.create(
                customer=customer, representative=code, starts=TODAY - timedelta(days=400)
            )
    return people


def asks(client, person, **told):
    return client.get(reverse("joining"), {"who": person.pk, "customers": 2, **told})


def takes(client, person, names, **told):
    keys = [str(Customer.objects.get(name=name).key) for name in names]
    said = {
        "who": person.pk, "customers": 2, "customer": keys, "starts": TODAY.isoformat(),
        "weekly": 8, "together": 15,
    }  # fmt: skip
    return client.post(reverse("joining-take-over"), said | told, follow=True)


def serving(person):
    found = Assignment.objects.filter(representative__user=person, ends=None)
    return set(found.values_list("customer__name", flat=True))


def test_it_is_asked_and_nothing_changes(base, signed_in):
    assert signed_in.get(reverse("joining")).status_code == 200
    answer = asks(signed_in, base["Nora"])
    names = [row["of"].customer.name for row in answer.context["lines"]]
    assert names == ["Linde", "Ahorn"]
    assert [row["on"] for row in answer.context["others"]] == [False, False]
    assert serving(base["Nora"]) == set()
    assert not Representative.objects.filter(user=base["Nora"]).exists()
    entry = AuditEntry.objects.filter(what="joining").latest("pk")
    assert len(entry.customers) == 4
    only = asks(signed_in, base["Nora"], of="AN", trade="Holz", region="Nord").context
    assert {row["of"].customer.name for row in only["lines"]} == {"Linde", "Ahorn"}
    assert "form" in asks(signed_in, base["Nora"], customers=0).context


def test_some_are_dropped_one_is_added_and_all_is_undone(base, signed_in):
    answer = takes(signed_in, base["Nora"], ["Linde"], also="K2, K3")
    assert serving(base["Nora"]) == {"Linde", "Birke", "Buche"}
    assert "3 customers go to Nora" in answer.content.decode()
    act = BulkAct.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("bulk-act", args=[act.key])
    assert Task.objects.filter(owner=base["Nora"]).count() == 3
    assert Task.objects.filter(owner=base["Anna"]).count() == 2
    signed_in.post(reverse("bulk-undo", args=[act.key]))
    assert serving(base["Nora"]) == set()
    assert serving(base["Anna"]) == {"Ahorn", "Birke", "Buche"}
    assert not Task.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("names", "told", "said"),
    [
        (["Linde"], {"also": "K99"}, "K99"), ([], {}, "Choose at least one customer."),
        (["Linde"], {"starts": "2020-01-01"}, "Choose a day from today"),
        (["Linde"], {"weekly": 0}, "1"), (["Linde"], {"who": 0}, "valid choice"),
        (["Linde"], {"customer": "nonsense"}, "Choose at least one customer."),
    ],
)  # fmt: skip
def test_what_does_not_go_is_said_and_ticks_stay(base, signed_in, names, told, said):
    answer = takes(signed_in, base["Nora"], names, **told)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert serving(base["Nora"]) == set()
    if names and "customer" not in told and "who" not in told:
        rows = [*answer.context["lines"], *answer.context["others"]]
        assert {row["of"].customer.name for row in rows if row["on"]} == set(names)


def test_the_newcomer_reads_and_what_is_opened_is_read(base, signed_in):
    client = Client()
    client.force_login(base["Nora"])
    client.cookies["django_language"] = "en"
    assert "No customer is new" in client.get(reverse("new-customers")).content.decode()
    assert reverse("new-customers") not in client.get(reverse("today")).content.decode()
    takes(signed_in, base["Nora"], ["Linde", "Ahorn"])
    assert reverse("new-customers") in client.get(reverse("today")).content.decode()
    first = client.get(reverse("new-customers")).context["rows"]
    assert [row.customer.name for row in first] == ["Linde", "Ahorn"]
    client.get(reverse("customer", args=[first[0].customer.key]))
    answer = client.get(reverse("new-customers"))
    assert [(row.customer.name, row.read) for row in answer.context["rows"]] == [
        ("Ahorn", False), ("Linde", True),
    ]  # fmt: skip
    assert answer.context["read"] == 1
    # The owner serves nobody, so nothing is new to them.
    assert signed_in.get(reverse("new-customers")).context["rows"] == []


def test_whoever_may_not_assign_is_not_let_in(base, signed_in):
    client = Client()
    client.force_login(base["Anna"])
    assert client.get(reverse("joining")).status_code == 403
    assert takes(client, base["Nora"], ["Linde"]).status_code == 403
    assert serving(base["Nora"]) == set()
