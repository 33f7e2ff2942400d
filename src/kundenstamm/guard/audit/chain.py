"""Sealing: every entry gets a number and a digest over itself and the link before it.

Numbers are given under a lock, in the order of sealing: the entries' own numbers say nothing of
the order in which transactions end. Whoever changes an entry must make anew every digest from
there on, and the tip of the chain, which has left the database, says that they did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from kundenstamm.guard.audit import tips
from kundenstamm.guard.audit.tips import Tip
from kundenstamm.guard.models import AuditLink

FIRST = bytes(32)
BATCH = 5_000


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold; ``entry`` is missing where none is left."""

    number: int
    entry: int | None
    why: str


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: links and tips looked at, entries not sealed yet, and the break."""

    links: int
    tips: int
    unsealed: int
    broken: Break | None


def seal(*, at: datetime) -> int:
    """Seal what has been noted so far, and let the tip out; how many entries."""
    sealed = 0
    while made := _seal_batch():
        sealed += made
    last = tip()
    if last is not None:
        tips.keep(last, at=at)
    return sealed


def tip() -> Tip | None:
    """The chain's last link; None before the first entry was sealed."""
    last = AuditLink.objects.order_by("-number").first()
    return Tip(last.number, bytes(last.digest).hex()) if last else None


def digest(previous: bytes, text: str) -> bytes:
    """SHA-256 over the link before and this entry, its number included (FIPS 180-4)."""
    return hashlib.sha256(previous + text.encode()).digest()


def verify() -> Verdict:
    """Compute the whole chain anew and hold it against links, entries and tips kept outside."""
    # Tips first: every one that is kept then has its link, though sealing goes on meanwhile.
    walk = _Walk(tips.kept())
    with transaction.atomic():
        for link in _links():
            if walk.breaks_at(*link):
                break
        else:
            walk.end()
    broken = walk.broken or tips.damaged() or _never_sealed(walk)
    return Verdict(walk.number, len(walk.tips), _waiting(), broken)


class _Walk:
    """Along the chain: what was computed so far, and the first thing that does not fit."""

    def __init__(self, kept: dict[int, str]) -> None:
        self.tips = kept
        self.number = 0
        self.digest = FIRST
        self.broken: Break | None = None

    def breaks_at(self, number: int, entry: int, stored: bytes, text: str | None) -> bool:
        why = self._wrong_with(number, stored, text)
        if why:
            self.broken = Break(min(number, self.number + 1), entry, why)
            return True
        self.number, self.digest = number, stored
        return False

    def end(self) -> None:
        """Beyond the last link no tip may have been kept."""
        beyond = [number for number in self.tips if number > self.number]
        if beyond:
            self.broken = Break(
                self.number + 1, None, f"the end is cut off: a tip was kept of link {max(beyond)}"
            )

    def _wrong_with(self, number: int, stored: bytes, text: str | None) -> str:
        if number != self.number + 1:
            return f"links {self.number + 1} to {number - 1} are missing"
        if text is None:
            return "its entry is missing"
        if digest(self.digest, text) != stored:
            return "the entry or its link was changed"
        if self.tips.get(number, stored.hex()) != stored.hex():
            return "the chain was made anew: the tip kept outside says otherwise"
        return ""


def _links() -> Iterator[tuple[int, int, bytes, str | None]]:
    """Number, entry, digest and the entry's text, in the order of sealing."""
    raw = connection.connection.cursor(name="audit_links")
    with raw as cursor:
        cursor.itersize = BATCH
        cursor.execute(
            "SELECT link.number, link.entry, link.digest,"
            " CASE WHEN noted.id IS NOT NULL THEN audit_text(link.number, noted) END"
            " FROM guard_auditlink AS link"
            " LEFT JOIN guard_auditentry AS noted ON noted.id = link.entry ORDER BY link.number"
        )
        for number, entry, stored, text in cursor:
            yield number, entry, bytes(stored), text


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM guard_unsealed")
        return int(cursor.fetchone()[0])


def _never_sealed(walk: _Walk) -> Break | None:
    """An entry that is neither sealed nor waiting for it was put in past the functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM guard_auditentry AS noted WHERE"
            " NOT EXISTS (SELECT FROM guard_auditlink WHERE entry = noted.id)"
            " AND NOT EXISTS (SELECT FROM guard_unsealed WHERE entry = noted.id)"
        )
        found = cursor.fetchone()[0]
    return (
        Break(walk.number + 1, found, "the entry is neither sealed nor waiting") if found else None
    )


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm audit'))")
        last = AuditLink.objects.order_by("-number").first()
        number, previous = (last.number, bytes(last.digest)) if last else (0, FIRST)
        cursor.execute(_WAITING, [number, BATCH])
        found = cursor.fetchall()
        entries, digests = [entry for entry, _text in found], []
        for _entry, text in found:
            previous = digest(previous, text)
            digests.append(previous)
        cursor.execute(_LINK, [number, entries, digests])
        cursor.execute("DELETE FROM guard_unsealed WHERE entry = ANY(%s)", [entries])
    return len(found)


_WAITING = """
WITH waiting AS (
    SELECT entry AS id, %s + row_number() OVER (ORDER BY entry) AS number
    FROM guard_unsealed ORDER BY entry LIMIT %s
)
SELECT id, audit_text(number, noted) FROM waiting JOIN guard_auditentry AS noted USING (id)
ORDER BY number
"""
_LINK = """
INSERT INTO guard_auditlink (number, entry, digest)
SELECT %s + place, entry, digest
FROM unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS made (entry, digest, place)
"""
