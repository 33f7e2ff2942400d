"""Which valuation, and as of which day?"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from kundenstamm.guard.acting import read_once
from kundenstamm.lifecycle.models import ValuationRun

# A ledger whose newest line is older than this tells of the past: its own last day is then the end.
HISTORIC = timedelta(days=60)


def latest_run() -> ValuationRun | None:
    """The newest finished valuation: what every page shows; ``None`` before the first one.

    Its sums, large and asked for by the base page only, are read when they are. A page reads it
    once, and tells of one valuation from top to bottom.
    """
    return read_once("latest run", _latest_run)


def _latest_run() -> ValuationRun | None:
    runs = ValuationRun.objects.filter(finished_at__isnull=False).defer("totals", "ledger_read")
    return runs.order_by("-id").first()


def day_told(today: date) -> date:
    """Up to which day pages tell: that of the newest valuation; before the first one, today."""
    run = latest_run()
    return run.as_of if run else today


def day_to_value(today: date) -> date | None:
    """Today, or the ledger's last day where it tells of the past; None where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(date) FROM ledger_entry")
        [newest] = cursor.fetchone()
    if newest is None:
        return None
    last: date = newest
    return last if last < today - HISTORIC else today
