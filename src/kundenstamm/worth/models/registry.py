"""All estimators of occasions by name: for choosing among them, and for stored fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kundenstamm.worth.models.base import OccasionsModel
from kundenstamm.worth.models.bgnbd import BetaGeoNBD
from kundenstamm.worth.models.cnbdk import BetaGeoCNBD, ModifiedBetaGeoCNBD
from kundenstamm.worth.models.mbgnbd import ModifiedBetaGeoNBD
from kundenstamm.worth.models.naive import LastWindow, OwnRate
from kundenstamm.worth.models.nbd import NBD
from kundenstamm.worth.models.paretonbd import ParetoNBD

_PARAMETRIC = (BetaGeoNBD, ModifiedBetaGeoNBD, BetaGeoCNBD, ModifiedBetaGeoCNBD, ParetoNBD, NBD)
_KINDS: Mapping[str, type[OccasionsModel]] = {
    kind.name: kind for kind in (*_PARAMETRIC, OwnRate, LastWindow)
}

# Name → how to make an unfitted one.
ESTIMATORS: Mapping[str, Callable[[], OccasionsModel]] = dict(_KINDS)


def restored(data: Mapping[str, Any]) -> OccasionsModel:
    """The model that its `as_data` wrote down.

    Raises
    ------
    KeyError
        No estimator has that name.
    """
    return _KINDS[data["model"]].from_data(data)
