"""Colleagues are spoken to in notes, if they may know of the customer."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kundenstamm.care import rules
from kundenstamm.care.actions import withdraw
from kundenstamm.care.mentioning import see, unseen
from kundenstamm.care.models import Interaction, Mention
from kundenstamm.care.tests.conftest import AT, as_the_site
from kundenstamm.customers.actions import close_to
from kundenstamm.guard.models import User

pytestmark = pytest.mark.django_db
NAMES = ["anna", "anna ahorn", "bernd", "müller-lüdenscheid"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Anna bitte", ["anna"]),
        ("@anna  AHORN: bitte", ["anna ahorn"]),
        ("(@Bernd, @Anna)", ["bernd", "anna"]),
        ("@Bernd @Bernd", ["bernd"]),
        ("@Müller-Lüdenscheid", ["müller-lüdenscheid"]),
        ("kontakt@bernd.example", []),
        ("@Bernde", []),
        ("@ Bernd", []),
        ("Bernd", []),
        ("", []),
    ],
)
def test_names_are_found_after_an_at(text, found):
    assert rules.names_in(text, NAMES) == found


def test_nobody_is_found_among_nobody():
    assert rules.names_in("@Anna", []) == []


def test_who_is_spoken_to_is_told_until_they_have_seen_it(recorded, people):
    made = recorded(note="@Frieda, bitte die Preise prüfen")
    [waiting] = unseen(people["Frieda"])
    assert (waiting.interaction, waiting.customer) == (made, made.customer)
    assert not unseen(people["Anna"]).exists()
    assert not see(waiting.key, actor=people["Anna"], at=AT)
    assert see(waiting.key, actor=people["Frieda"], at=AT)
    assert not unseen(people["Frieda"]).exists()
    assert see(waiting.key, actor=people["Frieda"], at=AT)
    waiting.refresh_from_db()
    assert waiting.seen_at == AT


@pytest.mark.parametrize("name", ["Bernd", "Doris", "Emil"])
def test_who_may_not_know_or_records_nothing_is_not_spoken_to(recorded, name):
    """Bernd serves others; Doris and Emil read no notes."""
    with pytest.raises(ValidationError) as refused:
        recorded(note=f"@{name}, sieh dir das an")
    assert list(refused.value.message_dict) == ["note"]
    assert not Interaction.objects.exists()


def test_ones_own_name_and_strangers_tell_nobody(recorded):
    recorded(note="@Anna und @Niemand")
    assert not Mention.objects.exists()


def test_a_first_name_of_two_wants_the_whole_one(recorded, people):
    owner = {"role": "owner", "created_at": AT}
    for name in ("Gero Ahorn", "Gero Birke"):
        User.objects.create(email=f"{name.split()[1]}@example.com", name=name, **owner)
    with pytest.raises(ValidationError) as refused:
        recorded(note="@Gero, bitte")
    assert "Gero" in refused.value.message_dict["note"][0]
    recorded(note="@Gero Birke, bitte")
    assert Mention.objects.get().person.name == "Gero Birke"


def test_what_was_withdrawn_or_is_known_no_more_waits_for_nobody(recorded, people, ahorn):
    first = recorded(note="@Frieda eins")
    recorded(note="@Frieda zwei")
    withdraw(first, "falsch", actor=people["Anna"], at=AT)
    assert [each.interaction.open("note") for each in unseen(people["Frieda"])] == ["@Frieda zwei"]
    close_to(people["Frieda"], ahorn, reason="Streit", actor=people["Frieda"], at=AT)
    assert not unseen(people["Frieda"]).exists()


def test_mentions_stand_behind_the_wall(recorded, people):
    recorded(note="@Frieda, bitte")
    with as_the_site(people["Bernd"]):
        assert not Mention.objects.exists()
    with as_the_site(people["Frieda"]):
        assert Mention.objects.count() == 1


def test_the_page_of_tasks_shows_them_and_takes_them_away(recorded, people, client):
    recorded(note="@Frieda, <b>bitte</b>")
    client.force_login(people["Frieda"])
    page = client.get(reverse("tasks")).content.decode()
    assert "@Frieda, &lt;b&gt;bitte" in page
    seen = reverse("see-mention", args=[Mention.objects.get().key])
    client.force_login(people["Anna"])
    assert client.post(seen).status_code == 404
    client.force_login(people["Frieda"])
    assert client.post(seen).status_code == 302
    assert "@Frieda" not in client.get(reverse("tasks")).content.decode()
