"""Which valuation?"""

from __future__ import annotations

from kundenstamm.lifecycle.models import ValuationRun


def latest_run() -> ValuationRun | None:
    """The newest finished valuation: what every page shows; ``None`` before the first one."""
    return ValuationRun.objects.filter(finished_at__isnull=False).order_by("-id").first()
