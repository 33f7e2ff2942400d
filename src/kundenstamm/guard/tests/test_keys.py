"""The ring: made once, noticed by others, refused where it does not fit."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from kundenstamm.guard import keys
from kundenstamm.guard.models import SealingKey
from kundenstamm.guard.sealed import Place, opened, seal
from kundenstamm.guard.tests.conftest import AT

PLACE = Place("t", "c", "r")


def test_it_is_made_once_and_nobody_else_may_read_it(ring_file):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: keys.make(at=AT), range(8)))
    made = ring_file.read_text()
    keys.make(at=AT)
    assert ring_file.read_text() == made
    assert stat.S_IMODE(ring_file.stat().st_mode) == 0o600
    assert keys.ring().current.name == "k1"
    assert keys.ring().current.since == AT.isoformat()


def test_sub_keys_differ_and_no_secret_shows(own_ring):
    key = keys.ring().current
    assert key.indexing != key.secret
    assert key.check not in key.secret.hex()
    assert key.secret.hex() not in repr(keys.ring())
    assert repr(key.secret) not in repr(keys.ring())


@pytest.mark.django_db
def test_a_key_that_another_process_adds_is_noticed(own_ring):
    sealed = seal("anna", PLACE)
    before = keys.ring()
    keys.add_key(at=AT)
    assert keys.ring() is not before
    assert keys.ring().current.name == "k2"
    assert seal("anna", PLACE).startswith("k2.")
    assert opened(sealed, PLACE) == "anna"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: "[]",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"current": "k1"', '"current": "k2"'),
        lambda text: text.replace('"k1": {', '"first": {'),
        lambda text: text.replace('"secret": "', '"secret": "!'),
        lambda text: json.dumps({"current": "k1", "keys": {"k1": {"secret": "AAAA"}}}),
    ],
)
def test_a_damaged_ring_says_so_and_stays_as_it_is(own_ring, damage):
    own_ring.write_text(damage(own_ring.read_text()))
    kept = own_ring.read_text()
    with pytest.raises(keys.KeysRefused, match="cannot be read"):
        seal("anna", PLACE)
    keys.make(at=AT)
    assert own_ring.read_text() == kept


def test_a_missing_ring_says_so(ring_file):
    with pytest.raises(keys.KeysRefused, match="is missing"):
        seal("anna", PLACE)
    assert not ring_file.exists()


@pytest.mark.django_db
class TestWithADatabase:
    def test_the_first_command_makes_the_ring_and_notes_its_key(self, ring_file):
        keys.prepare(at=AT)
        assert SealingKey.objects.get().name == "k1"
        keys.prepare(at=AT)
        assert SealingKey.objects.get().check_value == keys.ring().current.check

    def test_a_ring_that_is_lost_is_not_made_anew(self, ring_file):
        keys.prepare(at=AT)
        ring_file.unlink()
        with pytest.raises(keys.KeysRefused, match="is missing"):
            keys.prepare(at=AT)
        assert not ring_file.exists()

    def test_the_ring_of_another_database_is_refused(self, ring_file):
        keys.prepare(at=AT)
        ring_file.unlink()
        keys.make(at=AT)
        with pytest.raises(keys.KeysRefused, match=r"does not have the key k1.*--lost"):
            keys.prepare(at=AT)

    def test_an_older_ring_is_refused_and_a_newer_one_is_not(self, ring_file):
        keys.prepare(at=AT)
        old = ring_file.read_bytes()
        keys.add_key(at=AT)
        newer = ring_file.read_bytes()
        ring_file.write_bytes(old)
        os.utime(ring_file, ns=(1, 1))
        with pytest.raises(keys.KeysRefused, match="the key k2"):
            keys.prepare(at=AT)
        SealingKey.objects.filter(name="k2").delete()
        ring_file.write_bytes(newer)
        keys.prepare(at=AT)
        assert SealingKey.objects.count() == 2
