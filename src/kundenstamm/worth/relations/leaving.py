"""What is lost when somebody leaves, how likely that is, and what a second introduction saves.

When a representative leaves, sales of his customers fall by 13.2 to 17.6 % a year, and up to 40 %
of that loss was avoidable (Shi, Sridhar, Grewal & Lilien 2017, "Sales representative departures and
customer reassignment strategies in business-to-business markets", Journal of Marketing 81). The
rates were observed on customers whom one representative served; here they are applied to what hangs
on the person, so that who is held by half, or covered by half, counts by half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kundenstamm.worth.relations.bonds import COVERS_FROM, COVERS_FULLY

if TYPE_CHECKING:
    import polars as pl

# A number, or a column of them.
Amount = TypeVar("Amount", float, "pl.Expr")
LOSS = (0.132, 0.176)
AVOIDABLE = 0.4
# Who has no departures on record yet is taken to lose one in ten of its people a year; an
# assumption, and one that weighs as much as ten years of one person's work.
USUALLY_LEAVE, WEIGHS = 0.1, 10.0
WEEKS = 365 / 7


@dataclass(frozen=True)
class AtRisk:
    """Money a year: what is likely to be lost, from one rate to the other, and avoidable of it."""

    low: float
    high: float
    avoidable: float


def at_risk(hanging: float, rates: tuple[float, float] = LOSS) -> AtRisk:
    """Value at risk when the colleague leaves on whom ``hanging`` (money a year) hangs.

    Parameters
    ----------
    rates
        Lowest and highest share of it that is lost in the first year.

    Returns
    -------
    AtRisk
        ``avoidable``: at most; of the higher loss, by a good successor and joint visits.

    Raises
    ------
    ValueError
        The rates are not in order, or not shares.

    Examples
    --------
    >>> at_risk(100_000)
    AtRisk(low=13200.0, high=17600.0, avoidable=7040.0)
    """
    low, high = rates
    if not 0 <= low <= high <= 1:
        raise ValueError(f"The loss rates {low} and {high} are not two shares in order.")
    return AtRisk(low * hanging, high * hanging, AVOIDABLE * high * hanging)


def leaving_rate(left: int, person_years: float) -> float:
    """Chance a year that a colleague leaves: what was seen, drawn towards one in ten.

    Parameters
    ----------
    left
        People who left.
    person_years
        Years that all of them together have worked so far.

    Notes
    -----
    The mean of a gamma distribution (shape ``USUALLY_LEAVE * WEIGHS``, rate ``WEIGHS``) after a
    Poisson number of departures.

    Examples
    --------
    >>> leaving_rate(0, 0), round(leaving_rate(1, 25), 3)
    (0.1, 0.057)
    """
    if left < 0 or person_years < 0:
        raise ValueError("Departures and years of work are counted from nil up.")
    return (left + USUALLY_LEAVE * WEIGHS) / (person_years + WEIGHS)


def after_joint_visit(strength: float) -> float:
    """Cover by a colleague after one more conversation, 0–1; ``strength``: of it before."""
    return covered_by(strength + 1.0)


def covered_by(strength: float) -> float:
    """`kundenstamm.worth.relations.bonds.covering` of one number."""
    return min(max((strength - COVERS_FROM) / (COVERS_FULLY - COVERS_FROM), 0.0), 1.0)


def introduction(hanging: float, leaving: float) -> float:
    """What another week without a second introduction costs, money.

    Parameters
    ----------
    hanging
        On the holder at this customer, money a year.
    leaving
        Chance a year that the holder leaves, see `leaving_rate`.
    """
    return weekly_loss(hanging, leaving) * FIRST_VISIT


def weekly_loss(hanging: Amount, leaving: Amount) -> Amount:
    """Money that a week is expected to take because the holder may leave in it; also of columns."""
    return leaving / WEEKS * (LOSS[0] + LOSS[1]) / 2 * hanging


# What the first joint visit covers where nobody else has spoken with the customer.
FIRST_VISIT = covered_by(1.0)
