"""What commands print: no word of a customer, or a note in the audit of everybody they tell of;
and everything they write is the operator's.

The commands are those of the table that ``kundenstamm`` itself reads, so a new one is asked too.
"""

from __future__ import annotations

import importlib
import re
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from kundenstamm.cli.main import COMMANDS, app
from kundenstamm.customers.models import Customer
from kundenstamm.decisions.models import Proposal
from kundenstamm.guard.models import AuditEntry
from kundenstamm.ledger.models import Batch
from tests.wall.conftest import TODAY

SALES = "Kunde;Datum;Netto;Beleg;Pos\nNrWortB;01.02.2026;100,50;R1;1\nNrWortC;kaputt;1,00;R2;1\n"
CUSTOMERS = "Kundennummer;Firma;Ort\nNrWortD;Fremd GmbH;Ulm\nNrWortD;Doppelt;Ulm\n"
# Served by tests of their own: these wait for requests.
LONG_RUNNING = {"serve", "demo"}
PAYMENTS = (
    "Kunde;Rechnung;fällig;bezahlt;Betrag\nNrWortB;R1;01.02.2026;;9\nNrWortX;R2;1.2.2026;;9\n"
)
ACTIVITIES = "Kunde;Datum;Tätigkeit\nNrWortB;01.02.2026;visit\nNrWortX;01.02.2026;visit\n"
INTERACTIONS = (
    "Kunde;Datum;Kontaktart;Notiz\nNrWortB;01.02.2026;Notiz;Zu WortB\nNrWortX;1.2.2026;Besuch;X\n"
    "NrWortC;01.02.2026;Feier;Geheimes zu WortC\n"
)
SPENDING = "Datum;Kanal;Betrag\n01.02.2026;Messe;9\n01.02.2026;WortB;9\n"
# What each is asked; a command that is missing here is asked for its help, and told below.
ASKED = {
    "import": [["{sales}", "--accept-refused"], ["{customers}", "--accept-refused"],
               ["{sales}", "--json", "--accept-refused"],
               ["{activities}", "--as", "activities", "--accept-refused"],
               ["{payments}", "--as", "payments", "--accept-refused"],
               ["{interactions}", "--as", "interactions", "--accept-refused"],
               ["{spending}", "--as", "spending", "--accept-refused"],
               ["/gibt/es/nicht.csv"]],
    "undo": [["{batch}"], ["999"], ["NrWortB"]],
    "user": [["add", "neu@example.com", "--name", "Neu", "--role", "service"],
             ["link", "anna@example.com"], ["lock", "bernd@example.com"], ["lock", "WortB"]],
    "value": [[], ["--json"]],
    "pool": [["Lager", "--month", "{month}", "--cost", "5", "--minutes", "9"],
             ["Lager", "--month", "{month}", "--cost", "-5", "--minutes", "9"]],
    "activity": [["pack", "--pool", "Lager", "--kind", "delivery", "--minutes", "3",
                  "--driver", "lines=2"],
                 ["pack", "--pool", "Lager", "--kind", "delivery", "--minutes", "2",
                  "--from", "{month}-01"],
                 ["pack", "--pool", "Lager", "--kind", "delivery", "--minutes", "2",
                  "--derived-from", "deliveries"],
                 ["pack", "--pool", "Lager", "--kind", "complaint", "--minutes", "2",
                  "--derived-from", "complaints"],
                 ["pack", "--pool", "WortB", "--kind", "delivery", "--minutes", "3"]],
    "allocate": [["--month", "{month}"], ["--month", "{month}", "--json"],
                 ["--month", "1999-01"], ["--month", "WortB"]],
    "terms": [["list"], ["list", "--json"], ["recognise"], ["accrue", "{month}"],
              ["accrue", "2999-01"], ["accrue", "WortB"]],
    "playbooks": [["list"], ["list", "--json"], ["follow"], ["follow", "--json"]],
    "proposals": [["list"], ["list", "--json"], ["approve", "{proposal}", "--reason", "Ja"],
                  ["refuse", "{proposal}", "--reason", "Nein"],
                  ["refuse", "WortB", "--reason", "Nein"]],
    "people": [[], ["--json"], ["--anew"]],
    "departures": [["list"], ["list", "--json"], ["show", "clara@example.com"],
                   ["show", "clara@example.com", "--json"], ["show", "anna@example.com"],
                   ["plan", "hanno@example.com"], ["plan", "nobody@example.com"],
                   ["notice", "hanno@example.com", "2999-01-01", "--hour", "12:00"],
                   ["notice", "hanno@example.com", "1999-01-01"],
                   ["notice", "hanno@example.com", "2999-01-01", "--hour", "WortB"],
                   ["end-rights", "hanno@example.com", "--yes"], ["end-rights", "WortB", "--yes"]],
    "joining": [["propose", "greta@example.com"], ["propose", "greta@example.com", "--json"],
                ["propose", "emil@example.com"], ["propose", "WortB"],
                ["propose", "greta@example.com", "--from", "Anna", "--customers", "2"],
                ["propose", "greta@example.com", "--from", "WortB"],
                ["take-over", "greta@example.com", "--customers", "1"],
                ["take-over", "greta@example.com", "--customer", "NrWortA"],
                ["take-over", "greta@example.com", "--customer", "WortB"]],
    "acquisition": [["channels"], ["channels", "--json"], ["channels", "--way", "WortB"]],
    "chain": [["show", "NrWortA"], ["show", "NrWortA", "--json"], ["show", "WortB"]],
    "customers": [["duplicates"], ["duplicates", "--json"]],
    "pursuits": [["list"], ["list", "--json"], ["capacity"], ["capacity", "--json"]],
    "audit": [["verify"]],
    "doctor": [[]],
    "database": [["kaputt"]],
    "keys": [["show"]],
    "report": [["{sales}"]],
    "worth": [["score", "{sales}", "--as-of", "2026-03-01", "--out", "{scores}"],
              ["backtest", "{sales}", "--horizon-days", "30"]],
}  # fmt: skip
# Of the file that one has given oneself every word may be told.
OWN_FILE = {"import", "report", "worth"}
# Asked for customers, these tell of them, and whoever is told stands in the audit.
TELLING = {"chain", "customers", "departures", "joining", "pursuits"}


@pytest.fixture
def files(tmp_path, settings):
    settings.AUDIT_TIPS = str(tmp_path / "tips.jsonl")
    sales, customers = tmp_path / "sales.csv", tmp_path / "kunden.csv"
    activities = tmp_path / "activities.csv"
    activities.write_text(ACTIVITIES, encoding="utf-8")
    payments = tmp_path / "payments.csv"
    payments.write_text(PAYMENTS, encoding="utf-8")
    interactions = tmp_path / "interactions.csv"
    interactions.write_text(INTERACTIONS, encoding="utf-8")
    sales.write_text(SALES, encoding="utf-8")
    customers.write_text(CUSTOMERS, encoding="utf-8")
    named = {"sales": str(sales), "customers": str(customers), "activities": str(activities)}
    named["payments"] = str(payments)
    named["interactions"] = str(interactions)
    spending = tmp_path / "spending.csv"
    spending.write_text(SPENDING, encoding="utf-8")
    named["spending"] = str(spending)
    return named | {"scores": str(tmp_path / "s.csv"), "month": f"{TODAY:%Y-%m}"}


def call(monkeypatch, command, words):
    """The command on the test's own database."""
    module = importlib.import_module(COMMANDS[command][0])
    if hasattr(module, "site"):
        monkeypatch.setattr(module, "site", lambda **_options: nullcontext())
    done = CliRunner().invoke(app(only=command), [command, *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output + (done.stderr or "")


def test_no_command_tells_of_a_customer(cast, files, monkeypatch, record_property):
    assert {*COMMANDS} - LONG_RUNNING <= {*ASKED}
    files["batch"] = str(Batch.objects.order_by("pk").first().pk)
    files["proposal"] = str(Proposal.objects.order_by("pk").first().key)
    told = {}
    for command, calls in ASKED.items():
        for words in calls:
            last = AuditEntry.objects.order_by("-pk").first().pk
            said = call(monkeypatch, command, [word.format(**files) for word in words])
            given = set(re.findall(r"Wort[A-Z]", " ".join(words)))
            if command in OWN_FILE:
                given |= set(re.findall(r"Wort[A-Z]", SALES + CUSTOMERS + ACTIVITIES + PAYMENTS))
            named = set(re.findall(r"Wort[A-Z]", said))
            if command in TELLING:
                given |= _read_since(last)
            told[command, *words] = named - given
    record_property("commands asked", len(told))
    assert {words: names for words, names in told.items() if names} == {}


def _read_since(last):
    """Names of those whom entries after ``last`` say to have been shown by a command."""
    made = AuditEntry.objects.filter(pk__gt=last, kind="read", channel="command")
    shown = {pk for entry in made for pk in entry.customers}
    return set(Customer.objects.filter(pk__in=shown).values_list("name", flat=True))


def test_what_commands_write_is_the_operators(cast, files, monkeypatch):
    last = AuditEntry.objects.order_by("-pk").first().pk
    call(monkeypatch, "import", [files["customers"], "--accept-refused"])
    call(monkeypatch, "user", ["lock", "bernd@example.com"])
    made = AuditEntry.objects.filter(pk__gt=last)
    assert {entry.channel for entry in made} == {"command"}
    assert {entry.actor for entry in made} == {cast["Frieda"].pk}
    assert {"customers_customer", "guard_user", "ledger_batch"} <= {e.what for e in made}
    assert (
        Customer.objects.get(name="Fremd GmbH").pk
        in made.filter(what="customers_customer").values_list("customers", flat=True)[0]
    )
