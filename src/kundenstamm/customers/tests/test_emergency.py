"""Break-glass opens one customer for hours, says so to those in charge, and ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kundenstamm.customers.actions import close_to
from kundenstamm.customers.emergency import open_in_emergency
from kundenstamm.customers.models import Customer, Grant
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.models import Alarm, AuditEntry
from kundenstamm.guard.rights import Forbidden
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import AT, base, cast, facts, untraded

__all__ = ["base", "cast", "facts", "untraded"]


@pytest.fixture(autouse=True)
def _behind_the_wall(settings):
    settings.DATABASE_WALL_ROLE = APP


def opening(person, number, reason="Kunde am Telefon", hours=4):
    with transaction.atomic():
        name_actor(person, at=AT)
        found = open_in_emergency(number, reason, hours, actor=person, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return found


def test_it_opens_one_customer_for_hours_and_says_so(cast, django_capture_on_commit_callbacks):
    bernd, customer = cast["Bernd"], Customer.objects.get(name="WortA")
    assert not Customer.objects.visible_to(bernd).filter(name="WortA").exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert opening(bernd, "NrWortA") == customer.key
    assert Customer.objects.visible_to(bernd).filter(name="WortA").exists()
    grant = Grant.objects.get(person=bernd, is_emergency=True)
    assert (grant.customer, grant.ends_at) == (customer, AT + timedelta(hours=4))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.person, alarm.customer) == ("emergency", bernd, customer.pk)
    entry = AuditEntry.objects.get(kind="emergency")
    assert (entry.actor, entry.customers, entry.rows) == (bernd.pk, [customer.pk], [grant.pk])
    assert sorted(address for m in mail.outbox for address in m.to) == [
        "frieda@example.com", "ida@example.com"
    ]  # fmt: skip
    assert all("Wort" not in m.body + m.subject for m in mail.outbox)
    assert all("Bernd" in m.body + m.subject for m in mail.outbox)


def test_it_ends_by_itself(cast):
    bernd = cast["Bernd"]
    opening(bernd, "NrWortA", hours=1)
    with transaction.atomic():
        name_actor(bernd, at=AT + timedelta(hours=1))
        assert not Customer.objects.visible_to(bernd).filter(name="WortA").exists()
        connection.cursor().execute("RESET ROLE")


@pytest.mark.parametrize("number", ["gibt es nicht", "NrWortB"])
def test_what_does_not_exist_and_what_is_closed_answer_alike(cast, number):
    """WortB is closed to Anna below, and deny wins; both raise the alarm."""
    anna = cast["Anna"]
    frieda = cast["Frieda"]
    close_to(anna, Customer.objects.get(name="WortB"), "Streit", actor=frieda, at=AT)
    assert opening(anna, number) is None
    assert Alarm.objects.get().kind == "refused"
    assert not Grant.objects.filter(is_emergency=True).exists()
    assert AuditEntry.objects.get(kind="emergency").customers == []


@pytest.mark.parametrize("name", ["Frieda", "Doris", "Emil", "Ida", "Clara"])
def test_who_has_no_emergencies(cast, name):
    with pytest.raises(Forbidden):
        opening(cast[name], "NrWortA")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert not Alarm.objects.exists()


@pytest.mark.parametrize(("reason", "hours"), [("", 4), ("  ", 4), ("Grund", 24)])
def test_no_reason_or_too_long_is_refused(cast, reason, hours):
    with pytest.raises(ValidationError):
        opening(cast["Bernd"], "NrWortA", reason, hours)


@pytest.mark.parametrize(
    ("name", "why", "hours"), [("Doris", "Grund", 1), ("Bernd", " ", 1), ("Bernd", "Grund", 9)]
)
def test_the_database_holds_to_the_same_rules(cast, name, why, hours):
    with pytest.raises(DatabaseError, match="no emergency access"):
        past_the_action(cast[name], why, hours)


def past_the_action(person, why, hours):
    with transaction.atomic(), connection.cursor() as cursor:
        name_actor(person, at=AT)
        cursor.execute(
            "SELECT * FROM customers_open_in_emergency('NrWortA', %s, %s)",
            [why, AT + timedelta(hours=hours)],
        )


def test_a_failing_mail_server_undoes_nothing(
    cast, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 9, False
    with django_capture_on_commit_callbacks(execute=True):
        opening(cast["Bernd"], "NrWortA")
    assert Alarm.objects.exists()
    assert "was not taken" in caplog.text


def test_the_page_opens_it_and_the_alarm_is_seen(cast, client):
    client.force_login(cast["Bernd"])
    told = {"number": "NrWortA", "reason": "Kunde am Telefon", "hours": "1"}
    customer = Customer.objects.get(name="WortA")
    page = reverse("customer", args=[customer.key])
    assert client.get(page).status_code == 404
    assert client.post(reverse("emergency"), told).headers["Location"] == page
    assert client.get(page).status_code == 200
    client.force_login(cast["Emil"])
    shown = client.get(reverse("alarms")).content.decode()
    assert "Bernd" in shown
    assert "Wort" not in shown
    assert "am Telefon" not in shown
    client.force_login(cast["Ida"])
    shown = client.get(reverse("alarms"))
    assert "Kunde am Telefon" in shown.content.decode()
    assert shown.context["unseen_alarms"] == 1
    alarm = shown.context["rows"][0]["alarm"]
    client.post(reverse("alarm-seen", args=[alarm.pk]))
    assert client.get(reverse("alarms")).context["unseen_alarms"] == 0


def test_the_page_says_nothing_of_what_it_does_not_open(cast, client):
    client.force_login(cast["Bernd"])
    told = {"number": "gibt es nicht", "reason": "Grund", "hours": "1"}
    answer = client.post(reverse("emergency"), told)
    assert answer.status_code == 200
    assert answer.context["form"].errors["number"]
