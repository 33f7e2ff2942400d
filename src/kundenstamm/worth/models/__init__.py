"""Estimators: one per file, scikit-learn's conventions, fitted attributes end in ``_``."""

from kundenstamm.worth.models.base import FitError, FitReport, OccasionsModel
from kundenstamm.worth.models.contribution import ContributionPerOccasion
from kundenstamm.worth.models.mbgnbd import ModifiedBetaGeoNBD

__all__ = [
    "ContributionPerOccasion",
    "FitError",
    "FitReport",
    "ModifiedBetaGeoNBD",
    "OccasionsModel",
]
