"""A year of calls in an invented world: what is seen, who is called, what it brings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kundenstamm.worth.synthetic import attachment
from kundenstamm.worth.synthetic.attachment import Floats, Happened

HISTORY, YEAR = 730, 365
CALL, COMPLAINT = 15, 20
NEVER = -10_000.0
# What the company hears of a rival's visit: at once, or in the next conversation.
SEEN, TOLD, TOLD_WITHIN = 0.35, 0.5, 60


@dataclass
class Books:
    """What the software sees, kept up day by day; shapes ``(customers,)``, days as numbers."""

    first: Floats
    last: Floats
    previous: Floats
    third: Floats
    purchases: Floats
    gaps: Floats
    gaps_squared: Floats
    gaps_log: Floats
    brought: Floats
    brought_squared: Floats
    year: Floats
    spoken: Floats
    phoned: Floats
    complaint_since: Floats
    rival_seen: Floats
    conversations: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def empty(cls, customers: int) -> Books:
        dated = {"first", "last", "previous", "third", "spoken", "phoned", "complaint_since",
                 "rival_seen"}  # fmt: skip
        names = [name for name in cls.__dataclass_fields__ if name != "conversations"]
        columns = {n: np.full(customers, NEVER if n in dated else 0.0) for n in names}
        return cls(conversations=[], **columns)

    def enter(self, day: int, happened: Happened, rng: np.random.Generator) -> None:
        buyers = np.nonzero(happened.bought)[0]
        self._purchases(day, buyers, happened.brought[buyers])
        self.complaint_since[happened.answered] = NEVER
        self.complaint_since[happened.complained] = day
        self.rival_seen[happened.rival & (rng.random(self.first.size) < SEEN)] = day
        for customer in np.nonzero(happened.called)[0].tolist():
            self.talked(day, customer)

    def talked(self, day: int, customer: int) -> None:
        self.spoken[customer] = day
        self.conversations.append((day, customer))

    def _purchases(self, day: int, who: np.ndarray, brought: Floats) -> None:
        again = who[self.purchases[who] > 0]
        gap = day - self.last[again]
        self.gaps[again] += gap
        self.gaps_squared[again] += gap**2
        self.gaps_log[again] += np.log(gap)
        self.previous[again] = self.last[again]
        self.first[who] = np.where(self.purchases[who] == 0, day, self.first[who])
        self.last[who] = day
        self.purchases[who] += 1
        self.third[who] = np.where(self.purchases[who] == 3, day, self.third[who])
        self.brought[who] += brought
        self.brought_squared[who] += brought**2
        # A running sum with the memory of a year.
        self.year[who] += brought


# From the day, the company and the minutes: whom to call, in this order.
Way = Callable[[int, "Company"], Sequence[int]]


class Company:
    """One drawn company; equal seeds give the same past and the same luck.

    ``world``: `attachment` or `hazards`, a module with ``natures``, ``State``, ``step``, ``expect``
    and ``talk``.
    """

    def __init__(
        self, seed: int, customers: int = 400, minutes: int = 45, world: Any = attachment
    ) -> None:
        self.seed, self.minutes, self.world = seed, minutes, world
        made = np.random.default_rng([seed, 1])
        self.nature = world.natures(customers, HISTORY, made)
        self.state = world.State.at_first(self.nature, made)
        self.books = Books.empty(customers)
        self.price_days = {int(made.integers(-HISTORY, -YEAR)), int(made.integers(-YEAR, 0)),
                           int(made.integers(30, 330)), int(made.integers(395, 700))}  # fmt: skip
        self.rng = np.random.default_rng([seed, 2])
        # Each day's luck is drawn for all, so that it does not depend on who is called.
        self.luck = np.random.default_rng([seed, 4])
        self.today = self._luck()
        self.hidden_rivals = np.full(customers, NEVER)
        self._past()

    def _past(self) -> None:
        """Two years in which the company called whomever it thought of, half as often."""
        habits = np.random.default_rng([self.seed, 3])
        for day in range(-HISTORY, 0):
            here = np.nonzero(self.nature.starts <= day)[0]
            if working(day):
                for customer in habits.choice(
                    here, self.minutes // CALL // 2 + day % 2, replace=False
                ):
                    self.call(day, int(customer))
            self.pass_day(day)

    def pass_day(self, day: int) -> float:
        """What the day brought."""
        started = self.nature.starts <= day
        kept = self.state.copy()
        happened = self.world.step(
            self.nature, self.state, 1.0, float(day in self.price_days), self.rng
        )
        if not started.all():
            for name, value in vars(self.state).items():
                value[~started] = vars(kept)[name][~started]
            happened = Happened(**{n: v * started for n, v in vars(happened).items()})
        self.hidden_rivals[happened.rival] = day
        self.books.year *= 1 - 1 / YEAR
        self.books.enter(day, happened, self.rng)
        self.today = self._luck()
        return float(happened.brought.sum())

    def _luck(self) -> tuple[Floats, Floats, Floats]:
        n = self.nature.starts.size
        well = np.clip(self.luck.normal(1.0, 0.3, n), 0.0, None)
        return well, self.luck.random(n), self.luck.random(n)

    def call(self, day: int, customer: int) -> int:
        """Minutes it took."""
        had_complaint = bool(self.state.complaint[customer])
        well, back, told = (drawn[[customer]] for drawn in self.today)
        was_gone_before = bool(self.state.gone[customer])
        self.world.talk(self.nature, self.state, [customer], well, back)
        self.books.phoned[customer] = day
        self.books.complaint_since[customer] = NEVER
        if not (was_gone_before and self.state.gone[customer]):
            self.books.talked(day, customer)
            if day - self.hidden_rivals[customer] < TOLD_WITHIN and told[0] < TOLD:
                self.books.rival_seen[customer] = self.hidden_rivals[customer]
        return COMPLAINT if had_complaint else CALL

    def play(self, way: Way | None) -> tuple[float, float]:
        """Contribution of the year with ``way``, and of the year after it without any call."""
        sums = [0.0, 0.0]
        for day in range(2 * YEAR):
            if way is not None and day < YEAR and working(day):
                left = self.minutes
                for customer in way(day, self):
                    takes = COMPLAINT if self.state.complaint[customer] else CALL
                    if takes > left:
                        break
                    left -= self.call(day, customer)
            sums[day // YEAR] += self.pass_day(day)
        return sums[0], sums[1]


def working(day: int) -> bool:
    return day % 7 < 5
