"""The ladder for a customer that loses, from the gentlest rung to parting: what each brings.

Rules in prose and worked examples: ``docs/algorithms/repair.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.worth.decisions.loss import Loss
from kundenstamm.worth.decisions.rungs import Assumptions, Rung, risk_of, size_of, under
from kundenstamm.worth.decisions.terms import Interval
from kundenstamm.worth.sentences import Sentence

NIL = Interval(0.0, 0.0)


@dataclass(frozen=True)
class Brought:
    """What one rung brings a year; money in avoidable terms.

    Attributes
    ----------
    size
        By how much: share of price, order value, share of service left, dealer's rebate.
    gain
        If the customer stays.
    risk
        Chance that it does not.
    expected
        ``(1 − risk) · gain − risk · at stake``.
    interval
        The same with half and twice the risk, over the quantity that is expected.
    remaining
        Avoidable contribution of the customer that stays; 0 after parting.
    refusal
        Why this rung does not exist here; then all figures are nil.
    """

    rung: Rung
    size: float = 0.0
    gain: float = 0.0
    risk: float = 0.0
    expected: float = 0.0
    interval: Interval = NIL
    remaining: float = 0.0
    refusal: Sentence | None = None


def ladder(loss: Loss, assumptions: Assumptions | None = None) -> tuple[Brought, ...]:
    """All five rungs in their order, those that do not exist here with their refusal."""
    assumed = assumptions or Assumptions()
    return tuple(_rung(rung, loss, assumed) for rung in Rung)


def _rung(rung: Rung, loss: Loss, assumed: Assumptions) -> Brought:
    size = size_of(rung, loss, assumed)
    if isinstance(size, str):
        return Brought(rung, refusal=Sentence(size))
    # The size is settled by the year as it was; what it brings depends on what will be bought.
    risk = risk_of(rung, size, assumed)
    gain = _gain(rung, loss, size, assumed)
    risks = (risk, risk / 2, min(risk * 2, 1.0))
    likely = [
        _expected(_gain(rung, at, size, assumed), at.at_stake, chance)
        for at in (loss, loss.at(loss.quantity.low), loss.at(loss.quantity.high))
        for chance in risks
    ]
    return Brought(
        rung,
        size=size,
        gain=gain,
        risk=risk,
        expected=likely[0],
        interval=Interval(min(likely), max(likely)),
        remaining=loss.at_stake + gain,
    )


def _expected(gain: float, at_stake: float, risk: float) -> float:
    return (1 - risk) * gain - risk * at_stake


def _gain(rung: Rung, loss: Loss, size: float, assumed: Assumptions) -> float:
    return under(rung, loss, size, assumed).contribution_3 - loss.at_stake
