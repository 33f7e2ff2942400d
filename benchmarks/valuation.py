"""How long a valuation of all customers takes, step by step.

Usage: python benchmarks/valuation.py [customers …]   (default: 10000 100000)

Each size is valued once in a throw-away cluster: made-up customers with one to ten purchases
at their own pace over three years. Wall-clock seconds.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from ground.filling import AS_OF, empty, fill
from ground.trial import throwaway_site, timed

# What is shown → the function that does it.
STEPS = {
    "read ledger": "kundenstamm.lifecycle.frames.base._lines",
    "read customers": "kundenstamm.lifecycle.frames.base._customers",
    "all of the tables": "kundenstamm.lifecycle.frames.valuation.base",
    "fit": "kundenstamm.lifecycle.frames.valuation.fit",
    "appraise": "kundenstamm.lifecycle.frames.appraisal.appraised",
    "sums": "kundenstamm.lifecycle.frames.valuation.totals",
    "write estimates": "kundenstamm.lifecycle.actions._store",
    "stage history": "kundenstamm.lifecycle.actions._note_changes",
    "forget old runs": "kundenstamm.lifecycle.actions._forget_old",
}


def main(sizes: list[int]) -> None:
    columns = {}
    with throwaway_site():
        for size in sizes:
            lines = fill(size)
            columns[size] = {"ledger lines": f"{lines:,}"} | valued()
            empty()
    print(f"{'seconds':<18}" + "".join(f"{f'{size:,} customers':>20}" for size in columns))
    for row in next(iter(columns.values())):
        print(f"{row:<18}" + "".join(f"{found[row]:>20}" for found in columns.values()))


def valued() -> dict[str, str]:
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.lifecycle.actions import value_all

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)
    whole, spent = timed(lambda: value_all(as_of=AS_OF, actor=owner, at=at), STEPS)
    return {name: f"{seconds:.2f}" for name, seconds in (spent | {"whole": whole}).items()}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
