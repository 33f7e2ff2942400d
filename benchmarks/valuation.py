"""How long a valuation of all customers takes, step by step.

Usage: python benchmarks/valuation.py [customers …]   (default: 10000 100000)

Each size is valued three times in a throw-away cluster: by models that are fitted, a day later by
the same models, and on that day once more after 100 customers have bought. Made-up customers with
one to ten purchases at their own pace over three years. Wall-clock seconds.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

from ground.filling import AS_OF, buy, empty, fill
from ground.trial import throwaway_site, timed

FRAMES = "kundenstamm.lifecycle.frames"
# What is shown → the function that does it.
STEPS = {
    "what had been read": f"{FRAMES}.reading.read_now",
    "earlier estimates": f"{FRAMES}.reading.estimates",
    "read ledger": f"{FRAMES}.base._lines",
    "ledger and summary": f"{FRAMES}.base.base",
    "fit": f"{FRAMES}.valuation.fit",
    "appraise": f"{FRAMES}.appraisal.appraised",
    "sums": f"{FRAMES}.valuation.totals",
    "sums of the ledger": f"{FRAMES}.valuation.ledger_sums",
    "write estimates": "kundenstamm.lifecycle.actions._store",
    "stage history": "kundenstamm.lifecycle.actions._note_changes",
    "forget old runs": "kundenstamm.lifecycle.actions._forget_old",
}
CHANGED = 100


def main(sizes: list[int]) -> None:
    with throwaway_site():
        for size in sizes:
            lines = fill(size)
            print(f"{size:,} customers, {lines:,} ledger lines; seconds")
            later = AS_OF + timedelta(1)
            runs = {"models fitted": valued(AS_OF), "a day later": valued(later)}
            buy(CHANGED, AS_OF)
            runs[f"{CHANGED} changed"] = valued(later)
            print(f"{'':<22}" + "".join(f"{name:>16}" for name in runs))
            for row in next(iter(runs.values())):
                print(f"{row:<22}" + "".join(f"{found[row]:>16}" for found in runs.values()))
            empty()


def valued(as_of: date) -> dict[str, str]:
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.lifecycle.actions import value_all
    from kundenstamm.lifecycle.queries import latest_run

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    whole, spent = timed(lambda: value_all(as_of=as_of, actor=owner, at=at), STEPS)
    run = latest_run()
    scored = {"customers scored": f"{run.scored:,}" if run else ""}
    return scored | {name: f"{seconds:.2f}" for name, seconds in (spent | {"whole": whole}).items()}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
