"""Calendars are fetched without signing in: each shows tasks of its person's customers only."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kundenstamm.care.feed_actions import name_customers, open_feed
from kundenstamm.guard.rights import Right, may
from kundenstamm.kit.postgres.roles import APP
from tests.wall.conftest import AT, CAST


@pytest.fixture(params=[APP, ""], ids=["both walls", "the first wall"])
def _walls(request, settings):
    settings.DATABASE_WALL_ROLE = request.param


@pytest.mark.usefixtures("_walls")
def test_every_calendar_names_customers_of_its_person_only(cast, facts):
    fetched = {}
    for name, person in cast.items():
        if may(person, Right.RECORD):
            token = open_feed(actor=person, at=AT)
            name_customers(True, actor=person, at=AT)
            fetched[name] = reverse("task-feed", args=[token])
    assert len(fetched) >= len(CAST) - 4
    for name, address in fetched.items():
        text = Client().get(address).content.decode().replace("\r\n ", "")
        named = set(re.findall(r"Wort[A-Z]", text))
        assert named <= facts.known(name), name
        assert named or not facts.known(name), name
