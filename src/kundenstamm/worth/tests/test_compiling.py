"""Compiled loops: without a folder to keep them in, spread over threads, and never loaded early."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numba
import numpy as np
import pytest

from kundenstamm.worth.kernels import compiling


def doubled(values, out):
    for place in range(values.size):
        out[place] = 2 * values[place]


def test_an_installation_that_cannot_be_written_compiles_all_the_same(monkeypatch):
    def without_a_folder(cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    # Not in numba itself, which compiles parts of its own when it is first used.
    monkeypatch.setattr(compiling, "numba", SimpleNamespace(njit=without_a_folder))
    out = np.zeros(3)
    compiling.compiled(doubled)(np.arange(3.0), out)
    assert out.tolist() == [0, 2, 4]


@pytest.mark.parametrize("rows", [0, 5, 9_999, 20_000, 31_001])
def test_every_row_is_worked_on_once(monkeypatch, rows):
    monkeypatch.setattr(compiling.os, "cpu_count", lambda: 3)
    seen = np.zeros(rows, dtype=int)

    def part(start, stop):
        seen[start:stop] += 1
        return stop - start

    parts = compiling.spread(part, rows)
    assert len(parts) == max(1, min(3, rows // compiling.ROWS_PER_THREAD))
    assert sum(parts) == rows
    assert (seen == 1).all()


def test_small_work_loads_no_compiler():
    script = (
        "import sys, polars as pl\n"
        "from kundenstamm.worth.models import ModifiedBetaGeoNBD\n"
        "rows = pl.DataFrame({'x': [0, 4], 't_x': [0, 200], 'age': [273, 273]})\n"
        "ModifiedBetaGeoNBD().fit(rows).expected_occasions(rows, 365)\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
