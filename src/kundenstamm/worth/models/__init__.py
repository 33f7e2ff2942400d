"""Estimators: one per file, scikit-learn's conventions, fitted attributes end in ``_``."""

from kundenstamm.worth.models.base import FitError, FitReport, OccasionsModel
from kundenstamm.worth.models.bgnbd import BetaGeoNBD
from kundenstamm.worth.models.cnbdk import BetaGeoCNBD, ModifiedBetaGeoCNBD
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.gammagamma import GammaGamma
from kundenstamm.worth.models.mbgnbd import ModifiedBetaGeoNBD
from kundenstamm.worth.models.naive import LastWindow, OwnRate
from kundenstamm.worth.models.nbd import NBD
from kundenstamm.worth.models.paretonbd import ParetoNBD
from kundenstamm.worth.models.registry import ESTIMATORS, restored

__all__ = [
    "ESTIMATORS",
    "NBD",
    "BetaGeoCNBD",
    "BetaGeoNBD",
    "ContributionPerOccasion",
    "FitError",
    "FitReport",
    "GammaGamma",
    "LastWindow",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "OccasionsModel",
    "OwnRate",
    "ParetoNBD",
    "restored",
]
