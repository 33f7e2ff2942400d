"""Touches and origins from a file: new ones noted; what is there already stays, with its campaign.

A touch is known by customer, channel and day, and an origin by the customer, so no document is
needed for loading a file twice to change nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from kundenstamm.acquisition.channel_actions import standing
from kundenstamm.acquisition.queries import channels
from kundenstamm.importers.masters import spending
from kundenstamm.importers.masters.customers import Merged, numbers
from kundenstamm.importers.masters.staging import stage
from kundenstamm.importers.touch_rows import ORIGIN, TOUCH, Known
from kundenstamm.ledger.models import Batch

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "row": "bigint", "customer": "text", "date": "date", "channel": "text", "campaign": "bigint",
    "kind": "text",
}  # fmt: skip


def known() -> Known:
    """Customers, channels and campaigns that a file may speak of."""
    there = spending.known()
    times = Counter(name for _code, name in there.campaigns)
    alone = {name: (code, key) for (code, name), key in there.campaigns.items() if times[name] == 1}
    return Known(numbers(), there.channels, there.campaigns, alone)


def merge(rows: pl.DataFrame, batch: Batch, at: datetime) -> Merged:
    """Note what is new; where a known touch has no campaign yet and the file names one, that."""
    spoken_of = set(rows["channel"].unique().to_list())
    for each in channels():
        if each.code in spoken_of:
            standing(each)
    stage(rows, "staged_touch", COLUMNS)
    values: dict[str, Any] = {
        "batch": batch.pk, "actor": batch.actor_id, "at": at, "touch": TOUCH, "origin": ORIGIN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_touch")
        cursor.execute(_CHANGE, values)
        changed, made = cursor.rowcount, 0
        for statement in (_TOUCH, _COME):
            cursor.execute(statement, values)
            made += cursor.fetchone()[0]
        cursor.execute("DROP TABLE staged_touch")
    return Merged(made, changed, rows.height - made - changed)


_CHANGE = """
WITH differing AS (
    SELECT DISTINCT ON (old.id) old.id, staged.campaign
    FROM staged_touch AS staged
    JOIN acquisition_channel AS channel ON channel.code = staged.channel
    JOIN customers_customer AS reached ON reached.number = staged.customer
    JOIN acquisition_touch AS old ON old.customer_id = reached.id AND old.channel_id = channel.id
     AND old.day = staged.date
    WHERE staged.kind = %(touch)s AND old.campaign_id IS NULL AND staged.campaign IS NOT NULL
    ORDER BY old.id, staged.row
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'acquisition_touch', id, jsonb_build_object('campaign_id', NULL)
    FROM differing
)
UPDATE acquisition_touch AS touch SET campaign_id = differing.campaign
FROM differing WHERE touch.id = differing.id
"""
_TOUCH = """
WITH made AS (
    INSERT INTO acquisition_touch
        (key, customer_id, channel_id, campaign_id, day, recorded_by_id, recorded_at)
    SELECT gen_random_uuid(), reached.id, channel.id, staged.campaign, staged.date, %(actor)s,
           %(at)s
    FROM staged_touch AS staged
    JOIN acquisition_channel AS channel ON channel.code = staged.channel
    JOIN customers_customer AS reached ON reached.number = staged.customer
    WHERE staged.kind = %(touch)s
    ORDER BY staged.date, staged.row
    ON CONFLICT (customer_id, channel_id, day) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'acquisition_touch', id, NULL FROM made
)
SELECT count(*) FROM made
"""
# Where a customer comes from is asked once: who has an origin keeps it.
_COME = """
WITH made AS (
    INSERT INTO acquisition_origin
        (customer_id, channel_id, campaign_id, said, recorded_by_id, recorded_at)
    SELECT reached.id, channel.id, staged.campaign, 'records', %(actor)s, %(at)s
    FROM staged_touch AS staged
    JOIN acquisition_channel AS channel ON channel.code = staged.channel
    JOIN customers_customer AS reached ON reached.number = staged.customer
    WHERE staged.kind = %(origin)s
    ORDER BY staged.date, staged.row
    ON CONFLICT (customer_id) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'acquisition_origin', id, NULL FROM made
)
SELECT count(*) FROM made
"""
