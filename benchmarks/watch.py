"""Unusual reading: false alarms against leavers found, over invented people who stay and who leave.

Usage: python benchmarks/watch.py [COMPANIES]          (20 by default, seeds from 5001 on)

Seeds from 5001 on of ``kundenstamm.worth.synthetic.watched``: none was looked at while the score
was made. Each company has twelve who stay and four who leave; a month is scored against the own
three months before and the colleagues'. About a third of those who leave take nothing that any
count could show, so that not even a perfect score would find more than the rest.
"""

from __future__ import annotations

import sys

import numpy as np

from kundenstamm.worth.synthetic.watched import KINDS, readers
from kundenstamm.worth.watching.score import month

FIRST_SEED, COMPANIES = 5001, 20
STAYING, LEAVING = 12, 4
ALARMS = (0.01, 0.02, 0.05, 0.1, 0.2)


def main(companies: int) -> None:
    stayed, left, kinds = [], [], []
    for seed in range(FIRST_SEED, FIRST_SEED + companies):
        people = readers(seed, STAYING, leaving=False)
        going = readers(seed, LEAVING, leaving=True)
        peers = [day for each in people for day in each.own]
        stayed += [(month(each.last, each.own, peers).score, plain(each)) for each in people]
        left += [(month(each.last, each.own, peers).score, plain(each)) for each in going]
        kinds += [each.kind for each in going]
    stay, leave = np.array(stayed), np.array(left)
    kinds = np.array(kinds)
    print(f"{len(stay)} person-months of who stays, {len(leave)} of who leaves, of whom "
          f"{np.mean(kinds != KINDS[0]):.0%} take something that is counted\n")  # fmt: skip
    print("| alarms per person-month of who stays | leavers found by the score "
          "| by most customers on a day "
          "| " + " | ".join(f"of “{kind}”" for kind in KINDS) + " | score from |")  # fmt: skip
    print("|---:" * (4 + len(KINDS)) + "|")
    for alarms in ALARMS:
        limits = np.quantile(stay, 1 - alarms, axis=0, method="higher")
        found = leave > limits
        parts = [f"{found[kinds == kind, 0].mean():.0%}" for kind in KINDS]
        alarmed, by_score, by_most = np.mean(stay[:, 0] > limits[0]), *found.mean(axis=0)
        print(f"| {alarmed:.3f} | {by_score:.0%} | {by_most:.0%} | "
              + " | ".join(parts) + f" | {limits[0]:.2f} |")  # fmt: skip


def plain(reader) -> float:
    """The simplest rule: the most customers opened on one day."""
    return max(day.customers for day in reader.last)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
