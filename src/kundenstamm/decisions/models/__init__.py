"""What is decided about one customer: proposed terms."""

from kundenstamm.decisions.models.proposal import Limit, Proposal, ProposalState

__all__ = ["Limit", "Proposal", "ProposalState"]
