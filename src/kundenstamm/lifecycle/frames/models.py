"""What a run remembers of its models, and whether a later run may go on with them.

A model is stored by its parameters, never pickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from kundenstamm.lifecycle.frames.appraisal import Yardstick
from kundenstamm.worth.appraisal import Fitted
from kundenstamm.worth.auto import AutoEstimator
from kundenstamm.worth.models import ModifiedBetaGeoNBD
from kundenstamm.worth.models.base import OccasionsModel
from kundenstamm.worth.stages import StageLimits
from kundenstamm.worth.value import Horizon

# Models are fitted anew when they are older than so many days, or when the base has so many more
# or fewer purchase days than it had then, as a share.
OLDEST = 7
CHANGED = 0.1


def as_data(yardstick: Yardstick, *, fitted_on: date, purchase_days: int) -> dict[str, Any]:
    """What a run remembers of models just fitted; ``refusal`` says why there is no expectation."""
    occasions = yardstick.fitted.occasions
    return yardstick.fitted.as_data() | {
        "report": asdict(occasions.fit_report_) if occasions else None,
        "limits": asdict(yardstick.limits),
        "horizon": asdict(yardstick.horizon),
        "fitted_on": fitted_on.isoformat(),
        "purchase_days": purchase_days,
    }


def still_good(
    stored: Mapping[str, Any], as_of: date, limits: StageLimits, horizon: Horizon
) -> bool:
    """Whether the models may be used for ``as_of``: not from later days, not old, same rules.

    What could not be fitted is tried again, and so is what an older version has stored.
    """
    if "fitted_on" not in stored or stored["refusal"]:
        return False
    age = (as_of - date.fromisoformat(stored["fitted_on"])).days
    rules = {"limits": asdict(limits), "horizon": asdict(horizon)}
    return 0 <= age <= OLDEST and all(stored[name] == rule for name, rule in rules.items())


def has_changed(stored: Mapping[str, Any], purchase_days: int) -> bool:
    """Whether the base is not any more the one the models were fitted on."""
    then = stored["purchase_days"]
    return bool(abs(purchase_days - then) > CHANGED * then)


def fitted(stored: Mapping[str, Any]) -> Fitted:
    return Fitted.from_data(stored)


def occasions_model(stored: Mapping[str, Any]) -> AutoEstimator | OccasionsModel | None:
    """The occasions model of a run's ``models_fitted``; None where nothing could be fitted."""
    if not (found := stored.get("occasions")):
        return None
    if found["model"] == AutoEstimator.name:
        return AutoEstimator.from_data(found)
    # Runs of the first version: one MBG/NBD.
    return ModifiedBetaGeoNBD.of(**found["parameters"])
