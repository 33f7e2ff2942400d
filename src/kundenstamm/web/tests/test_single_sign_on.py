"""Single sign-on: only who has an account, known by a mail address that the issuer verified."""

from __future__ import annotations

from copy import deepcopy
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.conf import settings as configured
from django.urls import reverse
from django.utils import timezone

from kundenstamm.guard.models import Role, User
from kundenstamm.web.guard.adapters import SingleSignOnAdapter

ISSUER = "https://issuer.example.com"
COMPANY = {"provider_id": "company"}
CONFIGURATION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/keys",
}


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, told):
        self.told = told

    def json(self):
        return self.told

    def raise_for_status(self):
        pass


class Issuer:
    """Stands in for the network."""

    def __init__(self, person):
        token = {"iss": ISSUER, "aud": "us", "sub": "1", "iat": 1, "exp": 9_999_999_999} | person
        self.answers = {
            f"{ISSUER}/token": {
                "access_token": "x",
                "token_type": "bearer",
                "id_token": jwt.encode(token, "k" * 32, algorithm="HS256"),
            },
            f"{ISSUER}/userinfo": {"sub": "1"} | person,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def request(self, method, url, **_options):
        return Answer(self.answers.get(url, CONFIGURATION))

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)


@pytest.fixture
def issuer(settings, monkeypatch):
    settings.OIDC_ISSUER = ISSUER
    providers = deepcopy(configured.SOCIALACCOUNT_PROVIDERS)
    providers["openid_connect"]["APPS"] = [
        {"provider_id": "company", "name": "SSO", "client_id": "us", "secret": "s",
         "settings": {"server_url": ISSUER}}
    ]  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = providers

    def answering(**person):
        made = Issuer(person)
        monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", lambda _self: made)

    return answering


def come_in(client):
    away = client.get(reverse("openid_connect_login", kwargs=COMPANY))
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert away["Location"].startswith(f"{ISSUER}/authorize")
    back = reverse("openid_connect_callback", kwargs=COMPANY)
    client.get(back, {"state": asked["state"][0], "code": "c"})
    return client.get(reverse("account")).status_code == 200


@pytest.fixture
def emil(db):
    return User.objects.create(
        email="emil@example.com", name="Emil", role=Role.AUDITOR, created_at=timezone.now()
    )


def test_who_has_an_account_comes_in(client, emil, issuer):
    issuer(email="Emil@example.com", email_verified=True)
    assert come_in(client)
    assert client.get(reverse("account")).context["user"] == emil


@pytest.mark.parametrize(
    "person",
    [
        {"email": "emil@example.com", "email_verified": False},
        {"email": "emil@example.com"},
        {"email": "nobody@example.com", "email_verified": True},
        {},
    ],
)
def test_others_stay_outside_and_no_account_is_made(client, emil, issuer, person):
    issuer(**person)
    assert not come_in(client)
    assert 'class="note bad"' in client.get(reverse("sign-in")).content.decode()
    assert User.objects.count() == 1


def test_who_is_locked_stays_outside(client, emil, issuer):
    User.objects.update(is_active=False)
    issuer(email="emil@example.com", email_verified=True)
    assert not come_in(client)


def test_the_way_stands_on_the_page_only_where_it_is_set(client, db, settings):
    way = reverse("openid_connect_login", kwargs=COMPANY)
    assert way not in client.get(reverse("sign-in")).content.decode()
    assert client.get(way).status_code == 404
    settings.OIDC_ISSUER = ISSUER
    assert way in client.get(reverse("sign-in")).content.decode()
