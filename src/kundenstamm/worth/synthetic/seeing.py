"""Whom to call knowing how the world works, but of each customer no more than a company can see.

Between `knowing.Knowing` and a list stands what nobody can know: how attached a customer is, whom a
call helps. This way knows all laws and all numbers of the world, how often each customer buys while
it is well, and for how much; of everything else only what purchases, conversations, complaints and
sightings tell. From these it draws what each customer may be like (a particle filter: Gordon,
Salmond & Smith 1993, "Novel approach to nonlinear/non-Gaussian Bayesian state estimation"), and
then chooses as `knowing.Knowing` does. What it keeps is about the most that any list could.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kundenstamm.worth.synthetic import attachment, hazards
from kundenstamm.worth.synthetic.attachment import Flags, Floats
from kundenstamm.worth.synthetic.caring import CALL, COMPLAINT, HISTORY, YEAR, Company
from kundenstamm.worth.synthetic.knowing import CLOSELY, FIRST, LATER, THEN, WEEK

# What is taken as known of each customer beside the books.
KNOWN = {
    attachment: ("starts", "gap", "shape", "size", "spread", "complains", "calls"),
    hazards: ("starts", "rate", "season", "peak", "size", "spread", "complains", "calls",
              "campaigns"),
}  # fmt: skip
# Log-likelihood of what cannot be: small and finite, so that some particle is always left.
NEARLY_NEVER = -30.0


@dataclass
class Day:
    """What was seen on a day: whom we called, and whether it was reached; who bought, called, had
    a complaint open, and where a rival was seen."""

    calls: list[tuple[int, bool]] = field(default_factory=list)
    bought: Flags = field(default_factory=lambda: np.zeros(0, bool))
    called: Flags = field(default_factory=lambda: np.zeros(0, bool))
    complaint: Flags = field(default_factory=lambda: np.zeros(0, bool))
    rival: Flags = field(default_factory=lambda: np.zeros(0, bool))


class Watched(Company):
    """A company that writes down what is seen each day."""

    def __init__(self, *given: Any, **named: Any) -> None:
        self.days: dict[int, Day] = {}
        super().__init__(*given, **named)

    def call(self, day: int, customer: int) -> int:
        before = len(self.books.conversations)
        takes = super().call(day, customer)
        reached = len(self.books.conversations) > before
        self.days.setdefault(day, Day()).calls.append((customer, reached))
        return takes

    def pass_day(self, day: int) -> float:
        seen, books = self.days.setdefault(day, Day()), self.books
        held, purchases = len(books.conversations), books.purchases.copy()
        rivals = books.rival_seen.copy()
        brought = super().pass_day(day)
        seen.bought = books.purchases > purchases
        seen.called = np.zeros(purchases.size, bool)
        seen.called[[who for _day, who in books.conversations[held:]]] = True
        seen.complaint, seen.rival = self.state.complaint.copy(), books.rival_seen > rivals
        return brought


class Seeing:
    """A way for `Watched` companies; ``particles`` a customer."""

    def __init__(self, particles: int = 80, again: int = 7) -> None:
        self.particles, self.again = particles, again
        self.believed: Believed | None = None
        self.adds: Floats | None = None

    def __call__(self, day: int, company: Any) -> Sequence[int]:
        if self.believed is None:
            self.believed = Believed(company, self.particles)
        self.believed.learn(company, day)
        if self.adds is None or day % WEEK in (0, 3):
            self.adds = _adds(self.believed, day, company)
        free = company.books.phoned < day - self.again
        ordered = np.argsort(-np.where(free, self.adds, -np.inf))[: company.minutes // CALL + 1]
        return [int(n) for n in ordered if free[n] and self.adds[n] > 0]


def _adds(believed: Believed, day: int, company: Company) -> Floats:
    """As `knowing.Knowing` has it, over what is believed."""
    who = np.nonzero(company.books.purchases > 0)[0]
    adds = np.full(company.nature.starts.size, -np.inf)
    adds[who] = _of(believed, who, FIRST, day, company)
    closely = np.argsort(-adds)[:CLOSELY]
    more = _of(believed, closely, THEN, day, company)
    adds[closely] = (adds[closely] * FIRST + more * THEN) / (FIRST + THEN)
    return adds


def _of(believed: Believed, who: Any, times: int, day: int, company: Company) -> Floats:
    from kundenstamm.worth.synthetic.futures import added

    nature, state = believed.drawn(who, times)
    adds = added(believed.world, nature, state, 1, (day, YEAR, 2 * YEAR), LATER)
    takes = np.where(company.state.complaint[who], COMPLAINT, CALL)
    return np.asarray(adds.reshape(times, who.size).mean(axis=0) / takes)


class Believed:
    """What each customer may be like, and how things may stand: particle after particle, each of
    them of all customers, one long row."""

    def __init__(self, company: Company, particles: int) -> None:
        self.world = attachment if company.world is attachment else hazards
        self.customers, self.particles = company.nature.starts.size, particles
        self.rng = np.random.default_rng([company.seed, 77])
        drawn = self.world.natures(self.customers * particles, HISTORY, self.rng)
        for name in KNOWN[self.world]:
            told = getattr(company.nature, name)
            vars(drawn)[name] = np.tile(told, (particles,) + (1,) * (told.ndim - 1))
        self.nature, self.state = drawn, self.world.State.at_first(drawn, self.rng)
        self.likely = np.zeros(self.customers * particles)
        # Days of full heart since the last purchase; not a number before the first.
        self.since = np.full(self.likely.size, np.nan)
        self.day = -HISTORY

    def learn(self, company: Watched, day: int) -> None:
        """All that was seen up to the day before ``day``."""
        while self.day < day:
            seen = company.days[self.day]
            for customer, reached in seen.calls:
                self._talk(customer, reached)
            self._pass(seen, float(self.day in company.price_days))
            self._draw_again()
            self.day += 1

    def drawn(self, who: Any, times: int) -> tuple[Any, Any]:
        """Natures and states of ``who``, ``times`` over, as likely as they are."""
        weight = self._weights()[:, who]
        places = (self.rng.random(len(who)) + np.arange(times)[:, None]) / times
        picked = (np.cumsum(weight, axis=0)[None] < places[:, None, :]).sum(axis=1)
        rows = (who[None] + self.customers * np.minimum(picked, self.particles - 1)).ravel()
        nature, state = _rows(self.nature, rows), _rows(self.state, rows)
        if self.world is attachment:
            state.waits = self._waits(nature, self.since[rows])
        return nature, state

    def _talk(self, customer: int, reached: bool) -> None:
        rows = customer + self.customers * np.arange(self.particles)
        nature, state = _rows(self.nature, rows), _rows(self.state, rows)
        luck = np.clip(self.rng.normal(1.0, 0.3, rows.size), 0.0, None)
        self.world.talk(nature, state, np.arange(rows.size), luck, self.rng.random(rows.size))
        for name, value in vars(self.state).items():
            value[rows] = vars(state)[name]
        self.likely[rows] += np.where(~state.gone == reached, 0.0, NEARLY_NEVER)

    def _pass(self, seen: Day, price_rise: float) -> None:
        nature, state = self.nature, self.state
        bought, called = np.tile(seen.bought, self.particles), np.tile(seen.called, self.particles)
        before = state.copy()
        if self.world is attachment:
            # Purchases are seen and not played.
            state.waits[:] = np.inf
        happened = self.world.step(nature, state, 1.0, price_rise, self.rng)
        buying = self._buying(before)
        fits = np.log(np.where(bought, buying, 1 - buying))
        fits = np.where(before.gone, np.where(bought, NEARLY_NEVER, 0.0), fits)
        fits += np.where(called & before.gone, NEARLY_NEVER, 0.0)
        begun = nature.starts <= self.day
        self.likely += np.where(begun, fits, 0.0)
        if self.world is attachment:
            self.since = np.where(bought, 0.0, self.since)
            state.attached += attachment.HABIT * bought * (1 - state.attached)
        else:
            kept = before.goodwill * np.exp(-1 / nature.keeps)
            state.goodwill = np.where(happened.called, kept, state.goodwill)
            state.goodwill += called * hazards.OWN_CALL * nature.gain * (1 - state.goodwill)
            state.offer = np.where(np.tile(seen.rival, self.particles), 0.0, state.offer)
        state.silence = np.where(called & ~before.gone, 0.0, before.silence + 1)
        state.complaint = np.tile(seen.complaint, self.particles)
        for name, value in vars(state).items():
            value[~begun] = vars(before)[name][~begun]

    def _buying(self, before: Any) -> Floats:
        """Chance to buy on this day, of those who are there."""
        if self.world is hazards:
            return np.asarray(np.clip(-np.expm1(-hazards._rate(self.nature, before)), 1e-9, 0.999))
        from scipy.special import gammaincc

        nature = self.nature
        heart = np.clip((before.attached - nature.threshold + 0.05) / 0.25, 0.15, 1.0)
        then, self.since = self.since, self.since + heart * ~before.gone
        first = np.isnan(then)
        per = nature.shape / nature.gap
        silent = [gammaincc(nature.shape, np.where(first, 0.0, days) * per)
                  for days in (then, self.since)]  # fmt: skip
        chance = 1 - silent[1] / np.maximum(silent[0], 1e-300)
        return np.asarray(np.clip(np.where(first, 0.03, chance), 1e-9, 1 - 1e-9))

    def _waits(self, nature: Any, since: Floats) -> Floats:
        """What is left of the gap, given what has passed of it."""
        from scipy.special import gammaincc, gammaincinv

        passed = np.nan_to_num(since) * nature.shape / nature.gap
        over = gammaincc(nature.shape, passed) * self.rng.random(since.size)
        whole = gammaincinv(nature.shape, np.clip(1 - over, 0.0, 1 - 1e-9))
        return np.asarray(np.maximum((whole - passed) * nature.gap / nature.shape, 0.01))

    def _weights(self) -> Floats:
        likely = self.likely.reshape(self.particles, self.customers)
        weight = np.exp(likely - likely.max(axis=0))
        return np.asarray(weight / weight.sum(axis=0))

    def _draw_again(self) -> None:
        """Where few particles carry nearly all, the likely ones take the place of the others."""
        weight = self._weights()
        few = 1 / (weight**2).sum(axis=0) < self.particles / 3
        each = np.arange(self.particles)
        for customer in np.nonzero(few)[0]:
            places = (self.rng.random() + each) / self.particles
            picked = np.searchsorted(np.cumsum(weight[:, customer]), places)
            source = customer + self.customers * np.minimum(picked, self.particles - 1)
            target = customer + self.customers * each
            for value in (*vars(self.nature).values(), *vars(self.state).values(), self.since):
                value[target] = value[source]
            self.likely[target] = 0.0


def _rows(table: Any, rows: Any) -> Any:
    return type(table)(**{name: value[rows] for name, value in vars(table).items()})
