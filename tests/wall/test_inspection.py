"""The doctor names each way around the wall, and its mend."""

from __future__ import annotations

import pytest
from django.db import connection

from kundenstamm.guard.inspection import gaps
from kundenstamm.kit.database import login_of
from kundenstamm.kit.postgres.roles import APP, WORK


def test_a_wall_that_stands_has_no_gaps(db):
    assert gaps(login_of("site")) == []


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        ("ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY", "customers_customer is not"),
        ("ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY", "ledger_entry is not"),
        ("DROP POLICY known ON lifecycle_estimate", "lifecycle_estimate is not"),
        (f"CREATE POLICY loose ON customers_contact TO {APP} USING (true)", "loose on customers_c"),
        ("CREATE POLICY loose ON customers_grant USING (true)", "loose on customers_grant"),
    ],
)
def test_each_gap_is_named(db, opened, told):
    with connection.cursor() as cursor:
        cursor.execute(opened)
    [gap] = gaps(login_of("site"))
    assert told in gap.what
    assert gap.mend


def test_a_role_that_could_step_over_is_named(db):
    assert any(f"may act as {WORK}" in gap.what for gap in gaps(login_of("worker")))
    assert any("does not exist" in gap.what for gap in gaps("nobody_at_all"))
