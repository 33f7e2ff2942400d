"""The step of each customer, worked out anew: of all in the night, of those touched in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from kundenstamm.company.queries import profile
from kundenstamm.guard.models import User
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.frames.models import fitted
from kundenstamm.lifecycle.models import ValuationRun
from kundenstamm.lifecycle.queries.runs import day_to_value, latest_run
from kundenstamm.relations.models import Reckoning
from kundenstamm.today import frames
from kundenstamm.today.models import Preparation, Step
from kundenstamm.worth.care.cadence import Bounds
from kundenstamm.worth.care.known import Known
from kundenstamm.worth.care.waiting import Assumptions, bounds
from kundenstamm.worth.care.waiting import prepare as cost_of_waiting

if TYPE_CHECKING:
    import polars as pl

COLUMNS = (
    "customer_id", "as_of", "cost_of_waiting", "minutes", "cause", "reason", "further",
    "value_class", "allowed", "silence", "p_now",
)  # fmt: skip
# A transaction that began before the last pass may have been stored after it.
OVERLAP = timedelta(minutes=5)


@transaction.atomic
def prepare_all(as_of: date, *, actor: User, at: datetime) -> Preparation | None:
    """Work out the step of every customer; None before the first valuation.

    All customers, not only those ``actor`` may see, as the valuation does.
    """
    _take_turns()
    run = latest_run()
    if run is None:
        return None
    told = profile()
    known = frames.known(run.pk, as_of, places=frames.places(told))
    cadence = frames.cadence(told)
    least = bounds(known, cadence)
    steps = _steps(known, run, as_of, Assumptions(cadence=cadence, bounds=least))
    return _stored(steps, _pass(run, as_of, least, actor, at), None)


@transaction.atomic
def refresh(customers: Sequence[int], *, actor: User, at: datetime) -> Preparation | None:
    """The same for some customers, with whom something has happened; None without a pass before.

    They are classed by the bounds of the last pass over everybody: as long as the valuation is the
    same, so is what is expected of all others.
    """
    _take_turns()
    before, run = latest(), latest_run()
    if before is None or run is None:
        return None
    least = _bounds(before)
    if before.run_id != run.pk or least is None:
        return prepare_all(before.as_of, actor=actor, at=at)
    known = frames.known(run.pk, before.as_of, customers, frames.places(profile()))
    told = Assumptions(cadence=frames.cadence(profile()), bounds=least)
    steps = _steps(known, run, before.as_of, told)
    return _stored(steps, _pass(run, before.as_of, least, actor, at), customers)


def prepare_due(*, actor: User, at: datetime, today: date) -> Preparation | None:
    """All, where a day or a valuation has passed or who holds whom was reckoned since; else those
    touched since; else nothing."""
    before, run = latest(), latest_run()
    as_of = day_to_value(today) or today
    if run is None:
        return None
    if before is None or before.run_id != run.pk or before.as_of != as_of or _reckoned(before):
        return prepare_all(as_of, actor=actor, at=at)
    touched = touched_since(before.made_at - OVERLAP)
    return refresh(touched, actor=actor, at=at) if touched else None


def latest() -> Preparation | None:
    return Preparation.objects.order_by("-id").first()


def _reckoned(before: Preparation) -> bool:
    """Whether everybody's bonds are newer than the steps."""
    return Reckoning.objects.filter(whole=True, made_at__gt=before.made_at).exists()


def touched_since(moment: datetime) -> list[int]:
    """Customers with whom something was recorded, withdrawn, answered, agreed or ended since."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"since": moment})
        return [customer for (customer,) in cursor.fetchall()]


def _steps(known: Known, run: ValuationRun, as_of: date, assumptions: Assumptions) -> pl.DataFrame:
    models = fitted(run.models_fitted)
    return cost_of_waiting(
        known,
        as_of,
        models.occasions,
        assumptions,
        usual_gap=models.usual_gap,
        # Where nothing was ever written down, nobody can be said to be left alone.
        recorded_since=frames.recorded_since() or as_of,
    )


def _bounds(kept: Preparation) -> Bounds | None:
    if kept.least_a is None or kept.least_b is None:
        return None
    return Bounds(kept.least_a, kept.least_b)


def _pass(run: ValuationRun, as_of: date, least: Bounds, actor: User, at: datetime) -> Preparation:
    """Not yet stored: of how many, and of whom, is told when it is."""
    return Preparation(
        run=run, as_of=as_of, least_a=least.least_a, least_b=least.least_b, actor=actor, made_at=at
    )


def _stored(steps: pl.DataFrame, made: Preparation, only: Sequence[int] | None) -> Preparation:
    old = Step.objects.all() if only is None else Step.objects.filter(customer__in=list(only))
    old._raw_delete(old.db)
    copying.append(_as_rows(steps, made.as_of), Step._meta.db_table, COLUMNS)
    made.whole, made.steps = only is None, steps.height
    if made.whole:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Step._meta.db_table}")
    made.save()
    return made


def _as_rows(steps: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """With sentences as JSON; money to the digits that are stored, nothing that rounds to nil."""
    import polars as pl

    further = pl.col("further").list.join(",")
    return steps.with_columns(
        as_of=pl.lit(as_of),
        cost_of_waiting=pl.col("cost_of_waiting").round(4),
        further=pl.concat_str(pl.lit("["), further, pl.lit("]")),
    ).filter(pl.col("cost_of_waiting") > 0)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm today'))")


_TOUCHED = """
SELECT customer_id FROM care_interaction WHERE recorded_at >= %(since)s OR withdrawn_at >= %(since)s
UNION SELECT customer_id FROM care_complaint WHERE recorded_at >= %(since)s
UNION SELECT customer_id FROM care_complaintstep WHERE at >= %(since)s
UNION SELECT customer_id FROM care_survey
    WHERE answered_at >= %(since)s OR corrected_at >= %(since)s
UNION SELECT customer_id FROM terms_agreement WHERE agreed_at >= %(since)s
UNION SELECT customer_id FROM relations_correction
    WHERE at >= %(since)s OR withdrawn_at >= %(since)s
"""
