"""Exact money: quantising for display, and sharing without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """``amount`` as shown: two decimals, half to even."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def apportion(
    total: Decimal, weights: Sequence[Decimal | int], unit: Decimal = CENT
) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights`` so that the parts add up to it exactly.

    The largest-remainder method (Hamilton's): every part is rounded towards zero to whole
    ``unit``s, and the units left over go to the largest remainders, earlier parts first on ties.

    Parameters
    ----------
    total
        A multiple of ``unit``; may be negative.
    weights
        Not negative, not all zero.

    Raises
    ------
    ValueError
        No weights, a negative weight, all weights zero, or a total finer than ``unit``.
    """
    if not weights or any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("Weights must not be negative and must not all be zero.")
    if total % unit:
        raise ValueError(f"{total} is not a multiple of {unit}.")
    whole = Fraction(sum(Fraction(weight) for weight in weights))
    exact = [Fraction(abs(total) / unit) * Fraction(weight) / whole for weight in weights]
    units = [int(share) for share in exact]
    left = int(abs(total) / unit) - sum(units)
    by_remainder = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for index in by_remainder[:left]:
        units[index] += 1
    sign = -1 if total < 0 else 1
    return [sign * count * unit for count in units]


def shown_parts(parts: Sequence[Decimal]) -> list[Decimal]:
    """Round exact parts to cents so that they add up to their rounded sum.

    Each part is rounded towards zero at most; what is missing goes to the largest remainders.
    """
    goal = to_cents(sum(parts, Decimal(0)))
    floors = [part.quantize(CENT, rounding=ROUND_DOWN) for part in parts]
    missing = int((goal - sum(floors, Decimal(0))) / CENT)
    step = CENT.copy_sign(missing)
    sign = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda i: ((floors[i] - parts[i]) * sign, i))
    for index in order[: abs(missing)]:
        floors[index] += step
    return floors
