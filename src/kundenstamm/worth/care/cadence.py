"""How long a customer may go without a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kundenstamm.worth.models.base import Floats

if TYPE_CHECKING:
    import numpy.typing as npt
    import polars as pl


class ValueClass(StrEnum):
    A = "A"
    B = "B"
    C = "C"


class CadenceError(ValueError):
    """A cadence that cannot be; the message names the mend."""


@dataclass(frozen=True)
class Cadence:
    """What the company holds to be enough; all of it is a decision, none of it was measured.

    Attributes
    ----------
    a, b
        Shares of all that is expected: the best customers that bring ``a`` of it are class A, those
        that bring the next ``b`` class B.
    days_a, days_b, days_c
        Allowed silence of each class, days.
    of_gap
        Share of the customer's own mean gap between purchases that it may be silent.
    at_least
        Nobody is called more often than this, days: a kiosk that orders daily need not be.
    """

    a: float = 0.7
    b: float = 0.25
    days_a: float = 45.0
    days_b: float = 75.0
    days_c: float = 150.0
    of_gap: float = 1.0
    at_least: float = 14.0

    def __post_init__(self) -> None:
        if self.a < 0 or self.b < 0 or self.a + self.b > 1:
            raise CadenceError("Shares of A and B lie between nil and one, and so does their sum.")
        if min(self.days_a, self.days_b, self.days_c, self.of_gap, self.at_least) <= 0:
            raise CadenceError("Allowed silences and the share of the own gap are above nil.")


@dataclass(frozen=True)
class Bounds:
    """The least that is expected of a customer of class A, and of one of class B (money).

    Infinite where nobody is of that class. They hang on the whole base; a few customers of the same
    valuation are classed by them alone.
    """

    least_a: float
    least_b: float

    @classmethod
    def of(cls, expected: npt.ArrayLike, cadence: Cadence | None = None) -> Bounds:
        """Those of a base; ``expected`` as `value_classes` takes it, of everybody."""
        import numpy as np

        cadence = cadence or Cadence()
        money = _money(expected)
        brought = np.sort(money[money > 0])
        total = brought.sum()
        if total <= 0:
            return cls(np.inf, np.inf)
        above = total - np.concatenate([[0.0], np.cumsum(brought)])
        better = above[np.searchsorted(brought, brought, side="right")] / total
        # A sum of shares ends in digits that mean nothing.
        edge = 1 - 1e-9
        return cls(
            *(
                float(np.min(brought[better < share * edge], initial=np.inf))
                for share in (cadence.a, cadence.a + cadence.b)
            )
        )


def value_classes(
    expected: npt.ArrayLike, cadence: Cadence | None = None, bounds: Bounds | None = None
) -> npt.NDArray:  # type: ignore[type-arg]
    """The class of each customer by what is expected of it.

    Parameters
    ----------
    expected
        Contribution of the next twelve months, money; shape ``(customers,)``. Nobody of whom
        nothing or a loss is expected is more than C.
    bounds
        Of the whole base, where these customers are a part of it.

    Returns
    -------
    numpy.ndarray
        ``"A"``, ``"B"`` or ``"C"``. Customers of equal expectation share a class: it is decided
        by what those above them bring, so neither order nor currency matters.
    """
    import numpy as np

    money = _money(expected)
    bounds = bounds or Bounds.of(money, cadence)
    return np.select(
        [money >= bounds.least_a, money >= bounds.least_b],
        [ValueClass.A.value, ValueClass.B.value],
        ValueClass.C.value,
    )


def _money(expected: npt.ArrayLike) -> Floats:
    import numpy as np

    return np.nan_to_num(np.asarray(expected, dtype=np.float64), nan=0.0)


def allowed_silence(
    expected: npt.ArrayLike,
    gap_mean: npt.ArrayLike,
    cadence: Cadence | None = None,
    bounds: Bounds | None = None,
    of_place: npt.ArrayLike | None = None,
) -> Floats:
    """Days that may pass between two conversations; shape ``(customers,)``.

    The smaller of the cadence of the value class, or of the place in the chain where it has one
    (``of_place``, NaN: it has none), and ``of_gap`` of the own mean gap (NaN: bought
    once, no gap of its own), but not below ``at_least``.
    """
    import numpy as np

    cadence = cadence or Cadence()
    classes = value_classes(expected, cadence, bounds)
    days = {ValueClass.A: cadence.days_a, ValueClass.B: cadence.days_b}
    of_class = np.select([classes == c.value for c in days], list(days.values()), cadence.days_c)
    if of_place is not None:
        placed = np.asarray(of_place, dtype=np.float64)
        of_class = np.where(np.isnan(placed), of_class, placed)
    own = cadence.of_gap * np.asarray(gap_mean, dtype=np.float64)
    return np.asarray(np.maximum(np.fmin(of_class, own), cadence.at_least))


def with_cadence(
    customers: pl.DataFrame, cadence: Cadence | None = None, bounds: Bounds | None = None
) -> pl.DataFrame:
    """``customers`` (`kundenstamm.worth.care.known.CUSTOMERS`) with ``value_class``, ``allowed``
    (days) and ``by_place``: its place in the chain decides how many, not its class nor rhythm."""
    import numpy as np
    import polars as pl

    expected = expectations(customers)
    gaps = customers["gap_mean"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    placed = _placed(customers)
    allowed = allowed_silence(expected, gaps, cadence, bounds, placed)
    return customers.with_columns(
        value_class=pl.Series(value_classes(expected, cadence, bounds)),
        allowed=pl.Series(allowed),
        by_place=pl.Series(allowed == placed),
    )


def _placed(customers: pl.DataFrame) -> Floats:
    """What each one's place in the chain allows, days; NaN where nobody has said."""
    import numpy as np
    import polars as pl

    if "place_days" not in customers.columns:
        return np.full(customers.height, np.nan)
    days = customers["place_days"].cast(pl.Float64)
    return np.asarray(days.fill_null(np.nan).to_numpy(), dtype=np.float64)


def expectations(customers: pl.DataFrame) -> Floats:
    """What is expected of each of ``customers``, money; nil where nothing is known."""
    import polars as pl

    return customers["expected_contribution"].cast(pl.Float64).fill_null(0.0).to_numpy()
