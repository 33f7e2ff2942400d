"""Which playbook and which cadence apply to a link of the chain."""

from __future__ import annotations

from dataclasses import dataclass

from kundenstamm.customers.models import Customer
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.playbooks import queries, rules
from kundenstamm.playbooks.models import Playbook
from kundenstamm.playbooks.proposals import PROPOSALS


@dataclass(frozen=True)
class Treatment:
    """``playbook`` starts in this stage; ``proposed``: there is one that could be switched on."""

    stage: str
    label: str
    playbook: Playbook | None
    proposed: bool


def treatment(customer: Customer, estimate: Estimate | None) -> Treatment | None:
    """As of the newest valuation; None where that knows no stage, or we have parted."""
    if estimate is None or estimate.stage not in rules.STAGES:
        return None
    stage = estimate.stage
    return Treatment(
        stage=stage,
        label=rules.named(stage, customer.link),
        playbook=rules.fitting(queries.switched_on(), stage, customer.link),
        proposed=(stage, customer.link) in PROPOSALS,
    )
