"""Estimators: one per file, scikit-learn's conventions, fitted attributes end in ``_``."""

from kundenstamm.worth.models.base import FitError, FitReport, OccasionsModel
from kundenstamm.worth.models.bgnbd import BetaGeoNBD
from kundenstamm.worth.models.cnbdk import BetaGeoCNBD, ModifiedBetaGeoCNBD
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.mbgnbd import ModifiedBetaGeoNBD
from kundenstamm.worth.models.nbd import NBD
from kundenstamm.worth.models.paretonbd import ParetoNBD

__all__ = [
    "NBD",
    "BetaGeoCNBD",
    "BetaGeoNBD",
    "ContributionPerOccasion",
    "FitError",
    "FitReport",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "OccasionsModel",
    "ParetoNBD",
]
