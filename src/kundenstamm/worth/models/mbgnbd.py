"""MBG/NBD: purchases at a customer's own rate, and after each one a chance never to return.

Batislam, Denizel & Filiztekin (2007), "Empirical validation and comparison of models for customer
base analysis", International Journal of Research in Marketing 24. Unlike BG/NBD a customer may
drop out right after the first purchase, which one-time buyers show to happen.
"""

from __future__ import annotations

from kundenstamm.worth.models.betageo import BetaGeometric


class ModifiedBetaGeoNBD(BetaGeometric):
    """MBG/NBD; see `kundenstamm.worth.models.betageo.BetaGeometric`."""

    name = "mbgnbd"
    first = 1

    @classmethod
    def of(cls, r: float, alpha: float, a: float, b: float) -> ModifiedBetaGeoNBD:
        """A model with known parameters, ``alpha`` in days: how a stored fit comes back."""
        return cls.from_data({"parameters": {"r": r, "alpha": alpha, "a": a, "b": b}})
