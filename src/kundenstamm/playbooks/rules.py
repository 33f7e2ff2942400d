"""Which playbook is a customer's, and how far one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from kundenstamm.customers.models import Link
from kundenstamm.lifecycle.models import Stage

# For whom there are playbooks, in the order of a customer's life. Of whom we parted, nothing more.
STAGES = (
    Stage.PROSPECT, Stage.NEW, Stage.REPEAT, Stage.REGULAR, Stage.AT_RISK, Stage.LOST,
    Stage.WON_BACK,
)  # fmt: skip
ANY = ""
# A year is the longest that somebody plans ahead here.
MOST_DAYS = 366
MOST_STEPS = 20

P = TypeVar("P")


@dataclass(frozen=True)
class Progress:
    """How many steps are done, of how many; ``open`` wait, the rest was dropped."""

    done: int
    steps: int
    open: int


def fitting(playbooks: Mapping[tuple[str, str], P], stage: str, link: str) -> P | None:
    """The most specific: that of stage and link before that of the stage alone.

    >>> books = {("new", ""): "all", ("new", "dealer"): "dealers"}
    >>> [fitting(books, *of) for of in (("new", "dealer"), ("new", "agent"), ("lost", "dealer"))]
    ['dealers', 'all', None]
    """
    return playbooks.get((stage, link)) or playbooks.get((stage, ANY))


def named(stage: str, link: str) -> str:
    """``New · Dealer``; the stage alone where it is for every link."""
    label = str(Stage(stage).label)
    return f"{label} · {Link(link).label}" if link else label
