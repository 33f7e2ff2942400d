"""A real browser in front of the real site; Debian's Chromium, nothing fetched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.journeys import snapshot

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
# A search that the next letter overtakes is given up, and htmx says so.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")
PASSWORD = "ein langes Kennwort"


def pytest_collection_modifyitems(items):
    """Without a browser the journeys are skipped, and say so; where it is promised, they fail."""
    if CHROMIUM.exists() or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"{CHROMIUM} is missing"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": str(CHROMIUM), "args": list(FLAGS)}


@pytest.fixture
def browser_context_args():
    return {"locale": "de-DE", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session", autouse=True)
def beside_a_loop():
    """The browser's driver keeps a loop in this thread until the session ends, and Django would
    refuse to work beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def chart_bundle():
    from kundenstamm.kit.chart_bundle import write_bundle

    return write_bundle(settings.STATIC_GENERATED)


@pytest.fixture
def frieda(transactional_db, chart_bundle, request):
    """The owner; where the sample is there, of the sample."""
    if "sample" in request.fixturenames:
        return request.getfixturevalue("filled")[0]
    return owner()


@pytest.fixture
def sample(filled):
    return filled[1]


@pytest.fixture
def filled(transactional_db, made):
    """Owner and wholesaler, for one journey alone."""
    return fill(made)


@pytest.fixture(scope="session")
def made():
    """Owner and wholesaler as `fill` made them the first time; none yet."""
    return []


def fill(made):
    """The wholesaler in an empty database: made once, then put back."""
    if made and snapshot.can_be_put_back():
        snapshot.put_back()
    else:
        frieda = owner()
        made[:] = [frieda, wholesaler(frieda)]
        snapshot.keep()
    for each in made:
        each.refresh_from_db()
    return made


def owner():
    """Frieda, with a password."""
    from kundenstamm.guard.actions import ensure_owner, set_password

    at = timezone.now()
    found = ensure_owner(at=at, email="frieda@example.com", name="Frieda Falkenried")
    set_password(found, PASSWORD, actor=found, at=at)
    return found


def wholesaler(frieda):
    """A small one, of two years."""
    from kundenstamm.cli.sample import load
    from kundenstamm.worth.synthetic import sample_company

    at = timezone.now()
    today = timezone.localdate(at) - timedelta(days=1)
    company = sample_company(today, customers=90, years=2)
    return load(company, as_of=today, actor=frieda, at=at)


@dataclass(frozen=True)
class House:
    """The wholesaler, its owner, and where its site stands."""

    frieda: Any
    sample: Any
    url: str


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, chart_bundle, made):
    """One for all journeys of a module.

    Such a module says ``usefixtures("db")``, so that there is a database even when it runs alone.
    What one journey changes the next one finds; who needs it fresh takes ``sample`` and
    ``site`` instead, in another module: their end empties the database.
    """
    with django_db_blocker.unblock():
        frieda, sample = fill(made)
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            yield House(frieda, sample, server.url)
            server.stop()
        # Numbers go on, as between the tests that empty it themselves.
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        connection.close()


@pytest.fixture
def shared_site(house, page, complaints):
    """The browser, signed in at the house that the module's journeys share."""
    sign_in(page, house.url, house.frieda)
    yield page
    leave(page)
    assert complaints == []


@pytest.fixture
def complaints(page):
    """What the browser complains about: errors in scripts, and what the policy forbids."""
    heard: list[str] = []

    def hear(said):
        if said.type in ("error", "warning") and not said.text.startswith(OVERTAKEN):
            heard.append(said.text)

    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", hear)
    return heard


@pytest.fixture
def site(frieda, live_server, page, complaints):
    """The browser, signed in, on the first page; whatever it complains of fails the journey."""
    sign_in(page, live_server.url, frieda)
    yield page
    leave(page)
    assert complaints == []


def sign_in(page, url, person):
    page.goto(url)
    page.get_by_label("E-Mail-Adresse").fill(person.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name=person.name).wait_for()


def leave(page):
    """Let what the page still asks for be answered: next the database is emptied under it."""
    page.wait_for_load_state("networkidle")
