"""What speaks for calling a customer: how much more likely it makes a loss, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kundenstamm.worth.care.effect import Cause
from kundenstamm.worth.sentences import gettext_noop, one
from kundenstamm.worth.stages import LATE, QUIET

if TYPE_CHECKING:
    import polars as pl

# Values are days; ``before``, ``lately``: conversations a quarter; ``worth``: money.
NEGLECT = gettext_noop(
    "Last conversation {silence} days ago; {allowed} days are the most for this customer."
)
NEGLECT_OF_PLACE = gettext_noop(
    "Last conversation {silence} days ago; {allowed} days are the most for its place in the chain."
)
NEVER_OF_PLACE = gettext_noop(
    "No conversation on record for at least {silence} days; {allowed} days are the most for its "
    "place in the chain."
)
NEVER = gettext_noop(
    "No conversation on record for at least {silence} days; {allowed} days are the most for this "
    "customer."
)
DRIFT = gettext_noop(
    "Since becoming a regular, conversations fell from {before} to {lately} a quarter."
)
UNANSWERED = gettext_noop("Complaint open for {open} days; the customer has no answer yet.")
UNSOLVED = gettext_noop("Complaint answered and not solved, open for {open} days.")
RIVAL = gettext_noop("A rival was seen {seen} days ago.")
DETRACTED = gettext_noop("Gave us {score} of 10 {ago} days ago.")
THINNING = gettext_noop(
    "No {product_group} bought for {silent} days, every {usual} days before; it brought {worth} a "
    "year."
)
ENDING = gettext_noop("An agreement ends in {remaining} days.")
ENDED = gettext_noop("An agreement ended {ago} days ago.")
UNCOVERED = gettext_noop(
    "Only {holder} speaks with them; anybody else did so {others} days ago. Introduce a second "
    "colleague: a joint visit or call."
)
ALONE = gettext_noop(
    "Nobody but {holder} has ever spoken with them. Introduce a second colleague: a joint visit or "
    "call."
)
one(
    UNANSWERED,
    "open",
    gettext_noop("Complaint open for one day; the customer has no answer yet."),
)
one(UNSOLVED, "open", gettext_noop("Complaint answered and not solved, open for one day."))
one(RIVAL, "seen", gettext_noop("A rival was seen one day ago."))
one(ENDING, "remaining", gettext_noop("An agreement ends in one day."))
one(ENDED, "ago", gettext_noop("An agreement ended one day ago."))

WEEKS, WEEK = 365 / 7, 7.0


@dataclass(frozen=True)
class Weights:
    """How much each cause adds to the risk of a loss. All are assumptions; none was measured.

    Attributes
    ----------
    wears
        Days until nothing is left of what a conversation, or the attempt at one, did. It wears
        slowly at first: after half of them a quarter is gone.
    neglect
        Excess of the usual hazard for every allowed silence that was let pass; at ``neglect_most``
        such silences it is as high as it gets.
    rival, rival_halves
        Excess of the usual hazard right after a sighting, and the days in which it halves.
    detractor, detractor_halves
        Excess of the usual hazard right after an answer of 0 to 6 (`kundenstamm.worth.promoters`),
        and the days in which it halves. Half of what a rival does at first, and twice as long.
    drift
        Excess of the usual hazard where conversations have stopped altogether.
    complaint
        Chance a week to lose a customer with an unanswered complaint. Of customers with serious
        complaints 19 % stay if it is not solved, 82 % if it is soon (TARP 1979): over a year's
        quarter that is 6 % a week; business customers are taken to be half as quick. Half of it
        once it is answered.
    expiry, expiry_weeks
        Chance to lose a customer whose agreement ends unspoken of, and over how many weeks before
        the end that chance arises. Afterwards, for as many weeks as ``expired_weeks``, all of it.
    thinning_least
        A group is bought again half as likely after each further gap of its own, or so many days.
    """

    wears: float = 180.0
    neglect: float = 1.0
    neglect_most: float = 3.0
    rival: float = 2.0
    rival_halves: float = 30.0
    detractor: float = 1.0
    detractor_halves: float = 60.0
    drift: float = 1.0
    complaint: float = 0.03
    expiry: float = 0.1
    expiry_weeks: float = 8.0
    expired_weeks: float = 4.0
    thinning_least: float = 30.0


def usual_loss() -> pl.Expr:
    """Money that a week is expected to take of any such customer, without a cause."""
    import polars as pl

    present = pl.col("if_active") * pl.col("p_now")
    return present * (1 - (-pl.col("yearly_loss") / WEEKS).exp())


def worn(weights: Weights) -> pl.Expr:
    """Share of what the last conversation did that is gone, and that a new one can do again.

    All of it where none is on record.
    """
    import polars as pl

    return (pl.col("tried").cast(pl.Float64) / weights.wears).clip(0, 1).pow(2).fill_null(1.0)


def weekly_losses(weights: Weights) -> Mapping[Cause, pl.Expr]:
    """Money that a week is expected to take, by cause, and that a conversation could still save.
    Null or nil where the cause is none.

    Uses ``if_active`` (money of twelve months were the customer certainly one) and the columns that
    `kundenstamm.worth.care.waiting.evidence` gathers.
    """
    import polars as pl

    present = pl.col("if_active") * pl.col("p_now")
    usual = usual_loss() * worn(weights)
    overruns = (pl.col("overrun") / pl.col("allowed")).clip(0, weights.neglect_most)
    fades = _halved(pl.col("seen"), weights.rival_halves)
    return {
        Cause.COMPLAINT: present
        * weights.complaint
        * pl.when(pl.col("answered")).then(0.5).otherwise(1.0)
        * pl.col("open").is_not_null().cast(pl.Float64),
        Cause.LATE: _late() * worn(weights),
        Cause.NEGLECT: usual * weights.neglect * overruns,
        Cause.RIVAL: _unspoken_of("seen", weights) * usual_loss() * weights.rival * fades,
        Cause.DETRACTOR: _unspoken_of("gave", weights)
        * usual_loss()
        * weights.detractor
        * _halved(pl.col("gave"), weights.detractor_halves),
        Cause.DRIFT: usual * weights.drift * (1 - pl.col("ratio")).clip(0, 1),
        Cause.THINNING: _thinning(weights),
        Cause.EXPIRY: _expiry(present, weights),
        Cause.COVER: pl.when(pl.col("value_class").is_in(["A", "B"]))
        .then(pl.col("held_week"))
        .otherwise(0.0),
    }


def _unspoken_of(since: str, weights: Weights) -> pl.Expr:
    """What happened after the last conversation is news; of what was earlier was spoken then."""
    import polars as pl

    news = pl.col("tried").is_null() | (pl.col(since) < pl.col("tried"))
    return pl.when(news).then(1.0).otherwise(worn(weights))


def _halved(days: pl.Expr, halves: pl.Expr | float) -> pl.Expr:
    """One half for every ``halves`` of ``days``."""
    return (days.cast(float) / halves * -0.6931471805599453).exp()


def _late() -> pl.Expr:
    """What falls in a week, where the customer does not come by itself in that week."""
    import polars as pl

    fall = (pl.col("p_now") - pl.col("p_week")) * (1 - pl.col("buying_week"))
    late = pl.col("silent") > pl.col("late_after")
    return pl.when(late).then(pl.col("if_active") * fall).otherwise(0.0)


def _thinning(weights: Weights) -> pl.Expr:
    import polars as pl

    gap = pl.max_horizontal("usual", pl.lit(weights.thinning_least))
    beyond = (pl.col("group_silent") - pl.col("usual")).clip(0)
    still, in_a_week = _halved(beyond, gap), _halved(beyond + WEEK, gap)
    return pl.col("p_now") * pl.col("worth_all") * (still - in_a_week)


def _expiry(present: pl.Expr, weights: Weights) -> pl.Expr:
    """The chance arises evenly over the weeks left, so that the last ones are dearest."""
    import polars as pl

    left = pl.col("left").cast(pl.Float64) / WEEK
    near = (left <= weights.expiry_weeks) & (left >= -weights.expired_weeks)
    return pl.when(near).then(present * weights.expiry / left.clip(1)).otherwise(0.0)


def sentences() -> Mapping[Cause, pl.Expr]:
    """Template and values of each cause as text (JSON); only where the cause is one."""
    import polars as pl

    answered = pl.col("answered").fill_null(False)
    left, silence, allowed = pl.col("left"), pl.col("silence"), _days("allowed")
    return {
        Cause.COMPLAINT: _either(
            answered, _said(UNSOLVED, pl.col("open")), _said(UNANSWERED, pl.col("open"))
        ),
        Cause.LATE: _either(
            pl.col("gap_mean").is_null(),
            _said(QUIET, pl.col("silent")),
            _said(LATE, _days("gap_mean").alias("usual"), pl.col("silent")),
        ),
        Cause.NEGLECT: _either(
            pl.col("by_place"),
            _either(
                pl.col("never"),
                _said(NEVER_OF_PLACE, silence, allowed),
                _said(NEGLECT_OF_PLACE, silence, allowed),
            ),
            _either(
                pl.col("never"), _said(NEVER, silence, allowed), _said(NEGLECT, silence, allowed)
            ),
        ),
        Cause.RIVAL: _said(RIVAL, pl.col("seen")),
        Cause.DETRACTOR: _said(DETRACTED, pl.col("score"), pl.col("gave").alias("ago")),
        Cause.DRIFT: _said(
            DRIFT, pl.col("before").round(1), pl.col("since").round(1).alias("lately")
        ),
        Cause.THINNING: _said(
            THINNING,
            pl.col("product_group").cast(pl.String),
            pl.col("group_silent").alias("silent"),
            _days("usual"),
            pl.col("worth").round(2),
        ),
        Cause.EXPIRY: _either(
            left < 0, _said(ENDED, (-left).alias("ago")), _said(ENDING, left.alias("remaining"))
        ),
        Cause.COVER: _either(
            pl.col("others_silent").is_null(),
            _said(ALONE, pl.col("holder")),
            _said(UNCOVERED, pl.col("holder"), pl.col("others_silent").alias("others")),
        ),
    }


def _days(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name).round().cast(pl.Int64)


def _said(template: str, *values: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.struct(msgid=pl.lit(template), params=pl.struct(*values)).struct.json_encode()


def _either(condition: pl.Expr, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(condition).then(one).otherwise(other)
