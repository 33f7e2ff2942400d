"""What happens: every customer is valued, also after a month's cost was allocated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from kundenstamm.company.queries import profile
from kundenstamm.customers.timeline import local_day
from kundenstamm.guard.models import User
from kundenstamm.kit.months import Month
from kundenstamm.ledger import copying
from kundenstamm.lifecycle.frames import quarters
from kundenstamm.lifecycle.frames.appraisal import COLUMNS
from kundenstamm.lifecycle.frames.valuation import Valuation, valuation
from kundenstamm.lifecycle.models import Estimate, QuarterSum, SavedView, ValuationRun
from kundenstamm.lifecycle.queries.runs import day_to_value, latest_run
from kundenstamm.serving.actions import allocate
from kundenstamm.serving.models import AllocationRun

# Estimates of older runs are deleted; their totals and all changes of stage stay for good.
RUNS_WITH_ESTIMATES = 3
# The hour after which clocks that change have changed.
NIGHT = 3


@transaction.atomic
def value_all(*, as_of: date, actor: User, at: datetime, refit: bool = False) -> ValuationRun:
    """Value every customer as the ledger stood at the end of ``as_of``.

    Models are those of the newest run as long as they are good (`lifecycle.frames.models`), unless
    ``refit``; on its day only the customers touched since are scored again.

    All customers, not only those ``actor`` may see: who may read what comes of it is decided
    where it is read. Two valuations at once take turns. A base that carries no model still gets
    its sums and stages; the run then says why there is no expectation.

    Raises
    ------
    ValueError
        ``as_of`` lies in the future: nobody has bought there yet, so all would seem lost.
    """
    if as_of > local_day(at) + timedelta(days=1):
        raise ValueError(f"The valuation's day {as_of} lies in the future. Take today or earlier.")
    _take_turns()
    made = valuation(as_of, profile(), latest_run(), refit=refit)
    quarters.refresh(made.quarters, made.quarters_of)
    by_quarter = quarters.quality(QuarterSum.objects.all(), as_of)
    run = ValuationRun.objects.create(
        as_of=as_of,
        horizon_days=made.horizon_days,
        actor=actor,
        made_at=at,
        finished_at=at,
        customers=made.table.height,
        estimated_margin=made.estimated_margin,
        models_fitted=made.models_fitted,
        totals=made.totals | {"quarters": by_quarter},
        ledger_read=made.ledger_read,
        scored=made.scored,
    )
    _store(made, run)
    _note_changes(run)
    _forget_old()
    return run


def value_nightly(*, actor: User, at: datetime) -> ValuationRun | None:
    """The day's first valuation, so that silence counts also where nobody imports anything.

    From `NIGHT` on by the company's clock; None before, and where that day has a run or the
    ledger is empty. A later hour makes up for a night in which the machine was off.
    """
    local = at.astimezone(ZoneInfo(profile().time_zone))
    day = day_to_value(local.date())
    if local.hour < NIGHT or day is None:
        return None
    if ValuationRun.objects.filter(as_of=day, finished_at__isnull=False).exists():
        return None
    return value_all(as_of=day, actor=actor, at=at)


def allocate_and_value(
    month: Month, *, actor: User, at: datetime, progress: Callable[[str], None] = lambda _step: None
) -> AllocationRun:
    """Allocate a month's cost to serve, then value whom it touched. Raises as `allocate` does."""
    run = allocate(month, actor=actor, at=at, progress=progress)
    progress("valuing")
    value_all(as_of=day_to_value(local_day(at)) or local_day(at), actor=actor, at=at)
    return run


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kundenstamm valuation'))")


def _store(made: Valuation, run: ValuationRun) -> None:
    import polars as pl

    copying.append(made.table.with_columns(run_id=pl.lit(run.pk)), Estimate._meta.db_table, COLUMNS)
    with connection.cursor() as cursor:
        # The list's plans hang on knowing how many rows this run has, which nothing knew before.
        cursor.execute(f"ANALYZE {Estimate._meta.db_table}")


def _note_changes(run: ValuationRun) -> None:
    """Keep who entered another stage. A look back at an earlier day leaves the history alone."""
    newest = ValuationRun.objects.exclude(pk=run.pk).aggregate(day=Max("as_of"))["day"]
    if newest is not None and run.as_of < newest:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO lifecycle_stagechange (customer_id, stage, since, run_id, reason)
            SELECT customer_id, estimate.stage,
                   coalesce(estimate.stage_since, %s), estimate.run_id, estimate.stage_reason
            FROM lifecycle_estimate AS estimate
            LEFT JOIN (
                SELECT DISTINCT ON (customer_id) customer_id, stage
                FROM lifecycle_stagechange ORDER BY customer_id, id DESC
            ) AS before USING (customer_id)
            WHERE estimate.run_id = %s AND before.stage IS DISTINCT FROM estimate.stage
            ORDER BY customer_id
            """,
            [run.as_of, run.pk],
        )


def _forget_old() -> None:
    kept = ValuationRun.objects.order_by("-id").values_list("pk", flat=True)[:RUNS_WITH_ESTIMATES]
    Estimate.objects.exclude(run__in=list(kept)).delete()


def save_view(name: str, query: str, *, actor: User, at: datetime) -> SavedView:
    """Keep a way to look at the list; one of the same name is replaced."""
    view, _made = SavedView.objects.update_or_create(
        user=actor, name=name, defaults={"query": query}
    )
    return view


def rename_view(view: SavedView, name: str, *, actor: User, at: datetime) -> None:
    """Give a view another name; another view that has it already gives way."""
    for other in SavedView.objects.filter(user=actor, name=name).exclude(pk=view.pk):
        remove_view(other, actor=actor, at=at)
    view.name = name
    view.save(update_fields=["name"])


def remove_view(view: SavedView, *, actor: User, at: datetime) -> None:  # noqa: ARG001
    view.delete()
