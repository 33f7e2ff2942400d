"""What sealing contacts costs: a customer file loaded, found in, and sealed anew with another key.

Usage: python benchmarks/sealing.py [--customers 100000]

A made-up customer file, a mail address and a phone number in each row, goes into an empty
throw-away installation by the action behind `kundenstamm import`, twice: the second time nothing
is new. Then all values are rotated, and one address is looked for. Wall-clock seconds of one run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from ground.trial import throwaway_site, timed

SEAL = {"seal": "kundenstamm.importers.masters.contacts.sealed"}


def main(customers: int) -> None:
    with throwaway_site() as folder:
        file = folder / "customers.csv"
        made_up(customers).write_csv(file, separator=";")
        rows = measured(file)
    print("| step | seconds | of them sealing |")
    print("|---|---:|---:|")
    for name, whole, sealing in rows:
        print(f"| {name} | {whole:.3f} | {sealing:.2f} |")


def made_up(customers: int) -> pl.DataFrame:
    number = pl.int_range(customers).cast(pl.String)
    return pl.select(
        Kundennummer=number,
        Firma="Firma " + number,
        Ansprechpartner="Frau " + number,
        **{"E-Mail": "k" + number + "@example.com"},
        Telefon="030 23125 " + number,
    )


def measured(file: Path) -> list[tuple[str, float, float]]:
    from kundenstamm.customers.queries import reached_at
    from kundenstamm.guard.actions import ensure_owner
    from kundenstamm.guard.rotating import rotate
    from kundenstamm.importers import actions
    from kundenstamm.importers.examining import Wish

    at = datetime.now(UTC)
    owner = ensure_owner(at=at)

    def load() -> Any:
        return actions.load(Wish(file, "customers"), actor=owner, at=at)

    steps: dict[str, Callable[[], Any]] = {
        "load": load,
        "load again": load,
        "rotate": lambda: rotate(actor=owner, at=at),
        "find one address": lambda: reached_at(owner, "k77@example.com"),
    }
    found = []
    for name, work in steps.items():
        whole, spent = timed(work, SEAL)
        found.append((name, whole, spent["seal"]))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    main(parser.parse_args().customers)
