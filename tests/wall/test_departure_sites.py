"""In departures, too, no ``visible_to`` is idle: each is taken out in turn, and must be missed.

What asks about customers is asked by pages and by buttons, which `test_call_sites` does not press;
each statement must name the person. What is confided to few is asked as a lead of another team, who
must learn of no departure, and as an owner about their own.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kundenstamm.cli import departures as cli_departures
from kundenstamm.customers.models import Representative
from kundenstamm.departures import absences, actions, erasing, planning, sheets
from kundenstamm.departures.absence_models import AbsenceQuerySet
from kundenstamm.departures.frames import candidates
from kundenstamm.departures.looking_back import own_rate
from kundenstamm.departures.models import (
    Absence,
    Departure,
    DepartureQuerySet,
    HandoverLine,
    HandoverLineQuerySet,
    WatchOpening,
)
from kundenstamm.departures.watch_models import WatchQuerySet
from kundenstamm.departures.watching import look, switch_to
from kundenstamm.guard.models import Team, User
from kundenstamm.guard.rights import Forbidden
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.web.departures.forms import FearForm
from tests.wall.conftest import AT, TODAY
from tests.wall.pressing import undone
from tests.wall.test_call_sites import (
    CONFIDED,
    NAMES_THE_PERSON,
    NARROWS,
    PACKAGE,
    _narrow_by,
    _narrowing,
    about_customers,
)
from tests.wall.test_commands import call

DAY = timedelta(days=1)


def call_sites():
    """File and line of every place in departures that narrows, and whether it is confided.

    Joining's are held by its own tests, which ask with both walls and with one.
    """
    for path in sorted(PACKAGE.rglob("*.py")):
        here = {*path.parts, path.stem}
        if "tests" in here or "departures" not in here or "joining" in str(path):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if NARROWS.search(line):
                yield (str(path), number), bool(CONFIDED.search(line))


@pytest.fixture
def gone(cast):
    """Clara has been gone for more than half a year; an old firm's rate is learned from that."""
    ended = AT - 200 * DAY
    clara = Departure.objects.get(person=cast["Clara"])
    clara.state, clara.ended_at, clara.leaves_at = "gone", ended, ended
    clara.save()
    HandoverLine.objects.filter(departure=clara).update(handed_over_at=ended)
    Estimate.objects.update(expected_contribution=1_000)
    return clara


def _presses(person, gone):
    """Pages and buttons of departures, each as far as it goes."""
    client = Client()
    client.force_login(person)
    for address in ("departures", "handover-sheets", "absences"):
        client.get(reverse(address))
    client.get(reverse("departure", args=[gone.key]))
    by = {"actor": person, "at": AT}
    anna, bernd = (Representative.objects.get(code=code).user for code in ("Anna", "Bernd"))
    last = (TODAY + 9 * DAY, TODAY + 12 * DAY)
    with suppress(Forbidden):
        made = actions.fear(anna, "Gerücht", **by)
        planning.propose(made, **by)
        actions.give_notice(made, AT + 9 * DAY, **by)
        sheets.prepare(made, **by)
        absences.send_away(anna, bernd, *last, **by)


def nameless(person, gone):
    """Statements about customers that do not say for whom; what was done is undone."""
    about = about_customers()
    with undone():
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            _presses(person, gone)
    return [
        query["sql"]
        for query in asked
        if about.search(query["sql"]) and not NAMES_THE_PERSON.search(query["sql"])
    ]


@pytest.mark.slow
def test_every_statement_about_customers_names_the_person(cast, gone):
    assert nameless(cast["Frieda"], gone) == []


@pytest.mark.slow
def test_each_visible_to_about_customers_is_needed(cast, gone, monkeypatch, record_property):
    caught = {}
    for site, confided in call_sites():
        if confided:
            continue
        with monkeypatch.context() as patch:
            _narrow_by(patch, lambda here, site=site: here != site)
            _narrow_confided(patch, lambda here, site=site: here != site)
            caught[f"{Path(site[0]).name}:{site[1]}"] = len(nameless(cast["Frieda"], gone))
    record_property("taken out, caught", caught)
    assert len(caught) > 12
    assert all(caught.values()), [site for site, count in caught.items() if not count]


@pytest.fixture
def others(cast, gone, monkeypatch):
    """Olga leads a team of her own, with Bernd and Konrad, who is of Greta's, too.

    Sven is an owner who is feared to leave, and was; Konrad is feared in Greta's team only.
    """
    made = {
        name: User.objects.create(
            email=f"{name}@example.com", name=name, role=role, created_at=AT, last_login=AT
        )
        for name, role in (("Olga", "sales_lead"), ("Sven", "owner"), ("Konrad", "representative"))
    }
    Representative.objects.create(code="Konrad", name="Konrad", user=made["Konrad"])
    said = {"opened_by": cast["Frieda"], "opened_at": AT}
    greta = sorted(cast["Greta"].teams.values_list("pk", flat=True))
    made["feared"] = Departure.objects.create(person=made["Konrad"], teams=greta, **said)
    made["own"] = Departure.objects.create(
        person=made["Sven"],
        state="closed",
        ended_at=AT,
        over_at=AT,
        year_rate=0.5,
        year_customers=50,
        **said,
    )
    Team.objects.create(name="Süd").members.set([made["Olga"], cast["Bernd"], made["Konrad"]])
    switch_to(True, 90, actor=cast["Frieda"], at=AT)
    WatchOpening.objects.create(
        watch=made["own"].watch, because="k1.x", asked_by=cast["Frieda"], asked_at=AT
    )
    return {**cast, **made}


def told_wrongly(others):
    """What a lead of another team, or an owner of their own leaving, is told and should not be."""
    olga, sven, feared = others["Olga"], others["Sven"], others["feared"]
    by = {"actor": olga, "at": AT}
    client = Client()
    client.force_login(olga)
    found = []
    if any(
        name in client.get(reverse("departures")).content.decode() for name in ("Clara", "Sven")
    ):
        found.append("list")
    if client.get(reverse("departure", args=[feared.key])).status_code != 404:
        found.append("page")
    with undone(), suppress(Forbidden):
        actions.withdraw(feared, **by)
        found.append("withdrawn")
    bernd = Representative.objects.get(code="Bernd")
    if "Konrad" not in {each.name for each in candidates(olga, bernd)}:
        found.append("no successor")
    if others["Konrad"] not in FearForm(olga).fields["person"].queryset:
        found.append("not to be chosen")
    with suppress(Forbidden):
        with suppress(ValidationError):  # what is still his was looked for: too far already
            erasing.erase(others["own"], actor=sven, at=AT)
        found.append("erased")
    if planning.known_lines(Departure.objects.get(person=others["Hanno"]), olga):
        found.append("lines")
    return found + _commands(others) + _rates(olga) + _absences(olga, client) + _openings(others)


def _rates(olga):
    from kundenstamm.departures import looking_back

    with pytest.MonkeyPatch.context() as patch:
        asked = []
        patch.setattr(looking_back, "looking_back", lambda of, actor, day: asked.append(of))
        own_rate(olga, TODAY)
        patch.setattr(looking_back, "sees_whole_base", lambda _actor: True)
        learned = looking_back.own_rates(olga, (0.1, 0.2))
    return ["rate"] * bool(asked) + ["learned rates"] * (learned is not None)


def _commands(others):
    """A command acts for the owner, who may be feared to leave, too."""
    told = []
    with pytest.MonkeyPatch.context() as patch, undone():
        Departure.objects.create(person=others["Sven"], opened_by=others["Frieda"], opened_at=AT)
        patch.setattr(cli_departures, "cli_actor", lambda: others["Sven"])
        for words in (["list"], ["show", others["Sven"].email]):
            said = call(patch, "departures", words)
            if "Sven" in said and "no departure" not in said:
                told.append(f"command {words[0]}")
    return told


def _absences(olga, client):
    absence, found = Absence.objects.get(), []
    if "data-rows" in client.get(reverse("absences")).content.decode():
        found.append("absence")
    if client.post(reverse("absence-back", args=[absence.key])).status_code != 404:
        found.append("absence by its address")
    with undone(), suppress(Forbidden):
        absences.call_back(absence, actor=olga, at=AT)
        found.append("called back")
    return found


def _openings(others):
    """Sven sees nothing of what was asked about himself, and cannot agree to it."""
    client = Client()
    client.force_login(others["Sven"])
    with CaptureQueriesContext(connection) as asked:
        look(actor=others["Sven"], at=AT)
        client.post(reverse("watch-do"), {"deed": "agree", "watch": str(others["own"].watch)})
    openings = [q["sql"] for q in asked if 'FROM "departures_watchopening"' in q["sql"]]
    return ["openings"] if any('"watch" IN' not in sql for sql in openings) else []


@pytest.mark.slow
def test_each_confided_visible_to_is_needed(others, monkeypatch, record_property):
    assert told_wrongly(others) == []
    caught = {}
    for site, confided in call_sites():
        if not confided:
            continue
        with monkeypatch.context() as patch, undone():
            _narrow_confided(patch, lambda here, site=site: here != site)
            caught[f"{Path(site[0]).name}:{site[1]}"] = told_wrongly(others)
    record_property("taken out, caught", caught)
    assert len(caught) > 8
    assert all(caught.values()), [site for site, told in caught.items() if not told]


def _narrow_confided(patch, narrows):
    for queryset in (DepartureQuerySet, AbsenceQuerySet, WatchQuerySet, HandoverLineQuerySet):
        patch.setattr(queryset, "visible_to", _narrowing(queryset.visible_to, narrows))
