"""The commands as other programs call them, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kundenstamm.kit.postgres import Cluster

COMMAND = [sys.executable, "-c", "from kundenstamm.cli.main import run; run()"]
SALES = "Kunde;Datum;Netto;Beleg;Pos\nK1;01.02.2026;100,50;R1;1\nK2;02.02.2026;-20,00;R2;1\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home that one command has made out of nothing; then its database is up, as beside a site.

    Making the tables takes longer than all commands together, so it is done once.
    """
    folder = tmp_path_factory.mktemp("a home")
    folder.chmod(0o711)
    first = call(folder, "user", "add", "frieda@falkenried.de", "--name", "F", "--role", "owner")
    assert first.returncode == 0, first.stderr
    with Cluster(folder).running():
        yield folder


def call(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, env=_environment(home)
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    return kept | {"KUNDENSTAMM_HOME": str(home), "LANG": "en_GB.UTF-8"}


def write(tmp_path: Path, text: str, name: str = "sales.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_import_twice_undo_and_value(home, tmp_path):
    file = write(tmp_path, SALES)
    first = call(home, "import", file, "--json")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    assert (told["new"], told["unchanged"], told["refused"], told["customers_new"]) == (2, 0, 0, 2)
    assert told["totals"]["amount"] == "80.50"
    again = json.loads(call(home, "import", file, "--json").stdout)
    assert (again["new"], again["unchanged"]) == (0, 2)
    valued = json.loads(call(home, "value", "--as-of", "2026-03-01", "--json").stdout)
    assert valued["as_of"] == "2026-03-01"
    undone = call(home, "undo", told["batch"], "--json")
    assert json.loads(undone.stdout)["undone"] == told["batch"]
    assert json.loads(call(home, "import", file, "--json").stdout)["new"] == 2


def test_refused_rows_decide_the_exit_status(home, tmp_path):
    file = write(tmp_path, SALES + ";03.02.2026;5,00;R3;1\n", "mixed.csv")
    refused = call(home, "import", file, "--source", "mixed", "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["refused"] == 1
    assert "row 4" in refused.stderr
    assert "--accept-refused" in refused.stderr
    accepted = call(home, "import", file, "--source", "mixed", "--accept-refused", "--json")
    assert accepted.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "nowhere.csv"], "no such file"),
        (["import", "nowhere.csv", "--as", "people"], "spending or touches"),
        (["undo", "99999"], "There is no batch"),
        (["departures", "end-rights", "nobody@falkenried.de", "--yes"], "Nobody has"),
        (["joining", "propose", "nobody@falkenried.de"], "Nobody has"),
    ],
)
def test_errors_name_the_mend_and_show_no_traceback(home, arguments, said):
    answer = call(home, *arguments)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_killed_import_leaves_the_database_as_it_was(home, tmp_path):
    lines = "".join(f"K{n % 900};03.02.2026;{n},10;Z{n};1\n" for n in range(60_000))
    file = write(tmp_path, "Kunde;Datum;Netto;Beleg;Pos\n" + lines, "large.csv")
    process = subprocess.Popen(
        [*COMMAND, "import", str(file), "--source", "killed"],
        env=_environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2.0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    told = json.loads(call(home, "import", file, "--source", "killed", "--json").stdout)
    # Either nothing of it stands, or all of it: the commit may just have happened.
    assert (told["new"], told["unchanged"]) in ((60_000, 0), (0, 60_000))
    assert told["changed"] == 0


def test_people_are_added_and_locked(home):
    added = call(home, "user", "add", "emil@falkenried.de", "--name", "Emil", "--role", "auditor")
    assert added.returncode == 0, added.stderr
    assert added.stdout.startswith("http://127.0.0.1:8000/invitation/")
    again = call(home, "user", "add", "Emil@falkenried.de", "--name", "Emil", "--role", "auditor")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert "/invitation/" in call(home, "user", "link", "emil@falkenried.de").stdout
    assert call(home, "user", "lock", "emil@falkenried.de").returncode == 0
    assert call(home, "user", "link", "emil@falkenried.de").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["user", "add", "x@example.com", "--name", "X", "--role", "king"], "sales_lead"),
        (["user", "add", "no mail", "--name", "X", "--role", "auditor"], "no mail"),
        (["user", "lock", "nobody@example.com"], "Nobody has"),
    ],
)
def test_accounts_that_cannot_be_are_refused_with_words(home, arguments, said):
    answer = call(home, *arguments)
    assert answer.returncode == 1
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


CONTACTS = "Kundennr;Firma;E-Mail;Telefon\nC1;Eins;eins@example.com;030 23125 001\n"


def test_keys_are_shown_rotated_and_forgotten(home, tmp_path):
    """The last one: these contacts are the home's only ones."""
    file = write(tmp_path, CONTACTS, "customers.csv")
    assert call(home, "import", file, "--as", "customers").returncode == 0
    assert re.search(r"k1 .* 2 values  current", call(home, "keys", "show").stdout)
    assert "New key k2: 2 values" in call(home, "keys", "rotate").stdout
    assert call(home, "keys", "forget", "k2").returncode == 1
    assert call(home, "keys", "forget", "k1").returncode == 0
    ring = home / "keys.json"
    whole = ring.read_text()
    ring.unlink()
    for words in (("keys", "show"), ("keys", "rotate"), ("import", file, "--as", "customers")):
        refused = call(home, *words)
        assert refused.returncode == 1
        assert f"The key ring {ring} is missing" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not ring.exists()
    ring.write_text(whole)
    again = json.loads(call(home, "import", file, "--as", "customers", "--json").stdout)
    assert (again["changed"], again["unchanged"]) == (0, 1)
