"""How inner loops are compiled and spread over the processors.

Compiled code is kept beside the source, or in the user's cache folder, whichever can be written;
in an installation where neither can, it is compiled anew in each process. Loops release Python's
lock and are spread by a pool of ordinary threads: unlike numba's own parallel loops this is safe
in a web server that forks or answers several requests at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba

Function = Callable[..., Any]
# Fewer rows than this are not worth a second thread.
ROWS_PER_THREAD = 10_000


def compiled(function: Function) -> Function:
    """``function`` as machine code, on its first call."""
    try:
        made: Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep the code in
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return made


def spread(work: Callable[[int, int], Any], rows: int) -> list[Any]:
    """``work(start, stop)`` over parts of ``rows``, one thread each; answers in order."""
    parts = max(1, min(os.cpu_count() or 1, rows // ROWS_PER_THREAD))
    ends = [rows * part // parts for part in range(parts + 1)]
    if parts == 1:
        return [work(0, rows)]
    with ThreadPoolExecutor(parts) as pool:
        return list(pool.map(work, ends[:-1], ends[1:]))
