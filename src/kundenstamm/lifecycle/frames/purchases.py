"""The ledger as days of purchase, for whoever looks back at more than one day."""

from __future__ import annotations

from datetime import date

from kundenstamm.lifecycle.frames.base import ledger_lines
from kundenstamm.worth.purchases import Purchases


def purchases(as_of: date) -> Purchases:
    """Net sales and contribution II of each customer and day up to ``as_of``.

    All customers, whoever asks, as in `kundenstamm.lifecycle.frames.base`.
    """
    return Purchases.of(ledger_lines(as_of))
