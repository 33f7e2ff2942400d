"""Which months changed after they were allocated: noted by triggers, whoever writes.

Each statement that changes activities, interactions from which some follow, a pool's figures or a
time equation adds one row for each month that it touches. A run keeps how many rows its month had
before it began to read; more rows since: run it again. Rows are only ever added, so nobody waits
for anybody, and counted rather than dated, so that a change which was committed late is not
overlooked. Migrations run this text.
"""

from __future__ import annotations

from kundenstamm.serving.models import OF_INTERACTIONS

_HEAD = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    {body}
    RETURN NULL;
END $$;
"""
_NOTE = (
    "INSERT INTO serving_monthchange (month, at) SELECT month, guard_now() FROM ({months}) AS m;"
)
_TRANSITIONS = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "NEW TABLE AS fresh OLD TABLE AS former",
    "DELETE": "OLD TABLE AS former",
}


def _of_dates(column: str, counts: str = "true") -> dict[str, str]:
    """Months of rows that have a day or a month of their own; of a moved one both.

    ``counts``: a condition on ``{row}``.
    """
    one = f"SELECT date_trunc('month', {{row}}.{column})::date AS month FROM {{source}}"  # noqa: S608
    pairs = f"fresh JOIN former USING (id) WHERE fresh IS DISTINCT FROM former AND {counts}"
    pairs = pairs.format(row="fresh")
    made = one.format(row="fresh", source=f"fresh WHERE {counts.format(row='fresh')}")
    gone = one.format(row="former", source=f"former WHERE {counts.format(row='former')}")
    moved = [one.format(row=row, source=pairs) for row in ("fresh", "former")]
    return {
        "INSERT": f"{made} GROUP BY 1", "DELETE": f"{gone} GROUP BY 1",
        "UPDATE": " UNION ".join(moved),
    }  # fmt: skip


# A kind of work has no month of its own: what was allocated may be charged otherwise now, with an
# equation from the month on in which it begins.
_ALLOCATED = "SELECT DISTINCT month FROM serving_allocationrun WHERE {condition}"
_CHANGED_TYPE = (
    "EXISTS (SELECT FROM fresh JOIN former USING (id) WHERE (fresh.pool_id, fresh.kind,"
    " fresh.derived_from) IS DISTINCT FROM (former.pool_id, former.kind, former.derived_from))"
)
_SINCE = "month >= (SELECT date_trunc('month', min(valid_from)) FROM {rows})"
_CHANGED_DRIVER = (
    "month >= (SELECT date_trunc('month', min(valid_from)) FROM serving_equation"
    " WHERE id IN (SELECT {row}.equation_id FROM {rows}))"
)
_MOVED = "fresh JOIN former USING (id) WHERE fresh IS DISTINCT FROM former"
_DAYS = "SELECT least(fresh.valid_from, former.valid_from) AS valid_from FROM"
_MOVED_DAYS = f"({_DAYS} {_MOVED}) AS moved"
# A payment touches every month from its due day until it came, or until now.
_LATE = (
    "SELECT late::date AS month FROM {source}, generate_series(date_trunc('month', due),"
    " coalesce(paid, guard_now()::date), '1 month') AS late GROUP BY 1"
)
_PAIRS = "(SELECT {row}.* FROM fresh JOIN former USING (id) WHERE fresh IS DISTINCT FROM former)"
PAYMENTS: dict[str, dict[str, str]] = {
    "serving_payment": {
        "INSERT": _LATE.format(source="fresh"),
        "DELETE": _LATE.format(source="former"),
        "UPDATE": " UNION ".join(
            _LATE.format(source=f"{_PAIRS.format(row=row)} AS moved") for row in ("fresh", "former")
        ),
    }
}
MONTHS: dict[str, dict[str, str]] = {
    # What an allocation derives itself is no news to it.
    "serving_activity": _of_dates("date", "NOT {row}.derived"),
    "serving_poolmonth": _of_dates("month"),
}
EQUATIONS: dict[str, dict[str, str]] = {
    "serving_activitytype": {"UPDATE": _ALLOCATED.format(condition=_CHANGED_TYPE)},
    "serving_equation": {
        event: _ALLOCATED.format(condition=_SINCE.format(rows=rows))
        for event, rows in (("INSERT", "fresh"), ("UPDATE", _MOVED_DAYS), ("DELETE", "former"))
    },
    "serving_driver": {
        event: _ALLOCATED.format(condition=_CHANGED_DRIVER.format(row=row, rows=rows))
        for event, row, rows in (
            ("INSERT", "fresh", "fresh"),
            ("UPDATE", "fresh", _MOVED),
            ("DELETE", "former", "former"),
        )
    },
}


# From which kind of interaction follows what: our own words, for statements.
WAYS = ", ".join(f"('{way}', '{kind}')" for way, kind in OF_INTERACTIONS.items())
# An interaction counts while it stands and some kind of work follows from it. A note that was
# sealed anew, or has other words, changes no month.
_CARED = f"""
    SELECT date_trunc('month', day)::date AS month FROM {{source}} AS each
    WHERE withdrawn_at IS NULL AND EXISTS (
        SELECT FROM serving_activitytype AS type
        JOIN (VALUES {WAYS}) AS ways (way, kind) ON ways.way = type.derived_from
        WHERE ways.kind = each.kind)
"""  # noqa: S608  # only with what stands above
_OTHERWISE = """
    AND id IN (
        SELECT fresh.id FROM fresh JOIN former USING (id)
        WHERE (fresh.day, fresh.kind, fresh.minutes, fresh.customer_id, fresh.reached,
               fresh.withdrawn_at IS NULL)
              IS DISTINCT FROM (former.day, former.kind, former.minutes, former.customer_id,
               former.reached, former.withdrawn_at IS NULL))
"""
INTERACTIONS: dict[str, dict[str, str]] = {
    "care_interaction": {
        "INSERT": _CARED.format(source="fresh") + "GROUP BY 1",
        "DELETE": _CARED.format(source="former") + "GROUP BY 1",
        "UPDATE": " UNION ".join(
            _CARED.format(source=rows) + _OTHERWISE for rows in ("fresh", "former")
        ),
    }
}


def create(months: dict[str, dict[str, str]] = MONTHS) -> str:
    """Functions and triggers; all names are our own models', there is nothing to inject."""
    return "\n".join(_statements(months))


def drop(months: dict[str, dict[str, str]] = MONTHS) -> str:
    return "\n".join(f"DROP FUNCTION {table}_months() CASCADE;" for table in months)


def _statements(months: dict[str, dict[str, str]]) -> list[str]:
    made = []
    for table, events in months.items():
        body = "\n    ".join(
            f"IF TG_OP = '{event}' THEN {_NOTE.format(months=found)} END IF;"
            for event, found in events.items()
        )
        made.append(_HEAD.format(name=f"{table}_months", body=body))
        made += [
            f"CREATE OR REPLACE TRIGGER months_{event.lower()} AFTER {event} ON {table} "
            f"REFERENCING {_TRANSITIONS[event]} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {table}_months();"
            for event in events
        ]
    return made
