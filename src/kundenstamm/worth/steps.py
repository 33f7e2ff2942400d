"""Signs of life of long work: what is being done, how much of it is done, and of how much.

Of nil where that cannot be said.
"""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[str, int, int], None]
WINDOWS, CHOICE, CUSTOMERS = "earlier windows", "the choice", "customers"


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody looks."""
