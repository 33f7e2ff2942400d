"""The cast, and customers of Anna's that differ in what they bring."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kundenstamm.care.task_actions import Errand, set_task
from kundenstamm.customers.tests.conftest import AT, TODAY, as_the_site, codes, people, served
from kundenstamm.departures.actions import fear
from kundenstamm.lifecycle.models import Estimate, ValuationRun

__all__ = ["AT", "TODAY", "as_the_site", "codes", "people", "served"]
DAY = timedelta(days=1)


@pytest.fixture
def run(people):
    return ValuationRun.objects.create(
        as_of=TODAY, actor=people["Frieda"], made_at=AT, finished_at=AT
    )


@pytest.fixture
def base(codes, run):
    """Four customers of Anna's, one of Bernd's; each expected to bring its thousands."""
    made = {}
    for name, who, thousands, trade in (
        ("Ahorn", "Anna", 40, "Holz"), ("Birke", "Anna", 20, "Glas"), ("Buche", "Anna", 10, "Holz"),
        ("Eiche", "Anna", 1, "Glas"), ("Fichte", "Bernd", 5, "Holz"),
    ):  # fmt: skip
        customer = served(name, (codes[who], -365, None))
        customer.trade, customer.region = trade, "Nord"
        customer.save()
        Estimate.objects.create(
            run=run, customer=customer, rank=len(made) + 1, stage="regular",
            expected_contribution=thousands * 1000,
        )  # fmt: skip
        made[name] = customer
    return made


@pytest.fixture
def feared(base, people):
    return fear(people["Anna"], "Hat sich verabschiedet", actor=people["Frieda"], at=AT)


@pytest.fixture
def task(base, people):
    errand = Errand("Muster bringen", TODAY + 3 * DAY, people["Anna"])
    return set_task(base["Ahorn"], errand, actor=people["Frieda"], at=AT)
