"""Stage and value class of the customers that answered, as of the last day."""

from __future__ import annotations

from collections.abc import Callable

from kundenstamm.care.models import Survey
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import Estimate
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.today.preparing import latest
from kundenstamm.worth.care.cadence import Bounds, value_classes


def stages(actor: User) -> dict[int, str]:
    """The stage of each customer one knows, in words."""
    run = latest_run()
    if run is None:
        return {}
    labels = dict(Estimate._meta.get_field("stage").flatchoices)
    known = Estimate.objects.visible_to(actor).filter(run=run, customer__surveys__isnull=False)
    rows = known.values_list("customer_id", "stage").distinct()
    return {customer: str(labels.get(stage, stage)) for customer, stage in rows}


def class_of(actor: User) -> Callable[[Survey], str]:
    """The value class of a customer that one knows, as the last day's steps were classed."""
    bounds, run = latest(), latest_run()
    if bounds is None or run is None or bounds.least_a is None or bounds.least_b is None:
        return lambda _answer: "–"
    kept = Bounds(bounds.least_a, bounds.least_b)
    known = Estimate.objects.visible_to(actor).filter(run=run, customer__surveys__isnull=False)
    rows = list(known.values_list("customer_id", "expected_contribution").distinct())
    money = [float(expected or 0) for _customer, expected in rows]
    classed = list(value_classes(money, bounds=kept)) if rows else []
    by_customer = {rows[n][0]: str(of) for n, of in enumerate(classed)}
    return lambda answer: by_customer.get(answer.customer_id, "–")
