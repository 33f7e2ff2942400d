"""What is decided about one customer: proposed terms, and what to do about one that loses."""

from kundenstamm.decisions.models.proposal import Limit, Proposal, ProposalState
from kundenstamm.decisions.models.repair import RepairPlan, Rung

__all__ = ["Limit", "Proposal", "ProposalState", "RepairPlan", "Rung"]
