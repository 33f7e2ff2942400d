"""How good would our estimates have been? Measured on the company's own history, and kept."""

from kundenstamm.lifecycle.evidence.actions import ask_for_judgement, judge
from kundenstamm.lifecycle.evidence.queries import is_being_judged, latest_evidence

__all__ = ["ask_for_judgement", "is_being_judged", "judge", "latest_evidence"]
