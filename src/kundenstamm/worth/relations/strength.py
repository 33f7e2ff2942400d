"""How strongly a colleague and a customer are bound: conversations, the fresher the more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kundenstamm.worth.care.known import ID, checked
from kundenstamm.worth.tables import Column

if TYPE_CHECKING:
    import polars as pl

# After so many days a conversation counts by half: an assumption.
HALF_LIFE = 180.0

COLLEAGUE = Column("colleague_id", ("string", "integer"), "who spoke for us")
# One row per two-way interaction.
CONVERSATIONS: Sequence[Column] = (
    ID,
    COLLEAGUE,
    Column("contact_id", ("string", "integer"), "with whom at the customer; null: not noted"),
    Column("day", ("date",), "when"),
)
CORRECTIONS: Sequence[Column] = (
    ID,
    COLLEAGUE,
    Column("day", ("date",), "when somebody said so"),
    Column("says", ("string",), "one of HOLDS, KNOWS, LEFT"),
)
# What somebody may say against the record.
HOLDS, KNOWS, LEFT = "holds", "knows", "left"
# Who is said to know a customer counts like so many conversations on the day on which it was said;
# who is said to hold it, by this factor more than that, and than anybody else had on record then.
SAID = 2.0
AHEAD = 1.5


def strengths(
    conversations: pl.DataFrame, as_of: date, corrections: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Strength of every colleague at every customer.

    Parameters
    ----------
    conversations
        `CONVERSATIONS`; those after ``as_of`` are left out. Of one day, a colleague's conversations
        with a customer count once: five mails are one exchange.
    corrections
        `CORRECTIONS`; of the same colleague and customer the newest counts.

    Returns
    -------
    polars.DataFrame
        One row per customer and colleague: ``customer_id``, ``colleague_id``, ``strength`` (sum of
        ``2 ** (-age / HALF_LIFE)`` over days, in fresh conversations), ``share`` (of the customer's
        strength, sums to one), ``days`` (with a conversation, however long ago), ``last_day`` (null
        where only a correction speaks).

    Raises
    ------
    TableError
        A column is missing or has the wrong type.
    """
    import polars as pl

    days = _days(conversations, ["customer_id", "colleague_id"], as_of)
    said = _newest(corrections, days, as_of)
    days = _still_counting(days, said)
    recorded = _summed(days, ["customer_id", "colleague_id"])
    if said.height:
        recorded = _as_said(recorded, days, said, as_of)
    whole = pl.col("strength").sum().over("customer_id")
    share = pl.when(whole > 0).then(pl.col("strength") / whole).otherwise(0.0)
    return recorded.with_columns(share=share).sort("customer_id", "colleague_id")


def ties(conversations: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The same per person at the customer; ``contact_id`` is null where nobody was noted.

    Returns
    -------
    polars.DataFrame
        ``customer_id``, ``contact_id``, ``colleague_id``, ``strength``, ``days``, ``last_day``.
    """
    key = ["customer_id", "contact_id", "colleague_id"]
    return _summed(_days(conversations, key, as_of), key).sort(key)


def _days(conversations: pl.DataFrame, key: list[str], as_of: date) -> pl.DataFrame:
    """Each day once, with what it counts now."""
    import polars as pl

    told = checked(conversations, CONVERSATIONS).filter(pl.col("day") <= as_of)
    return told.select(*key, "day").unique().with_columns(weight=_weight(as_of))


def _weight(as_of: date, day: str = "day") -> pl.Expr:
    import polars as pl

    age = (pl.lit(as_of) - pl.col(day)).dt.total_days().cast(pl.Float64)
    return (age / HALF_LIFE * -0.6931471805599453).exp()


def _summed(days: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    import polars as pl

    # In the order of days, so that the same rows give the same last digit.
    return days.sort(*key, "day").group_by(key, maintain_order=True).agg(
        strength=pl.col("weight").sum(), days=pl.len().cast(pl.Int64), last_day=pl.col("day").max()
    )  # fmt: skip


def _newest(corrections: pl.DataFrame | None, days: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer and colleague; none at all where nobody has said anything."""
    import polars as pl

    key = ["customer_id", "colleague_id"]
    if corrections is None or corrections.is_empty():
        return days.select(key).clear().with_columns(
            said_on=pl.lit(None, pl.Date), says=pl.lit(None, pl.String)
        )  # fmt: skip
    told = checked(corrections, CORRECTIONS).filter(pl.col("day") <= as_of)
    told = told.with_columns(pl.col(name).cast(days.schema[name]) for name in key)
    ordered = told.sort("day", maintain_order=True)
    newest = ordered.group_by(key, maintain_order=True).agg(
        said_on=pl.col("day").last(), says=pl.col("says").last()
    )
    # Of two who are said to hold a customer, the later one does; the other knows it.
    holds = pl.col("says") == HOLDS
    last = pl.col("said_on").filter(holds).max().over("customer_id")
    outdone = holds & (pl.col("said_on") < last)
    return newest.with_columns(says=pl.when(outdone).then(pl.lit(KNOWS)).otherwise("says"))


def _still_counting(days: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Without what was before somebody said that this colleague knows the customer no more."""
    import polars as pl

    left = said.filter(pl.col("says") == LEFT)
    if left.is_empty():
        return days
    key = ["customer_id", "colleague_id"]
    joined = days.join(left, on=key, how="left")
    later = pl.col("said_on").is_null() | (pl.col("day") > pl.col("said_on"))
    return joined.filter(later).drop("said_on", "says")


def _as_said(
    recorded: pl.DataFrame, days: pl.DataFrame, said: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Strengths raised to what was said; it wears off as conversations do."""
    import polars as pl

    key = ["customer_id", "colleague_id"]
    knows = said.filter(pl.col("says") != LEFT).with_columns(weight=_weight(as_of, "said_on"))
    least = (
        knows.join(_strongest_other(knows, days), on=key, how="left")
        .with_columns(known=SAID * pl.col("weight"), ahead=AHEAD * pl.col("was").fill_null(0.0))
        .select(
            *key,
            least=pl.when(pl.col("says") == HOLDS)
            .then(pl.max_horizontal(AHEAD * pl.col("known"), "ahead"))
            .otherwise("known"),
        )
    )
    joined = recorded.join(least, on=key, how="full", coalesce=True)
    return joined.with_columns(
        strength=pl.max_horizontal(pl.col("strength", "least").fill_null(0.0)),
        days=pl.col("days").fill_null(0),
    ).drop("least")


def _strongest_other(said: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """Of anybody else, what was on record on the day on which it was said, as it counts now."""
    import polars as pl

    key = ["customer_id", "colleague_id"]
    others = said.select(*key, "said_on").join(days, on="customer_id", suffix="_of")
    others = others.filter(
        pl.col("colleague_id") != pl.col("colleague_id_of"), pl.col("day") <= pl.col("said_on")
    )
    summed = others.group_by([*key, "colleague_id_of"]).agg(was=pl.col("weight").sum())
    return summed.group_by(key).agg(pl.col("was").max())
