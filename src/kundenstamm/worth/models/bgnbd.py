"""BG/NBD: purchases at a customer's own rate, and after each repeat a chance never to return.

Fader, Hardie & Lee (2005), "“Counting your customers” the easy way: an alternative to the
Pareto/NBD model", Marketing Science 24. A customer with one purchase counts as active for ever,
however long the silence; MBG/NBD mends that.
"""

from __future__ import annotations

from kundenstamm.worth.models.betageo import BetaGeometric


class BetaGeoNBD(BetaGeometric):
    """BG/NBD; see `kundenstamm.worth.models.betageo.BetaGeometric`."""

    name = "bgnbd"
    first = 0

    @classmethod
    def of(cls, r: float, alpha: float, a: float, b: float) -> BetaGeoNBD:
        """A model with known parameters, ``alpha`` in days."""
        return cls.from_data({"parameters": {"r": r, "alpha": alpha, "a": a, "b": b}})
