"""Fitted models as plain values and back: a model is stored by its parameters, never pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kundenstamm.worth.appraisal import Fitted
from kundenstamm.worth.models import ContributionPerOccasion, ModifiedBetaGeoNBD
from kundenstamm.worth.stages import StageLimits
from kundenstamm.worth.value import Horizon


def as_data(fitted: Fitted, limits: StageLimits, horizon: Horizon) -> dict[str, Any]:
    """What a run remembers of its models; ``refusal`` says why there is no expectation."""
    return {
        "occasions": _occasions(fitted.occasions),
        "contribution": _contribution(fitted.contribution),
        "refusal": fitted.refusal,
        "limits": asdict(limits),
        "horizon": asdict(horizon),
    }


def occasions_model(stored: Mapping[str, Any]) -> ModifiedBetaGeoNBD | None:
    """The occasions model of a run's ``models_fitted``; None where nothing could be fitted."""
    if not (found := stored.get("occasions")):
        return None
    return ModifiedBetaGeoNBD.of(**found["parameters"])


def _occasions(model: ModifiedBetaGeoNBD | None) -> dict[str, Any] | None:
    if model is None:
        return None
    names = ("r", "alpha", "a", "b")
    return {
        "model": "MBG/NBD",
        "parameters": {name: getattr(model, f"{name}_") for name in names},
        "report": asdict(model.fit_report_),
    }


def _contribution(model: ContributionPerOccasion | None) -> dict[str, Any] | None:
    if model is None:
        return None
    names = ("mean", "within_share", "between_share", "size_floor")
    return {
        "model": "shrunken mean",
        "parameters": {name: float(getattr(model, f"{name}_")) for name in names},
    }
