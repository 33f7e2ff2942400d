"""What is estimated stays with whom it was estimated: the next valuation works both out anew."""

from __future__ import annotations

from kundenstamm.customers.moving import stays


def register_all() -> None:
    stays("lifecycle.Estimate", "what was known of the one then; worked out anew for the other")
    stays("lifecycle.QuarterSum", "worked out anew from the ledger")
    stays("lifecycle.StageChange", "the stages that the one went through before")
