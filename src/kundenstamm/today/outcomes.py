"""What became of those we spoke to, beside similar customers we did not speak to.

A base is looked at on several days. In the week after each of them somebody spoke to some
customers and not to others; then the window of 30 or 90 days is counted. How late, how dear and
how used to us a customer was, is taken as of the day before that week: a conversation must not
change the group that it is judged in.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import WORDS, Forbidden, Reach
from kundenstamm.lifecycle.frames.purchases import purchases
from kundenstamm.lifecycle.queries.runs import day_to_value
from kundenstamm.today import frames
from kundenstamm.today.models import Outcomes
from kundenstamm.worth.arrays import EPOCH
from kundenstamm.worth.care.cadence import value_classes
from kundenstamm.worth.care.outcomes import Outcome, compare, lateness_bands
from kundenstamm.worth.purchases import Purchases

if TYPE_CHECKING:
    import polars as pl

# Length of a window → how many of them, one after the other, so that none is counted twice.
WINDOWS = {30: 6, 90: 3}
WEEK, YEAR = timedelta(days=7), 365


@transaction.atomic
def judge(*, actor: User, at: datetime, today: date) -> Outcomes | None:
    """Compare, over the whole base; None where nothing was bought or recorded."""
    as_of = day_to_value(today) or today
    bought, spoken = purchases(as_of), frames.conversations()
    if bought.first_day is None or spoken.is_empty():
        return None
    found = [_told(days, compare(_windows(bought, spoken, as_of, days))) for days in WINDOWS]
    return Outcomes.objects.create(as_of=as_of, actor=actor, made_at=at, found=found)


def latest_outcomes(actor: User) -> Outcomes | None:
    """The newest comparison; None before the first one.

    Raises
    ------
    Forbidden
        Some customer is kept from the actor, who is therefore shown no sum over everybody.
    """
    if not sees_whole_base(actor):
        raise Forbidden(str(WORDS[Reach.ALL]))
    return Outcomes.objects.order_by("-id").first()


def _told(days: int, outcome: Outcome) -> dict[str, Any]:
    sentences = [each.as_data() for each in outcome.sentences(days)]
    return {"days": days, "sentences": sentences} | asdict(outcome)


def _windows(bought: Purchases, spoken: pl.DataFrame, as_of: date, days: int) -> pl.DataFrame:
    """All windows of one length, the latest first, as far as the history reaches."""
    import polars as pl

    length = timedelta(days=days) + WEEK
    starts = [as_of - n * length for n in range(1, WINDOWS[days] + 1)]
    parts = [_window(bought, spoken, start, days) for start in starts]
    return pl.concat(part for part in parts)


def _window(bought: Purchases, spoken: pl.DataFrame, start: date, days: int) -> pl.DataFrame:
    """`kundenstamm.worth.care.outcomes.OUTCOMES` of one start."""
    import polars as pl

    known = bought.summary(start)
    who = known["customer_id"].to_numpy()
    first = (start + WEEK).toordinal() - EPOCH
    inside = (bought.day > first) & (bought.day <= first + days)
    ordered = _summed(bought, inside & (bought.net > 0), np.ones_like(bought.net))[who]
    silent = (pl.lit(start) - pl.col("last_day")).dt.total_days()
    gaps = known["gap_mean"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return known.select(
        spoken=pl.Series(_spoken_in(bought, spoken, start)[who]),
        value_class=pl.Series(value_classes(_year(bought, start)[who])),
        stage=_stage(),
        lateness=pl.Series(lateness_bands(known.select(silent).to_series().to_numpy(), gaps)),
        ordered=pl.Series(ordered > 0),
        contribution=pl.Series(_summed(bought, inside, bought.contribution)[who]),
    )


def _stage() -> pl.Expr:
    """By the number of purchases alone: how late somebody was is a group of its own."""
    import polars as pl

    regular = pl.col("occasions") >= profile().regular_occasions
    once = pl.col("occasions") == 1
    return (
        pl.when(once).then(pl.lit("new")).when(regular).then(pl.lit("regular"))
        .otherwise(pl.lit("repeat"))
    )  # fmt: skip


def _year(bought: Purchases, start: date) -> Any:
    last = start.toordinal() - EPOCH
    return _summed(bought, (bought.day > last - YEAR) & (bought.day <= last), bought.contribution)


def _summed(bought: Purchases, rows: Any, values: Any) -> Any:
    """By customer's number."""
    found = np.bincount(bought.customer[rows], values[rows], minlength=len(bought.customers))
    # Of no rows at all it would be whole numbers.
    return found.astype(np.float64)


def _spoken_in(bought: Purchases, spoken: pl.DataFrame, start: date) -> Any:
    """By customer's number: whether there was a conversation in the week after the start."""
    import polars as pl

    week = spoken.filter(pl.col("day") > start, pl.col("day") <= start + WEEK)
    return bought.customers.is_in(week["customer_id"].unique().implode()).to_numpy()
