"""The launcher on the real server: made once, shared, stopped by the last, back after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from kundenstamm.kit.postgres import Cluster, binaries
from kundenstamm.kit.postgres.account import Account, postgres_account

HOLD = """
import sys
from pathlib import Path
from kundenstamm.kit.postgres import Cluster
with Cluster(Path(sys.argv[1])).running():
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("a home with spaces")
    folder.chmod(0o711)
    return folder


def _hold(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "up\n"
    return process


def _postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_starts_answers_and_stops(home):
    cluster = Cluster(home)
    with cluster.running(), psycopg.connect(**cluster.parameters()) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()
        assert row == ("kundenstamm_owner", "kundenstamm")
    assert not cluster.is_up()


def test_only_the_last_user_stops_it(home):
    cluster = Cluster(home)
    other = _hold(home)
    with cluster.running():
        pass
    assert cluster.is_up()
    other.communicate()
    assert not cluster.is_up()


def test_data_survive_a_killed_user_and_a_killed_server(home):
    cluster = Cluster(home)
    other = _hold(home)
    with psycopg.connect(**cluster.parameters()) as connection:
        connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    other.kill()
    other.wait()
    os.kill(_postmaster(cluster), signal.SIGKILL)
    with cluster.running(), psycopg.connect(**cluster.parameters()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        connection.execute("DROP TABLE kept")


def test_a_wrong_password_is_refused(home):
    cluster = Cluster(home)
    with cluster.running(), pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**(cluster.parameters() | {"password": "guess"}))


def test_nothing_is_open_to_others(home):
    cluster = Cluster(home)
    with cluster.running():
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "cluster.json").stat().st_mode) == 0o600
        with psycopg.connect(**cluster.parameters()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_half_made_cluster_is_made_anew(home):
    cluster = Cluster(home)
    (cluster.folder / "ready").unlink()
    with cluster.running():
        assert cluster.is_up()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account to copy for")
def test_programs_copied_out_of_a_closed_folder_run(tmp_path, monkeypatch):
    """An installation below /root: the copy needs the libraries beside the package, too."""
    open_folder = Path("/var/tmp") / f"kundenstamm-test-{os.getpid()}"  # noqa: S108
    monkeypatch.setattr(Account, "reaches", lambda *_: False)
    try:
        programs = binaries.reachable(postgres_account(), open_folder) / "bin"
        assert programs.is_relative_to(open_folder)
        said = postgres_account().run([programs / "initdb", "--version"], Path("/"))
        assert said.returncode == 0, said.stderr
        assert binaries.reachable(postgres_account(), open_folder) / "bin" == programs
    finally:
        shutil.rmtree(open_folder, ignore_errors=True)


def test_parents_keep_their_permissions(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "home")
    cluster.home.mkdir(mode=0o711)
    with cluster.running():
        assert cluster.is_up()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    if cluster.identity.elsewhere:
        shutil.rmtree(cluster.folder)
