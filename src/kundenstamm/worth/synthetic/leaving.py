"""Companies one of whose representatives leaves, and in which it is known who would stay with whom.

Whether a customer stays for a year hangs, in log-odds, on how close the successor's trade is to
its own, whether they speak its language, whether they met before, and on how long nobody calls,
which grows with the successor's load and way. Attachment to who leaves and the successor's own
gift are hidden. None of it is the formula of `kundenstamm.worth.handover`: there it is a sum of
shares of the money at risk, here it is a curve, load counts by its square, and closeness of trades
is a distance between trades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kundenstamm.worth.handover.fit import Held, Successor
from kundenstamm.worth.models.base import Counts, Floats

TRADES = ("bakery", "butcher", "hotel", "canteen", "kiosk", "pharmacy")
REGIONS = ("north", "east", "south", "west")
LANGUAGES = ("de", "tr", "en")


@dataclass(frozen=True)
class LeavingCompany:
    """The customers of who leaves, the colleagues, and the truth.

    Attributes
    ----------
    value
        Expected contribution of a year of each customer, shape ``(n,)``.
    joined
        When each colleague came, in years from now back; shape ``(m,)``.
    load
        Minutes each colleague serves already, by what they can; shape ``(m,)``.
    work
        Minutes a colleague can serve in all, shape ``(m,)``.
    """

    customers: tuple[Held, ...]
    successors: tuple[Successor, ...]
    value: Floats
    joined: Floats
    load: Floats
    work: Floats
    _odds: Floats
    _ways: Floats

    @property
    def minutes(self) -> Floats:
        return np.array([each.minutes for each in self.customers])

    def kept(self, to: Counts) -> float:
        """Value that is expected to be kept for a year by an assignment, in money."""
        return float((self.value * self.stays(to)).sum())

    def stays(self, to: Counts) -> Floats:
        """Each customer's chance to be there after a year; shape ``(n,)``."""
        rows = np.arange(len(to))
        taken = np.bincount(to, weights=self.minutes, minlength=len(self.work))
        load = (self.load + taken / self.work)[to]
        weeks = 3 + 6 * np.maximum(load, 0) ** 2 + self._ways[rows, to] / 60
        odds = self._odds[rows, to] - 0.12 * weeks - 1.5 * np.maximum(load - 1, 0) ** 2
        found: Floats = 1 / (1 + np.exp(-odds))
        return found


def leaving_company(seed: int) -> LeavingCompany:
    """A departure: 60–140 customers, four to eight colleagues; equal seeds, equal companies."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(60, 141)), int(rng.integers(4, 9))
    trades = rng.choice(len(TRADES), n, p=rng.dirichlet(np.full(len(TRADES), 2.0)))
    regions = rng.choice(len(REGIONS), n, p=[0.55, 0.15, 0.15, 0.15])
    languages = rng.choice(len(LANGUAGES), n, p=[0.8, 0.12, 0.08])
    value = 4_000 * np.exp(rng.normal(0, 1.1, n))
    minutes = 30 * np.exp(0.3 * np.log(value / 4_000) + rng.normal(0, 0.4, n))
    home = _at_home(rng, m)
    met = rng.random((n, m)) < 0.1
    places, homes = _places(rng, regions), _places(rng, home.region)
    work = rng.uniform(0.8, 1.2, m) * minutes.sum()
    load = rng.uniform(0.45, 0.95, m)
    ways = np.hypot(*(places[:, None] - homes[None, :]).transpose(2, 0, 1))
    attached = rng.normal(0, 0.8, n)
    odds = (
        1.6 - attached[:, None] + 1.3 * home.close[:, trades].T
        + np.where(home.speaks[:, languages].T, 0.0, -1.1) + 0.9 * met + rng.normal(0, 0.25, m)
    )  # fmt: skip
    risk = value * rng.uniform(0.14, 0.20, n)
    customers = tuple(
        Held(
            f"c{at}", float(risk[at]), float(minutes[at]), TRADES[trades[at]],
            REGIONS[regions[at]], LANGUAGES[languages[at]], _degrees(places[at]), 6.0,
        )
        for at in range(n)
    )  # fmt: skip
    successors = tuple(_successor(at, home, met, load, work, homes) for at in range(m))
    joined = rng.permutation(np.linspace(0.3, 12, m))
    return LeavingCompany(customers, successors, value, joined, load, work, odds, ways)


@dataclass(frozen=True)
class _Home:
    share: Floats
    close: Floats
    region: Counts
    speaks: np.ndarray


def _at_home(rng: np.random.Generator, colleagues: int) -> _Home:
    """Shares of trades in each colleague's portfolio, and how close each trade is to it."""
    share = rng.dirichlet(np.full(len(TRADES), 0.5), colleagues)
    spots = rng.normal(size=(len(TRADES), 2))
    apart = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    close = (share[:, :, None] * np.exp(-apart)[None]).sum(axis=1)
    speaks = rng.random((colleagues, len(LANGUAGES))) < np.array([1.0, 0.3, 0.5])
    return _Home(share, close, rng.integers(0, len(REGIONS), colleagues), speaks)


def _successor(
    at: int, home: _Home, met: np.ndarray, load: Floats, work: Floats, homes: Floats
) -> Successor:
    """What the company sees: portfolio, region, languages, who was met, free time."""
    top = home.share[at].max()
    return Successor(
        f"s{at}",
        capacity=float(work[at] * max(1 - load[at], 0.02)),
        trades={name: float(part / top) for name, part in zip(TRADES, home.share[at], strict=True)},
        regions={REGIONS[home.region[at]]: 1.0},
        languages=frozenset(
            name for name, yes in zip(LANGUAGES, home.speaks[at], strict=True) if yes
        ),
        known={f"c{customer}": 1.0 for customer in np.flatnonzero(met[:, at])},
        place=_degrees(homes[at]),
    )


def _places(rng: np.random.Generator, regions: Counts) -> Floats:
    """Kilometres east and north, in a quarter for each region; shape ``(n, 2)``."""
    corners = np.array([[0.0, 150.0], [150.0, 0.0], [0.0, -150.0], [-150.0, 0.0]])
    found: Floats = corners[regions] + rng.normal(0, 45, (len(regions), 2))
    return found


def _degrees(place: Floats) -> tuple[float, float]:
    """Kilometres around 51° north, 10° east as degrees."""
    return 51.0 + float(place[1]) / 111.2, 10.0 + float(place[0]) / 70.0
