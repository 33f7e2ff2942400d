"""The cast, a dealer of Anna's, and valuations that find who entered which stage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.lifecycle.models import StageChange, ValuationRun
from kundenstamm.playbooks.actions import Draft, keep_playbook, switch_on

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)
CALL = (Draft("Anrufen", "representative", 2), Draft("Unterlagen schicken", "service", 9))


@pytest.fixture
def ahorn(codes):
    """A dealer, served by Anna."""
    made = served("Ahorn", (codes["Anna"], -365, None))
    made.link = "dealer"
    made.save()
    return made


@pytest.fixture
def entering(people):
    """A valuation finds that customers entered a stage, today if nothing else is said.

    It is not the first one.
    """
    told = {"as_of": TODAY - 99 * DAY, "made_at": AT - 99 * DAY, "finished_at": AT - 99 * DAY}
    ValuationRun.objects.create(actor=people["Frieda"], **told)

    def entered(stage, *customers, since=TODAY, at=AT):
        run = ValuationRun.objects.create(
            as_of=TODAY, actor=people["Frieda"], made_at=at, finished_at=at
        )
        for customer in customers:
            StageChange.objects.create(customer=customer, stage=stage, since=since, run=run)
        return run

    return entered


@pytest.fixture
def kept(people):
    """Keep a playbook, and switch it on at a moment, unless that is None."""

    def keeping(stage="new", link="", steps=CALL, on=AT):
        made = keep_playbook(stage, link, steps, actor=people["Frieda"], at=AT)
        if on is not None:
            switch_on(made, actor=people["Frieda"], at=on)
        return made

    return keeping
