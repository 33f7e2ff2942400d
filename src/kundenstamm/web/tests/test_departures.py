"""Pages of departures: from a fear to the last hour, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.care.models import Task
from kundenstamm.customers.models import Assignment, Contact, Customer, Representative
from kundenstamm.departures.models import Absence, Departure, HandoverLine, KnowledgeSheet
from kundenstamm.guard.models import User

TODAY = timezone.localdate()


@pytest.fixture
def base(signed_in):
    """Anna serves two customers with a main contact each, Bernd could take them."""
    at = timezone.now()
    codes = {}
    for name in ("Anna", "Bernd"):
        person = User.objects.create(
            email=f"{name.lower()}@example.com", name=name, role="representative", created_at=at
        )
        codes[name] = Representative.objects.create(code=name, name=name, user=person)
    for name in ("Ahorn", "Birke"):
        customer = Customer.objects.create(number=name, name=name, trade="Holz", created_at=at)
        Contact.objects.create(customer=customer, name=f"Frau {name}", is_main=True)
        Assignment.objects.create(
            customer=customer, representative=codes["Anna"], starts=TODAY - timedelta(days=9)
        )
    return codes


def does(client, deed, **told):
    there = reverse("departure-do", args=[Departure.objects.get().key])
    return client.post(there, {"deed": deed, **told}, follow=True)


def test_from_a_fear_to_the_last_hour(base, signed_in):
    client = Client()
    signed_in.post(reverse("departures"), {"person": base["Anna"].user.pk, "because": "Gerücht"})
    departure = Departure.objects.get()
    assert "Gerücht" in signed_in.get(reverse("departure", args=[departure.key])).content.decode()
    does(signed_in, "propose")
    line = HandoverLine.objects.get(customer__name="Ahorn")
    assert line.proposed == base["Bernd"]
    letter = reverse("departure-letter", args=[departure.key, line.customer.key, "en"])
    assert signed_in.get(letter).status_code == 403
    does(signed_in, "visits")
    assert not Task.objects.exists()
    day = TODAY + timedelta(days=30)
    does(signed_in, "notice", day=day.isoformat(), hour="18:00")
    departure.refresh_from_db()
    assert (departure.state, timezone.localdate(departure.leaves_at)) == ("notice", day)
    HandoverLine.objects.update(at_risk=100)
    does(signed_in, "visits")
    assert {task.owner.name for task in Task.objects.all()} == {"Bernd"}
    does(signed_in, "visits")
    assert Task.objects.count() == 2
    does(signed_in, "sheets")
    assert KnowledgeSheet.objects.count() == 2
    assert "Bernd looks after you" in signed_in.get(letter).content.decode()
    client.force_login(base["Anna"].user)
    sheet = reverse("handover-sheet", args=[KnowledgeSheet.objects.first().key])
    client.post(sheet, {"matters": "Mag keine Anrufe vor neun"})
    assert "vor neun" in client.get(sheet).content.decode()
    client.post(sheet, {"erase": "yes"})
    assert "vor neun" not in client.get(sheet).content.decode()
    does(signed_in, "end")
    assert client.get(sheet).status_code == 200
    does(signed_in, "end", sure="yes")
    assert client.get(sheet).status_code == 302
    assert set(
        Assignment.objects.filter(ends=None).values_list("representative__name", flat=True)
    ) == {"Bernd"}
    answer = does(signed_in, "return")
    assert "/invitation/" in answer.content.decode() or "link" in answer.content.decode()


def test_a_choice_by_hand(base, signed_in):
    carl = Representative.objects.create(
        code="Carl", name="Carl",
        user=User.objects.create(
            email="c@example.com", name="Carl", role="representative", created_at=timezone.now()
        ),
    )  # fmt: skip
    signed_in.post(reverse("departures"), {"person": base["Anna"].user.pk})
    does(signed_in, "propose")
    line = HandoverLine.objects.first()
    other = carl if line.proposed == base["Bernd"] else base["Bernd"]
    there = reverse("departure-choose", args=[line.departure.key])
    signed_in.post(there, {"customer": str(line.customer.key), "to": other.pk})
    line.refresh_from_db()
    assert line.chosen == other
    assert signed_in.post(there, {"customer": "x", "to": other.pk}).status_code == 404
    assert does(signed_in, "nonsense").status_code == 404
    does(signed_in, "withdraw")
    assert Departure.objects.get().state == "withdrawn"


def test_minutes_can_be_entered_where_somebody_knows_better(base, signed_in):
    """Of two colleagues the one without a minute gets nobody; an empty field is as it is known."""
    carl = Representative.objects.create(
        code="Carl", name="Carl",
        user=User.objects.create(
            email="c@example.com", name="Carl", role="representative", created_at=timezone.now()
        ),
    )  # fmt: skip
    bernd = base["Bernd"]
    signed_in.post(reverse("departures"), {"person": base["Anna"].user.pk})
    does(signed_in, "propose")
    before = dict(Departure.objects.get().rooms)
    for none, other in ((carl, bernd), (bernd, carl)):
        does(signed_in, "propose", **{f"room-{none.pk}": "0", f"room-{other.pk}": "90"})
        told = Departure.objects.get().rooms
        assert told == {str(none.pk): 0, str(other.pk): 90 * 52}
        assert {line.proposed for line in HandoverLine.objects.all()} == {other}
    page = signed_in.get(reverse("departure", args=[Departure.objects.get().key]))
    assert 'value="90"' in page.content.decode()
    for wrong in ("-1", "x", "99999999"):
        does(signed_in, "propose", **{f"room-{bernd.pk}": wrong})
        assert Departure.objects.get().rooms == told
    does(signed_in, "propose", **{f"room-{bernd.pk}": "0", f"room-{carl.pk}": "0"})
    assert Departure.objects.get().rooms == told
    does(signed_in, "propose", **{f"room-{bernd.pk}": "", f"room-{carl.pk}": ""})
    assert Departure.objects.get().rooms == before


def test_a_proposal_says_how_far_it_is(base, signed_in):
    """Anna's customers live in Munich, Bernd's in Hamburg."""
    Customer.objects.update(postcode="80331")
    theirs = Customer.objects.create(
        number="H", name="Hafen", postcode="20095", created_at=timezone.now()
    )
    Assignment.objects.create(customer=theirs, representative=base["Bernd"], starts=TODAY)
    signed_in.post(reverse("departures"), {"person": base["Anna"].user.pk})
    does(signed_in, "propose")
    [way] = HandoverLine.objects.first().kilometres.values()
    assert 700 < way < 900
    page = reverse("departure", args=[Departure.objects.get().key])
    assert f"etwa {way} km" in signed_in.get(page).content.decode()
    theirs.postcode = "81000"
    theirs.save()
    does(signed_in, "propose")
    assert HandoverLine.objects.first().kilometres == {str(base["Bernd"].pk): 0}
    theirs.postcode = "?"
    theirs.save()
    does(signed_in, "propose")
    assert HandoverLine.objects.first().kilometres == {}


def test_who_has_left_is_erased_by_the_owner_only_after_all_is_over(base, signed_in):
    signed_in.post(reverse("departures"), {"person": base["Anna"].user.pk})
    page = reverse("departure", args=[Departure.objects.get().key])
    does(signed_in, "end", sure="yes")
    assert 'value="erase"' not in signed_in.get(page).content.decode()
    does(signed_in, "erase", sure="yes")
    assert User.objects.filter(name="Anna").exists()
    does(signed_in, "close")
    assert 'value="erase"' in signed_in.get(page).content.decode()
    does(signed_in, "erase")
    assert User.objects.filter(name="Anna").exists()
    does(signed_in, "erase", sure="yes")
    assert not User.objects.filter(name="Anna").exists()
    said = signed_in.get(page).content.decode()
    assert "Anna" not in said
    assert 'value="erase"' not in said


def test_somebody_is_away_and_back_sooner(base, signed_in):
    anna, bernd = base["Anna"].user, base["Bernd"].user
    days = {"starts": TODAY.isoformat(), "ends": (TODAY + timedelta(days=6)).isoformat()}
    client = Client()
    client.force_login(bernd)
    customer = reverse("customer", args=[Customer.objects.get(name="Ahorn").key])
    assert client.get(customer).status_code == 404
    assert client.get(reverse("absences")).status_code == 403
    told = {"person": anna.pk, "deputy": anna.pk, **days}
    assert signed_in.post(reverse("absences"), told).status_code == 200
    signed_in.post(reverse("absences"), {**told, "deputy": bernd.pk})
    absence = Absence.objects.get()
    assert client.get(customer).status_code == 200
    assert "Anna" in signed_in.get(reverse("absences")).content.decode()
    back = reverse("absence-back", args=[absence.key])
    assert client.post(back).status_code == 403
    signed_in.post(back)
    assert client.get(customer).status_code == 404
    assert "abgesagt" in signed_in.get(reverse("absences")).content.decode()
    unknown = reverse("absence-back", args=[Departure().key])
    assert signed_in.post(unknown).status_code == 404
