"""Spending from a file: new rows noted, known ones brought up to date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils import translation

from kundenstamm.acquisition.channel_actions import standing
from kundenstamm.acquisition.models import Campaign
from kundenstamm.acquisition.queries import channels
from kundenstamm.importers.fields import normal
from kundenstamm.importers.identity import identified
from kundenstamm.importers.masters.customers import Merged
from kundenstamm.importers.masters.staging import stage
from kundenstamm.importers.spending_rows import Known
from kundenstamm.ledger.models import Batch
from kundenstamm.serving.models import Pool

if TYPE_CHECKING:
    import polars as pl

COLUMNS = {
    "channel": "text", "date": "date", "amount": "numeric(18,4)", "hours": "numeric(10,2)",
    "pool": "text", "campaign": "bigint", "what": "text", "document": "text", "line": "bigint",
}  # fmt: skip


def known() -> Known:
    """Channels by name, kind in every language of the site, or code; campaigns and pools."""
    there = channels()
    named = {normal(each.code): each.code for each in there}
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            named |= {normal(str(each.get_kind_display())): each.code for each in there
                      if each.kind != "own"}  # fmt: skip
    named |= {normal(each.name): each.code for each in there if each.name}
    campaigns = Campaign.objects.select_related("channel")
    return Known(
        named,
        {(each.channel.code, normal(each.name)): each.pk for each in campaigns},
        {normal(each.name): each.name for each in Pool.objects.all()},
    )


def merge(rows: pl.DataFrame, batch: Batch, at: datetime) -> Merged:
    """Note spending under its document and line; what is there already is brought up to date."""
    import polars as pl

    spoken_of = set(rows["channel"].unique().to_list())
    for each in channels():
        if each.code in spoken_of:
            standing(each)
    # What a row says is what it is known by, where it has no document.
    named = rows.with_columns(
        customer="channel", product=pl.col("campaign").cast(pl.String), product_name="what",
        quantity="hours",
        # A document of one row is that row, whatever its amount becomes.
        line=pl.when(pl.col("document").is_not_null()).then(pl.col("line").fill_null(1)),
    )  # fmt: skip
    stage(identified(named), "staged_spending", COLUMNS)
    values: dict[str, Any] = {
        "batch": batch.pk, "source": batch.source_id, "actor": batch.actor_id, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged_spending")
        cursor.execute(_CHANGE, values)
        changed = cursor.rowcount
        cursor.execute(_MAKE, values)
        [made] = cursor.fetchone()
        cursor.execute("DROP TABLE staged_spending")
    return Merged(made, changed, rows.height - made - changed)


_CHANGE = """
WITH differing AS (
    SELECT old.id, old.channel_id, old.campaign_id, old.day, old.amount, old.hours, old.pool_id,
           old.what, channel.id AS new_channel, staged.campaign AS new_campaign,
           staged.date AS new_day, staged.amount AS new_amount, staged.hours AS new_hours,
           pool.id AS new_pool, coalesce(staged.what, '') AS new_what
    FROM staged_spending AS staged
    JOIN acquisition_channel AS channel ON channel.code = staged.channel
    LEFT JOIN serving_pool AS pool ON pool.name = staged.pool
    JOIN acquisition_spending AS old ON old.source_id = %(source)s
     AND old.document = staged.document AND old.line = staged.line
    WHERE (old.channel_id, old.campaign_id, old.day, old.amount, old.hours, old.pool_id, old.what)
          IS DISTINCT FROM (channel.id, staged.campaign, staged.date, staged.amount, staged.hours,
                            pool.id, coalesce(staged.what, ''))
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'acquisition_spending', id,
           jsonb_build_object('channel_id', channel_id, 'campaign_id', campaign_id, 'day', day,
                              'amount', amount, 'hours', hours, 'pool_id', pool_id, 'what', what)
    FROM differing
)
UPDATE acquisition_spending AS spending
SET channel_id = new_channel, campaign_id = new_campaign, day = new_day, amount = new_amount,
    hours = new_hours, pool_id = new_pool, what = new_what
FROM differing WHERE spending.id = differing.id
"""

_MAKE = """
WITH made AS (
    INSERT INTO acquisition_spending
        (key, channel_id, campaign_id, day, amount, hours, pool_id, what, recorded_by_id,
         recorded_at, source_id, document, line)
    SELECT gen_random_uuid(), channel.id, staged.campaign, staged.date, staged.amount,
           staged.hours, pool.id, coalesce(staged.what, ''), %(actor)s, %(at)s, %(source)s,
           staged.document, staged.line
    FROM staged_spending AS staged
    JOIN acquisition_channel AS channel ON channel.code = staged.channel
    LEFT JOIN serving_pool AS pool ON pool.name = staged.pool
    ORDER BY staged.date, staged.document, staged.line
    ON CONFLICT (source_id, document, line) WHERE source_id IS NOT NULL DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO importers_rowchange (batch_id, "table", row, before)
    SELECT %(batch)s, 'acquisition_spending', id, NULL FROM made
)
SELECT count(*) FROM made
"""
