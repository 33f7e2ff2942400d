"""The key ring: what sensitive fields are sealed with.

It lies in the installation's home and never in the database, so that a copy of the database alone
tells no phone number. One key is current; older ones stay for what is still sealed with them, and
for older backups.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from kundenstamm.kit.home import home, locked, write_private

BYTES = 32
NAME = re.compile(r"k[1-9][0-9]*")


class KeysRefused(RuntimeError):  # noqa: N818
    """The ring is missing, cannot be read, or does not fit; the message names the mend."""


@dataclass(frozen=True)
class Key:
    """One key of the ring. What seals and what makes the blind index are derived from it."""

    name: str
    secret: bytes = field(repr=False)
    since: str = ""

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self._derived("sealing"))

    @cached_property
    def indexing(self) -> bytes:
        return self._derived("blind index")

    @cached_property
    def check(self) -> str:
        """Tells this key from another one of the same name, and nothing about it."""
        return self._derived("check").hex()[:32]

    def _derived(self, purpose: str) -> bytes:
        info = f"kundenstamm {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=BYTES, salt=None, info=info).derive(self.secret)


@dataclass(frozen=True)
class Ring:
    current: Key
    keys: dict[str, Key]


def path() -> Path:
    return home() / "keys.json"


_read: dict[Path, tuple[tuple[int, int, int], Ring]] = {}


def ring() -> Ring:
    """The ring as it is now: what another process has added since is in it.

    Raises
    ------
    KeysRefused
        It is missing or cannot be read.
    """
    file = path()
    try:
        found = file.stat()
    except FileNotFoundError:
        raise KeysRefused(
            f"The key ring {file} is missing. Bring it back from where you keep it beside your "
            "backups; without it phone numbers and mail addresses cannot be read."
        ) from None
    state = (found.st_mtime_ns, found.st_ino, found.st_size)
    known = _read.get(file)
    if known is None or known[0] != state:
        known = _read[file] = (state, _parsed(file))
    return known[1]


def prepare(*, at: datetime) -> None:
    """Make the first key, once; and refuse a ring that does not belong to this database.

    Raises
    ------
    KeysRefused
        The database was sealed with keys that the ring does not have.
    """
    known = _noted()
    if not known:
        make(at=at)
    with locked(_lock()):
        found = ring().keys
        for name in known:
            if name not in found or differs(name):
                raise KeysRefused(
                    f"The key ring {path()} does not have the key {name} that this database is "
                    "sealed with. Bring back the ring that belongs to it; if it is lost for good: "
                    f"kundenstamm keys forget {name} --lost"
                )
        _note(found[name] for name in found.keys() - known.keys())


def make(*, at: datetime) -> None:
    """A ring with its first key, where there is none."""
    with locked(_lock()):
        if not path().exists():
            _write("k1", {"k1": _fresh("k1", at)})


def add_key(*, at: datetime) -> Key:
    """A new key, current from now on, in all processes."""
    with locked(_lock()):
        old = ring()
        numbers = [int(name[1:]) for name in (*old.keys, *_noted())]
        made = _fresh(f"k{max(numbers) + 1}", at)
        _write(made.name, old.keys | {made.name: made})
        _note([made])
    return made


def remove_key(name: str) -> None:
    """Take a key out for good; who calls knows that nothing is sealed with it."""
    with locked(_lock()):
        old = ring()
        forget_check(name)
        _write(old.current.name, {n: key for n, key in old.keys.items() if n != name})


def forget_check(name: str) -> None:
    """The database does not expect this key any more."""
    from kundenstamm.guard.models import SealingKey

    SealingKey.objects.filter(name=name).delete()


def differs(name: str) -> bool:
    """Whether the ring's key of this name is another one than the database was sealed with."""
    known = _noted().get(name)
    return known is not None and not hmac.compare_digest(ring().keys[name].check, known)


def hold(*, alone: bool = False) -> None:
    """No key is forgotten before this transaction ends. ``alone``: nor is anything being sealed."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('kundenstamm keys'))")


def _noted() -> dict[str, str]:
    from kundenstamm.guard.models import SealingKey

    return dict(SealingKey.objects.values_list("name", "check_value"))


def _note(keys: Iterable[Key]) -> None:
    from kundenstamm.guard.models import SealingKey

    SealingKey.objects.bulk_create(
        [SealingKey(name=key.name, check_value=key.check) for key in keys], ignore_conflicts=True
    )


def _fresh(name: str, at: datetime) -> Key:
    return Key(name, secrets.token_bytes(BYTES), at.isoformat())


def _write(current: str, keys: dict[str, Key]) -> None:
    told = {
        name: asdict(key) | {"secret": base64.b64encode(key.secret).decode()}
        for name, key in keys.items()
    }
    write_private(path(), json.dumps({"current": current, "keys": told}, indent=2) + "\n")


def _parsed(file: Path) -> Ring:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        keys = {name: _key(name, each) for name, each in told["keys"].items()}
        return Ring(keys[told["current"]], keys)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise KeysRefused(
            f"The key ring {file} cannot be read ({wrong}). Bring it back from where you keep it "
            "beside your backups; nothing has been changed."
        ) from None


def _key(name: str, told: dict[str, str]) -> Key:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no key's name")
    try:
        secret = base64.b64decode(told["secret"], validate=True)
    except binascii.Error:
        raise ValueError(f"the key {name} is damaged") from None
    if len(secret) != BYTES:
        raise ValueError(f"the key {name} is damaged")
    return Key(name, secret, str(told.get("since", "")))


def _lock() -> Path:
    return path().with_suffix(".lock")
