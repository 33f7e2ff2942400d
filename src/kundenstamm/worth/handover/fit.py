"""How well a colleague fits a customer, and what that is worth in money.

When a representative leaves, the customers' purchases fall by 13–18 % a year; up to two fifths of
that could be avoided by the choice of the successor, and who comes from a similar trade loses
least (Shi, Sridhar, Grewal & Lilien 2017). So fit lowers a loss; it never adds to what is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kundenstamm.worth.models.base import Floats

EARTH_KM = 6371.0
Place = tuple[float, float]


@dataclass(frozen=True)
class Weights:
    """What part of the avoidable loss each kind of fit avoids, and what a kilometre costs.

    Attributes
    ----------
    avoidable
        Part of the loss that a perfect successor avoids.
    trade, contact, language, region
        Shares of that; they are divided by their sum.
    per_km
        Money for a kilometre between a customer and who serves it, by visit there and back. As the
        crow flies: that roads are longer is in the price.
    """

    avoidable: float = 0.4
    trade: float = 4.0
    contact: float = 3.0
    language: float = 2.0
    region: float = 1.0
    per_km: float = 0.5


@dataclass(frozen=True)
class Held:
    """A customer to be handed over.

    Attributes
    ----------
    at_risk
        Money expected to go within a year if whoever holds it leaves and nobody fits.
    minutes
        What serving it takes, in the unit of the colleagues' capacity; above nil.
    language
        Empty: any does.
    place
        Latitude and longitude in degrees, if they are known.
    visits
        Ways to it in a year.
    """

    name: str
    at_risk: float
    minutes: float = 1.0
    trade: str = ""
    region: str = ""
    language: str = ""
    place: Place | None = None
    visits: float = 0.0


@dataclass(frozen=True)
class Successor:
    """A colleague who could take customers over.

    Attributes
    ----------
    capacity
        What can be taken over, in the unit of the customers' minutes.
    trades, regions
        How much at home there, from nil to one.
    known
        Customers met before, from nil to one.
    """

    name: str
    capacity: float
    trades: Mapping[str, float] = field(default_factory=dict)
    regions: Mapping[str, float] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    known: Mapping[str, float] = field(default_factory=dict)
    place: Place | None = None


def gains(
    customers: Sequence[Held], successors: Sequence[Successor], weights: Weights = Weights()
) -> npt.NDArray[np.float32]:
    """Money a year that each successor would save of each customer, less what the ways cost.

    Returns
    -------
    numpy.ndarray
        Shape ``(customers, successors)``; below nil where the way costs more than is saved.
    """
    fit = fits(customers, successors, weights)
    at_risk = np.array([each.at_risk for each in customers], dtype=np.float32)
    saved = at_risk[:, None] * np.float32(weights.avoidable) * fit
    return saved - ways(customers, successors, weights.per_km)


def fits(
    customers: Sequence[Held], successors: Sequence[Successor], weights: Weights = Weights()
) -> npt.NDArray[np.float32]:
    """The weighted fit of each pair, from nil to one; shape ``(customers, successors)``."""
    parts = (weights.trade, weights.contact, weights.language, weights.region)
    trade, contact, language, region = (part / sum(parts) for part in parts)
    found = _looked_up([c.trade for c in customers], [s.trades for s in successors], trade)
    found += _looked_up([c.region for c in customers], [s.regions for s in successors], region)
    spoken = [dict.fromkeys({*s.languages, ""}, 1.0) for s in successors]
    found += _looked_up([c.language for c in customers], spoken, language)
    places = {each.name: at for at, each in enumerate(customers)}
    for column, each in enumerate(successors):
        for name, met in each.known.items():
            if name in places:
                found[places[name], column] += contact * met
    return found


def _looked_up(
    values: Sequence[str], tables: Sequence[Mapping[str, float]], weight: float
) -> npt.NDArray[np.float32]:
    """Each customer's value in each successor's table; one look-up for each different value."""
    rows = {value: row for row, value in enumerate(dict.fromkeys(values))}
    small = [[weight * table.get(value, 0.0) for table in tables] for value in rows]
    found = np.array(small, dtype=np.float32).reshape(len(rows), len(tables))
    return found[[rows[value] for value in values]]


def ways(
    customers: Sequence[Held], successors: Sequence[Successor], per_km: float = Weights.per_km
) -> npt.NDArray[np.float32]:
    """What the ways of a year cost.

    A place that is not known is no advantage and no disadvantage: a customer without one costs
    nothing with anybody, a successor without one costs what the others do on average.
    """
    if not per_km or not any(each.place for each in successors):
        return np.zeros((len(customers), len(successors)), dtype=np.float32)
    theirs = _directions([each.place for each in customers])
    trips = np.array([2 * per_km * EARTH_KM * each.visits for each in customers])
    cost = np.zeros((len(customers), len(successors)), dtype=np.float32)
    placed = [column for column, each in enumerate(successors) if each.place is not None]
    for column in placed:
        apart = np.arccos(np.clip(theirs @ _directions([successors[column].place])[0], -1.0, 1.0))
        cost[:, column] = np.nan_to_num(trips * apart)
    elsewhere = [column for column in range(len(successors)) if column not in set(placed)]
    cost[:, elsewhere] = cost[:, placed].mean(axis=1, keepdims=True)
    return cost


def _directions(places: Sequence[Place | None]) -> Floats:
    """Unit vectors from the middle of the earth: the angle between two is their great circle."""
    lat, lon = np.radians(np.array([place or (np.nan, np.nan) for place in places], dtype=float)).T
    found: Floats = np.stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1
    )
    return found
