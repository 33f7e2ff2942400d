"""One embedded cluster: made once, started when first needed, stopped by its last user."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from kundenstamm.kit.home import locked, write_private
from kundenstamm.kit.postgres import binaries, roles
from kundenstamm.kit.postgres.account import Account, postgres_account

ADMIN = "kundenstamm_admin"
OWNER = "kundenstamm_owner"
DATABASE = "kundenstamm"
# Root's home is closed to the account PostgreSQL runs as; then its files lie here.
SYSTEM_FOLDER = Path("/var/lib/kundenstamm")
START_PATIENCE_SECONDS = 60.0

SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
logging_collector = off
"""


class ClusterError(RuntimeError):
    """The embedded PostgreSQL cannot be made or started; the message names the mend."""


@dataclass(frozen=True)
class Identity:
    """What a cluster is known by: its passwords, and its folder where that is not in the home."""

    admin_password: str
    owner_password: str
    elsewhere: str | None
    logins: dict[str, str]


@dataclass(frozen=True)
class Cluster:
    """The PostgreSQL cluster that belongs to the installation in ``home``."""

    home: Path

    @cached_property
    def account(self) -> Account:
        return postgres_account()

    @cached_property
    def identity(self) -> Identity:
        """Made on first use; a new home never finds an older home's data, even at its path."""
        path = self.home / "cluster.json"
        with locked(self.home / "identity.lock"):
            if not path.exists():
                fresh = Identity(_secret(), _secret(), self._elsewhere(), {})
                write_private(path, json.dumps(asdict(fresh)))
            known = {"logins": {}} | json.loads(path.read_text(encoding="utf-8"))
            if lacking := {name: _secret() for name in roles.LOGINS if name not in known["logins"]}:
                known["logins"] |= lacking
                write_private(path, json.dumps(known))
            return Identity(**known)

    @property
    def folder(self) -> Path:
        elsewhere = self.identity.elsewhere
        return Path(elsewhere) if elsewhere else self.home / "postgresql"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @cached_property
    def socket(self) -> Path:
        """A short folder for the socket, whose whole path may have 107 bytes only."""
        name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"kundenstamm-{self.account.uid}-{name}"

    def parameters(self, login: str = "owner") -> dict[str, Any]:
        """Connection parameters for ``owner``, ``admin`` or one of `roles.LOGINS`."""
        identity = self.identity
        users = {"admin": ADMIN, "owner": OWNER}
        known = {"admin": identity.admin_password, "owner": identity.owner_password}
        return {
            "host": str(self.socket),
            "user": users.get(login) or roles.login_name(DATABASE, login),
            "password": (known | identity.logins)[login],
            "dbname": DATABASE,
        }

    @contextlib.contextmanager
    def running(self) -> Iterator[Cluster]:
        """Keep the server running while the block lasts; its last user stops it.

        Every user holds a shared lock, which the kernel lets go of even after ``kill -9``.
        """
        users = (self.home / "cluster.users").open("a")
        with users:
            with locked(self.home / "cluster.lock"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._make()
                self._start()
                self._prepare_roles()
            try:
                yield self
            finally:
                with locked(self.home / "cluster.lock"):
                    self._stop_if_last(users.fileno())

    def programs(self) -> Path:
        return binaries.reachable(self.account, SYSTEM_FOLDER) / "bin"

    def is_up(self) -> bool:
        try:
            with psycopg.connect(**(self.parameters("admin") | {"dbname": "postgres"})):
                return True
        except psycopg.OperationalError:
            return False

    def _elsewhere(self) -> str | None:
        """A folder outside the home, where the home is closed to PostgreSQL's account."""
        probe = self.home / "reach"
        probe.touch(mode=0o644)
        open_to_account = self.account.reaches(probe)
        probe.unlink()
        return None if open_to_account else str(SYSTEM_FOLDER / secrets.token_hex(6))

    def _make(self) -> None:
        if (self.data / "PG_VERSION").exists() and (self.folder / "ready").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.account.switch and self.folder.parent == SYSTEM_FOLDER:
            SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700)
        self.account.own(self.folder)
        self._initdb()
        self._start()
        self._make_roles()
        (self.folder / "ready").touch()

    def _initdb(self) -> None:
        password = self.folder / "admin-password"
        write_private(password, self.identity.admin_password)
        self.account.own(password)
        made = self.account.run(
            [
                self.programs() / "initdb",
                f"--pgdata={self.data}",
                f"--username={ADMIN}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
            ],
            self.folder,
        )
        password.unlink()
        if made.returncode != 0:
            raise ClusterError(f"PostgreSQL could not make its folder {self.data}: {made.stderr}")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("include_if_exists 'kundenstamm.conf'\n")

    def _make_roles(self) -> None:
        admin = self.parameters("admin") | {"dbname": "postgres"}
        secret = self.identity.owner_password
        with psycopg.connect(**admin, autocommit=True) as connection:
            connection.execute(
                psycopg.sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                    psycopg.sql.Identifier(OWNER), psycopg.sql.Literal(secret)
                )
            )
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    psycopg.sql.Identifier(DATABASE), psycopg.sql.Identifier(OWNER)
                )
            )

    def _prepare_roles(self) -> None:
        """Groups and log-ins, once; a cluster made by an older version gets them, too."""
        mark = self.folder / "roles"
        if mark.exists():
            return
        with psycopg.connect(**self.parameters("admin"), autocommit=True) as connection:
            roles.prepare(connection, DATABASE, OWNER, self.identity.logins)
        mark.touch()

    def _start(self) -> None:
        """Start unless it runs; after a crash a stale lock may refuse us for a while: retry."""
        if self.is_up():
            return
        self._make_socket_folder()
        settings = self.data / "kundenstamm.conf"
        settings.write_text(SETTINGS.format(socket=self.socket), encoding="utf-8")
        self.account.own(settings)
        deadline = time.monotonic() + START_PATIENCE_SECONDS
        while not self._start_once():
            if time.monotonic() > deadline:
                raise ClusterError(self._why_not())
            time.sleep(0.5)

    def _start_once(self) -> bool:
        command: list[str | Path] = [
            self.programs() / "pg_ctl",
            "start",
            "-w",
            "-t",
            "30",
            "-s",
            "-D",
            self.data,
        ]
        self.account.start(command, self.folder, self.log)
        return self.is_up()

    def _make_socket_folder(self) -> None:
        """The folder must be a real one of ours: anybody may make names in a temporary folder."""
        with contextlib.suppress(FileExistsError):
            self.socket.mkdir(mode=0o700)
            self.account.own(self.socket)
        found = self.socket.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
            raise ClusterError(
                f"{self.socket} belongs to somebody else. Remove it, or set TMPDIR elsewhere."
            )
        if stat.S_IMODE(found.st_mode) != 0o700:
            self.socket.chmod(0o700)

    def _stop_if_last(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        command: list[str | Path] = [
            self.programs() / "pg_ctl",
            "stop",
            "-m",
            "fast",
            "-w",
            "-s",
            "-D",
            self.data,
        ]
        self.account.start(command, self.folder, self.log)

    def _why_not(self) -> str:
        tail = ""
        if self.log.exists():
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
        return (
            f"PostgreSQL in {self.folder} does not start. Its last words:\n{tail}\n"
            "Free disk space or end the process named there, then try again."
        )


def _secret() -> str:
    return secrets.token_hex(24)
