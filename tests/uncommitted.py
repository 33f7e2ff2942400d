"""A base that all tests of a module begin with, without any test seeing another one's doings.

Making such a base takes longer than most tests. So it is made once, in a transaction that stays
open around the tests' own, which are rolled back within it; at the module's end it is, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction


def kept_for_module(blocker: Any, make: Callable[[], Any]) -> Iterator[Any]:
    """What a module's fixture yields from; no test that commits may share it."""
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
    try:
        with blocker.unblock():
            made = make()
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
