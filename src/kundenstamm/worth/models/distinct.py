"""Equal histories once: what makes a fit of a million customers as cheap as of a hundred thousand.

Days are whole numbers, so a large base has few distinct histories, and far fewer distinct values
of ``x``, ``t_x`` and ``age``. Gamma functions and logarithms are computed once per distinct value
and looked up per history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats, History

Places = npt.NDArray[np.intp]
# The three numbers of a history must fit into one integer of 63 bits.
PACKED = 2.0**62


@dataclass(frozen=True)
class Axis:
    """The distinct values of one column, and each history's place among them."""

    values: Floats
    at: Places

    @classmethod
    def of(cls, column: Floats) -> Axis:
        """Values in ascending order; whole numbers by counting, others by sorting."""
        top = float(column.max(initial=0.0))
        if top < 4 * column.size + 100_000 and _whole(column):
            whole = column.astype(np.int64)
            there = np.bincount(whole, minlength=1) > 0
            place = np.cumsum(there) - 1
            return cls(np.flatnonzero(there).astype(np.float64), place[whole])
        values, at = np.unique(column, return_inverse=True)
        return cls(values, at.ravel())

    @property
    def column(self) -> Floats:
        """The column itself; shape ``(histories,)``."""
        return np.asarray(self.values[self.at])

    def sums(self, weight: Floats) -> Floats:
        """Sums of ``weight`` per distinct value; shape of ``values``."""
        return np.bincount(self.at, weight, minlength=self.values.size).astype(np.float64)

    def thinned(self, step: int) -> Axis:
        return Axis(self.values, self.at[::step])

    def divided(self, scale: float) -> Axis:
        return Axis(self.values / scale, self.at)


@dataclass(frozen=True)
class Distinct:
    """Distinct histories with the number of customers that share each."""

    x: Axis
    t_x: Axis
    age: Axis
    weight: Floats

    @classmethod
    def of(cls, history: History, weights: Floats | None = None) -> Distinct:
        """Compress ``history``; ``weights`` counts each row as so many customers."""
        rows, weight = _packed(history, weights) or _sorted(history, weights)
        kept = weight > 0
        x, t_x, age = (Axis.of(column[kept]) for column in (rows.x, rows.t_x, rows.age))
        return cls(x, t_x, age, weight[kept])

    @property
    def history(self) -> History:
        return History(self.x.column, self.t_x.column, self.age.column)

    @property
    def total(self) -> float:
        """How many customers there are in all."""
        return float(self.weight.sum())

    @property
    def repeats(self) -> float:
        """How many repeat occasions there are in all."""
        return inner(self.by_x(), self.x.values)

    def by_x(self) -> Floats:
        """Customers per distinct ``x``; shape of ``x.values``."""
        return self.x.sums(self.weight)

    def scaled(self, scale: float) -> Distinct:
        """The same in units of ``scale`` days."""
        return Distinct(self.x, self.t_x.divided(scale), self.age.divided(scale), self.weight)

    def thinned(self, step: int) -> Distinct:
        """Every ``step``-th history: a small base that resembles the whole."""
        x, t_x, age = (axis.thinned(step) for axis in (self.x, self.t_x, self.age))
        return Distinct(x, t_x, age, self.weight[::step])


def inner(one: Floats, other: Floats) -> float:
    """The sum of products, without the threads of a matrix library: long vectors, short work."""
    return float(np.einsum("i,i->", one, other))


def _whole(column: Floats) -> bool:
    return bool((column == np.floor(column)).all())


def _packed(history: History, weights: Floats | None) -> tuple[History, Floats] | None:
    """Each history as one integer, sorted; None where a number is no integer or too large."""
    columns = (history.x, history.t_x, history.age)
    if history.x.size == 0 or not all(_whole(column) for column in columns):
        return None
    widths = [float(column.max()) + 1 for column in columns]
    if widths[0] * widths[1] * widths[2] >= PACKED:
        return None
    _x, t_x, age = (int(width) for width in widths)
    key = (history.x.astype(np.int64) * t_x + history.t_x.astype(np.int64)) * age
    key += history.age.astype(np.int64)
    key, weight = _counted(key, weights)
    rest, ages = np.divmod(key, age)
    counts, last = np.divmod(rest, t_x)
    return History(*(column.astype(np.float64) for column in (counts, last, ages))), weight


def _counted(
    key: npt.NDArray[np.int64], weights: Floats | None
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Distinct keys and the weight of each."""
    if weights is None:
        key.sort()
        starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        return key[starts], np.diff(np.append(starts, key.size)).astype(np.float64)
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    return key[starts], np.add.reduceat(weights[order], starts)


def _sorted(history: History, weights: Floats | None) -> tuple[History, Floats]:
    """The same for any numbers, by sorting rows."""
    table = np.column_stack([history.x, history.t_x, history.age])
    rows, at = np.unique(table, axis=0, return_inverse=True)
    weight = np.bincount(at.ravel(), weights, minlength=rows.shape[0]).astype(np.float64)
    return History(rows[:, 0], rows[:, 1], rows[:, 2]), weight
