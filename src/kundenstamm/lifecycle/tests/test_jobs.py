"""Jobs carry plain values, as they wait in a table, and call one action."""

from __future__ import annotations

import json

import pytest

from kundenstamm.lifecycle.jobs import value
from kundenstamm.lifecycle.queries import latest_run
from kundenstamm.lifecycle.tests.books import AS_OF, AT, customers


@pytest.mark.django_db
def test_valuing_as_a_job(frieda):
    customers("A")
    waiting = {"as_of": AS_OF.isoformat(), "actor": frieda.pk, "at": AT.isoformat()}
    value(**json.loads(json.dumps(waiting)))
    run = latest_run()
    assert (run.as_of, run.actor, run.made_at, run.customers) == (AS_OF, frieda, AT, 1)
