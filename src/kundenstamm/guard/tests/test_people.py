"""Inviting, coming in once, roles, locking, and that an owner remains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from kundenstamm.guard import people_actions
from kundenstamm.guard.actions import ensure_owner, set_password
from kundenstamm.guard.models import Invitation, Role, User
from kundenstamm.guard.people import must_protect, open_invitation, people
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "vier Enten lesen Fahrplan"


@pytest.fixture
def frieda():
    owner = ensure_owner(at=AT, email="frieda@example.com", name="Frieda Falkenried")
    set_password(owner, PASSWORD, actor=owner, at=AT)
    return owner


def invited(frieda, role=Role.REPRESENTATIVE, email="anna@example.com"):
    token = people_actions.invite(email, "Anna Schlehdorn", role, actor=frieda, at=AT)
    return token, User.objects.get(email=email)


def test_a_link_opens_the_account_once(frieda):
    token, anna = invited(frieda)
    assert not anna.has_usable_password()
    assert people_actions.accept(token, PASSWORD, at=AT) == anna
    anna.refresh_from_db()
    assert anna.check_password(PASSWORD)
    with pytest.raises(Refused):
        people_actions.accept(token, PASSWORD, at=AT)


def test_only_a_digest_of_the_link_is_kept(frieda):
    token, _anna = invited(frieda)
    kept = Invitation.objects.values_list("token_hash", flat=True).get()
    assert token not in kept
    assert open_invitation(kept, at=AT) is None


def test_a_link_is_over_after_seven_days(frieda):
    token, _anna = invited(frieda)
    assert open_invitation(token, at=AT + timedelta(days=7, seconds=-1))
    with pytest.raises(Refused):
        people_actions.accept(token, PASSWORD, at=AT + timedelta(days=7))


def test_a_new_link_replaces_the_one_before(frieda):
    old, anna = invited(frieda)
    new = people_actions.renew(anna, actor=frieda, at=AT)
    assert open_invitation(old, at=AT) is None
    assert open_invitation(new, at=AT)


def test_a_weak_password_leaves_the_link_open(frieda):
    token, _anna = invited(frieda)
    with pytest.raises(ValidationError):
        people_actions.accept(token, "kurz", at=AT)
    assert open_invitation(token, at=AT)


def test_nobody_is_invited_twice(frieda):
    invited(frieda)
    with pytest.raises(Refused):
        invited(frieda, email="ANNA@example.com")


def test_only_who_keeps_the_people_may_change_them(frieda):
    _token, anna = invited(frieda)
    changes = (
        lambda: people_actions.invite("x@example.com", "X", Role.OWNER, actor=anna, at=AT),
        lambda: people_actions.renew(frieda, actor=anna, at=AT),
        lambda: people_actions.give_role(anna, Role.OWNER, actor=anna, at=AT),
        lambda: people_actions.lock(frieda, actor=anna, at=AT),
        lambda: people_actions.unlock(anna, actor=anna, at=AT),
    )
    for change in changes:
        with pytest.raises(Forbidden):
            change()


def test_the_last_owner_stays(frieda):
    for change in (
        lambda: people_actions.lock(frieda, actor=frieda, at=AT),
        lambda: people_actions.give_role(frieda, Role.AUDITOR, actor=frieda, at=AT),
    ):
        with pytest.raises(Refused, match="owner"), translation.override("en"):
            change()
    frieda.refresh_from_db()
    assert (frieda.role, frieda.is_active) == (Role.OWNER, True)


def test_an_owner_who_never_came_in_does_not_count(frieda):
    token, anna = invited(frieda, Role.OWNER)
    with pytest.raises(Refused):
        people_actions.lock(frieda, actor=frieda, at=AT)
    people_actions.accept(token, PASSWORD, at=AT)
    people_actions.lock(frieda, actor=anna, at=AT)
    frieda.refresh_from_db()
    assert not frieda.is_active


def test_a_locked_account_gets_no_link_and_its_link_does_not_open(frieda):
    token, anna = invited(frieda)
    people_actions.lock(anna, actor=frieda, at=AT)
    assert open_invitation(token, at=AT) is None
    with pytest.raises(Refused):
        people_actions.renew(anna, actor=frieda, at=AT)
    people_actions.unlock(anna, actor=frieda, at=AT)
    assert open_invitation(token, at=AT)


@pytest.mark.parametrize("role", Role)
def test_owners_and_controllers_must_protect_their_accounts(frieda, role):
    _token, anna = invited(frieda, role)
    assert must_protect(anna) == (role in ("owner", "controller"))


def test_the_locked_stand_last(frieda):
    _token, anna = invited(frieda)
    people_actions.lock(anna, actor=frieda, at=AT)
    assert list(people()) == [frieda, anna]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("password1234", "password_too_common"),
        ("Falkenried spielt Oboe", "password_personal"),
        ("kundenstamm lila Wanne", "password_personal"),
        ("Passwort12345", "password_known"),
    ],
)
def test_weak_passwords_are_refused(frieda, password, code):
    with pytest.raises(ValidationError) as refused:
        set_password(frieda, password, actor=frieda, at=AT)
    assert code in [error.code for error in refused.value.error_list]
