"""Which databases a command refuses to bring up to date."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import typer
from django.db.migrations.loader import MigrationLoader

from kundenstamm.cli.site import _refuse_half_way

OLD = [("customers", "0001_initial"), ("customers", "0002_matching")]
NEW = ("customers", "0001_tables")


def loader(*seen: tuple[str, str]) -> MigrationLoader:
    told = {
        NEW: SimpleNamespace(replaces=OLD),
        ("guard", "0002_more"): SimpleNamespace(replaces=[]),
    }
    return SimpleNamespace(applied_migrations=dict.fromkeys(seen), disk_migrations=told)


@pytest.mark.parametrize("seen", [(), OLD, (*OLD, NEW), (OLD[0], NEW)])
def test_all_or_nothing_of_what_was_put_together_is_well(seen):
    _refuse_half_way(loader(*seen))


@pytest.mark.parametrize("seen", [OLD[:1], OLD[1:]])
def test_some_of_it_is_refused_with_the_mend(seen, capsys):
    with pytest.raises(typer.Exit):
        _refuse_half_way(loader(*seen))
    assert "Start that last version once" in capsys.readouterr().err


def test_what_was_put_together_is_named_in_full():
    for (app, _name), migration in MigrationLoader(None).disk_migrations.items():
        if app in {"customers", "departures"}:
            assert all(told[0] == app for told in migration.replaces)
            assert not migration.initial or len(migration.replaces) > 1
