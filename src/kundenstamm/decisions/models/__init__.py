"""What is decided about one customer: proposed terms."""

from kundenstamm.decisions.models.proposal import Proposal, ProposalState

__all__ = ["Proposal", "ProposalState"]
