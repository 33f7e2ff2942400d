"""Pure rules: the rate of a volume, the ratchets. Values in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from itertools import pairwise

CENT = Decimal("0.01")
# Promotions so close to each other are one to the customer.
SAME_PROMOTION = timedelta(days=31)


def rate_of(tiers: Iterable[tuple[Decimal, Decimal]], volume: Decimal) -> Decimal:
    """The rate of the highest tier that a volume reaches; nil below the lowest.

    >>> tiers = [(Decimal(10_000), Decimal("0.01")), (Decimal(50_000), Decimal("0.02"))]
    >>> rate_of(tiers, Decimal(50_000)), rate_of(tiers, Decimal(9_999))
    (Decimal('0.02'), Decimal('0'))
    """
    reached = [(amount, rate) for amount, rate in tiers if amount <= volume]
    return max(reached)[1] if reached else Decimal(0)


def earned(tiers: Iterable[tuple[Decimal, Decimal]], volume: Decimal, sales: Decimal) -> Decimal:
    """The bonus on ``sales`` at the rate that ``volume`` reaches, in whole cents; never negative.

    >>> earned([(Decimal(0), Decimal("0.015"))], Decimal(0), Decimal("1234.56"))
    Decimal('18.52')
    """
    rate = rate_of(tiers, volume)
    return max((sales * rate).quantize(CENT, rounding=ROUND_HALF_EVEN), Decimal("0.00"))


class Finding(StrEnum):
    """How a concession became more than was meant."""

    PERMANENT = "permanent"
    ONLY_GREW = "only_grew"


@dataclass(frozen=True)
class Promise:
    """What the rules ask of an agreement; ``scope`` tells what it holds for."""

    id: int
    kind: str
    scope: tuple[int, int]
    first: date
    last: date | None
    rate: Decimal


@dataclass(frozen=True)
class Ratchet:
    """``id``: the newest agreement concerned; ``periods``: how many there were in a row."""

    id: int
    finding: Finding
    since: date
    periods: int
    rate_before: Decimal
    rate: Decimal


def ratchets(promises: Sequence[Promise], permanent_after: int) -> list[Ratchet]:
    """What grew fast in the agreements of one customer."""
    found: list[Ratchet] = []
    for scope in sorted({each.scope for each in promises}):
        own = sorted(
            (each for each in promises if each.scope == scope), key=lambda p: (p.first, p.id)
        )
        found += _permanent([each for each in own if each.kind == "promotion"], permanent_after)
        found += _only_grew([each for each in own if each.kind == "rebate"])
    return found


def _permanent(promotions: Sequence[Promise], after: int) -> list[Ratchet]:
    """Rows of promotions without a pause between them, longer than allowed."""
    return [
        Ratchet(row[-1].id, Finding.PERMANENT, row[0].first, len(row), row[0].rate, row[-1].rate)
        for row in _rows(promotions)
        if len(row) > after
    ]


def _rows(promotions: Sequence[Promise]) -> list[list[Promise]]:
    rows: list[list[Promise]] = []
    until: date | None = None
    for each in promotions:
        if until is not None and each.first - until <= SAME_PROMOTION:
            rows[-1].append(each)
        else:
            rows.append([each])
            until = None
        last = each.last or date.max
        until = max(until, last) if until is not None else last
    return rows


def _only_grew(rebates: Sequence[Promise]) -> list[Ratchet]:
    """Raised twice or more and never lowered."""
    rates = [each.rate for each in rebates]
    rises = sum(after > before for before, after in pairwise(rates))
    if rises < 2 or any(after < before for before, after in pairwise(rates)):
        return []
    first, last = rebates[0], rebates[-1]
    return [Ratchet(last.id, Finding.ONLY_GREW, first.first, len(rates), first.rate, last.rate)]
