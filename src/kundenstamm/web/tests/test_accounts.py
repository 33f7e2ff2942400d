"""Signing in: throttle, links, locked accounts, ended sessions, second factors, the demo's cast."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kundenstamm.guard import people_actions
from kundenstamm.guard.actions import set_password
from kundenstamm.guard.models import Role, User

PASSWORD = "vier Enten lesen Fahrplan"


@pytest.fixture
def owner(frieda):
    set_password(frieda, PASSWORD, actor=frieda, at=timezone.now())
    return frieda


@pytest.fixture
def anna(owner):
    """A representative who has come in by a link."""
    at = timezone.now()
    token = people_actions.invite(
        "anna@example.com", "Anna Schlehdorn", Role.REPRESENTATIVE, actor=owner, at=at
    )
    return people_actions.accept(token, PASSWORD, at=at)


def sign_in(client, person, password=PASSWORD):
    return client.post(reverse("sign-in"), {"login": person.email, "password": password})


def is_in(client):
    return client.get(reverse("account")).status_code == 200


def code_of(person):
    kept = Authenticator.objects.get(user=person, type="totp").wrap()
    secret = totp.decrypt(kept.instance.data["secret"])
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def set_up_app(client):
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    return client.post(reverse("mfa_activate_totp"), {"code": code})


def test_signing_in_is_throttled(client, owner):
    for _attempt in range(5):
        assert not sign_in(client, owner, "falsch").context["throttled"]
    refused = sign_in(client, owner)
    assert refused.status_code == 200
    assert refused.context["throttled"]
    assert not is_in(client)


def test_the_throttle_is_shared_by_all_processes(settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_nobody_signs_up(client, db):
    assert client.get("/signup/").status_code == 404


def test_an_invitation_is_mailed_and_opens_once(client, owner, settings):
    settings.MAIL_HOST = "mail.example.com"
    client.force_login(owner)
    form = {"email": "emil@example.com", "name": "Emil", "role": "auditor"}
    assert client.post(reverse("people"), form).status_code == 302
    (letter,) = mail.outbox
    assert letter.to == ["emil@example.com"]
    link = re.search(r"http://testserver(/invitation/\S+/)", letter.body).group(1)
    guest, chosen = Client(), {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert guest.get(link).status_code == 200
    weak = guest.post(link, {"new_password1": "emil", "new_password2": "emil"})
    assert weak.context["form"].errors
    assert guest.post(link, chosen).status_code == 302
    assert is_in(guest)
    assert Client().get(link).status_code == 404
    assert Client().post(link, chosen).status_code == 404


def test_without_a_mail_server_the_link_is_shown_to_who_invites(client, owner):
    client.force_login(owner)
    form = {"email": "emil@example.com", "name": "Emil", "role": "auditor"}
    page = client.post(reverse("people"), form, follow=True)
    assert "http://testserver/invitation/" in page.content.decode()


def test_the_people_page_is_for_those_who_keep_the_people(client, owner, anna):
    client.force_login(anna)
    assert client.get(reverse("people")).status_code == 403
    assert client.post(reverse("person", args=[owner.pk]), {"part": "lock"}).status_code == 403
    assert reverse("people") not in client.get("/").content.decode()
    client.force_login(owner)
    assert reverse("people") in client.get("/").content.decode()


def test_people_are_invited_changed_and_locked_on_the_page(client, owner, anna):
    client.force_login(owner)
    address = reverse("person", args=[anna.pk])
    for part, told in (("role", {"role": "service"}), ("lock", {}), ("unlock", {}), ("link", {})):
        assert client.post(address, {"part": part} | told).status_code == 302
        assert client.get(reverse("people")).status_code == 200
    anna.refresh_from_db()
    assert (anna.role, anna.is_active) == (Role.SERVICE, True)
    taken = client.post(reverse("people"), {"email": anna.email, "name": "Anna", "role": "auditor"})
    assert taken.context["form"].errors["email"]
    own = reverse("person", args=[owner.pk])
    told = client.post(own, {"part": "lock"}, follow=True).content.decode()
    assert 'class="note bad"' in told
    owner.refresh_from_db()
    assert owner.is_active


def test_a_locked_account_is_out_at_once_and_does_not_come_back(client, owner, anna):
    sign_in(client, anna)
    assert is_in(client)
    people_actions.lock(anna, actor=owner, at=timezone.now())
    assert not is_in(client)
    assert not UserSession.objects.filter(user=anna).exists()
    sign_in(client, anna)
    assert not is_in(client)


def test_another_role_holds_from_the_next_request_on(client, owner, anna):
    sign_in(client, anna)
    assert client.get(reverse("people")).status_code == 403
    people_actions.give_role(anna, Role.OWNER, actor=owner, at=timezone.now())
    assert client.get(reverse("people")).status_code == 200


def test_an_ended_session_is_over_with_its_next_request(anna):
    here, there, far = Client(), Client(), Client()
    for client in (here, there, far):
        sign_in(client, anna)
        assert is_in(client)
    other = there.session.session_key
    found = UserSession.objects.get(session_key=other)
    here.post(reverse("end-session"), {"session": found.pk})
    assert (is_in(here), is_in(there), is_in(far)) == (True, False, True)
    here.post(reverse("end-session"), {"others": "1"})
    assert (is_in(here), is_in(far)) == (True, False)


def test_another_persons_session_is_not_ended(client, owner, anna):
    guest = Client()
    sign_in(guest, owner)
    sign_in(client, anna)
    theirs = UserSession.objects.get(user=owner)
    assert client.post(reverse("end-session"), {"session": theirs.pk}).status_code == 404
    assert is_in(guest)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one_listed(anna):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, anna)
    new = "Dachs pfeift neben Schleuse"
    form = {"part": "password", "old_password": PASSWORD}
    here.post(reverse("account"), form | {"new_password1": new, "new_password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    listed = here.get(reverse("account")).context["sessions"]
    assert [row["here"] for row in listed] == [True]


@pytest.mark.parametrize("role", ["owner", "controller"])
def test_without_a_second_factor_they_only_get_where_it_is_set_up(client, owner, settings, role):
    settings.SECOND_FACTOR_DEMANDED = True
    User.objects.filter(pk=owner.pk).update(role=role)
    sign_in(client, owner)
    for name in ("base", "customers", "account", "find", "people", "mfa_view_recovery_codes"):
        assert client.get(reverse(name))["Location"] == reverse("mfa_index"), name
    assert client.get(reverse("mfa_index")).status_code == 200
    assert set_up_app(client)["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/").status_code == 200


def test_others_may_go_on_without(client, anna, settings):
    settings.SECOND_FACTOR_DEMANDED = True
    sign_in(client, anna)
    assert client.get("/").status_code == 200


def test_signing_in_takes_the_code_of_the_app(client, anna):
    sign_in(client, anna)
    set_up_app(client)
    guest = Client()
    assert sign_in(guest, anna)["Location"] == reverse("mfa_authenticate")
    assert not is_in(guest)
    step = reverse("mfa_authenticate")
    assert guest.get(step).status_code == 200
    assert guest.post(step, {"code": "000000"}).context["form"].errors
    assert not is_in(guest)
    code = code_of(anna)
    guest.post(step, {"code": code})
    assert is_in(guest)
    again = Client()
    sign_in(again, anna)
    again.post(step, {"code": code})
    assert not is_in(again), "a code works once"


def test_a_recovery_code_works_once(client, anna):
    sign_in(client, anna)
    set_up_app(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for expected in (True, False):
        guest = Client()
        sign_in(guest, anna)
        guest.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(guest) == expected


def test_secrets_of_second_factors_are_not_stored_in_the_clear(client, anna):
    sign_in(client, anna)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    assert secret not in str(Authenticator.objects.get(user=anna, type="totp").data)


def test_a_session_left_open_is_asked_for_the_password_again(client, anna):
    sign_in(client, anna)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    page = client.get(asked["Location"])
    assert page.status_code == 200
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_new_link_removes_the_second_factor(client, owner, anna):
    sign_in(client, anna)
    set_up_app(client)
    token = people_actions.renew(anna, actor=owner, at=timezone.now())
    people_actions.accept(token, PASSWORD, at=timezone.now())
    assert not Authenticator.objects.filter(user=anna).exists()
    assert not is_in(client)


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_of_the_second_factor_answer(client, anna, name, language):
    sign_in(client, anna)
    client.cookies["django_language"] = language
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert " style=" not in answer.content.decode()


def test_the_second_factor_can_be_removed(client, anna):
    sign_in(client, anna)
    set_up_app(client)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=anna).exists()


def test_outside_the_demo_nobody_comes_in_with_one_click(client, owner):
    address = reverse("demo-sign-in")
    assert client.post(address, {"email": owner.email}).status_code == 404
    assert client.get(reverse("sign-in")).context["cast"].count() == 0
    assert not is_in(client)


def test_in_the_demo_the_cast_comes_in_with_one_click(client, owner, anna, settings):
    settings.DEMO = True
    address = reverse("demo-sign-in")
    assert anna.name in client.get(reverse("sign-in")).content.decode()
    assert client.get(address).status_code == 405
    assert client.post(address, {"email": anna.email}).status_code == 302
    assert client.get(reverse("account")).context["user"] == anna
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(address, {"email": anna.email}).status_code == 403


def test_in_the_demo_neither_the_locked_nor_real_people_are_offered(client, owner, anna, settings):
    settings.DEMO = True
    people_actions.lock(anna, actor=owner, at=timezone.now())
    User.objects.filter(pk=owner.pk).update(email="frieda@falkenried.de")
    assert client.get(reverse("sign-in")).context["cast"].count() == 0
    for email in (anna.email, "frieda@falkenried.de", ""):
        assert client.post(reverse("demo-sign-in"), {"email": email}).status_code == 404
