"""What the chain's pages tell: the chains that one knows, and one customer with its branches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from kundenstamm.chain.models import Standing
from kundenstamm.chain.reader import Reader, Row
from kundenstamm.customers.chain_queries import known_links
from kundenstamm.customers.models import Customer
from kundenstamm.guard.models import User
from kundenstamm.lifecycle.models import ValuationRun


@dataclass(frozen=True)
class Wanted:
    """Which chains: whose top has a place in the chain, or is called so; only with conflicts."""

    link: str = ""
    words: str = ""
    conflicts: bool = False

    def has(self, row: Row) -> bool:
        name = row.customer.name.casefold()
        return (
            row.direct > 0
            and self.link in ("", row.customer.link)
            and all(word.casefold() in name for word in self.words.split())
            and (row.conflicts > 0 or not self.conflicts)
        )

    def among(self, tops: QuerySet[Standing]) -> QuerySet[Standing]:
        if self.link:
            tops = tops.filter(customer__link=self.link)
        for word in self.words.split():
            tops = tops.filter(customer__name__icontains=word)
        return tops.filter(conflicts__gt=0) if self.conflicts else tops


@dataclass(frozen=True)
class Chains:
    """Some chains, those with most at risk first, and the sums of all that were wanted."""

    run: ValuationRun | None
    rows: list[Row]
    more: bool
    number: int
    profit: Decimal
    members: int
    conflicts: int
    expected_loss: float


@dataclass(frozen=True)
class Branch:
    """One customer, and some of those whom it supplies, those with most at risk first."""

    run: ValuationRun | None
    row: Row
    below: list[Row]
    more: bool
    # By customer below: how many supply it, as far as the reader knows.
    suppliers: Mapping[int, int]


def chains(actor: User, wanted: Wanted, day: date, *, start: int, size: int) -> Chains:
    """Everybody who supplies somebody, and whom nobody supplies of whom the actor knows."""
    reader = Reader(actor, day)
    stored, now = _tops(reader)
    added = [row for row in now if wanted.has(row)]
    chosen = wanted.among(stored)
    first = chosen.order_by("-weakest_at_risk", "-customer")[: start + size + 1]
    rows = sorted([*reader.rows(first), *added], key=_by_risk)
    sums = chosen.aggregate(
        n=Count("pk"), own=Sum("own"), behind=Sum("behind"), members=Sum("members"),
        conflicts=Sum("conflicts"), loss=Sum("expected_loss"),
    )  # fmt: skip
    profit = (sums["own"] or Decimal(0)) + (sums["behind"] or Decimal(0))
    return Chains(
        run=reader.run,
        rows=rows[start : start + size],
        more=len(rows) > start + size,
        number=sums["n"] + len(added),
        profit=profit + sum((row.whole for row in added), Decimal(0)),
        members=(sums["members"] or 0) + sum(row.members for row in added),
        conflicts=(sums["conflicts"] or 0) + sum(row.conflicts for row in added),
        expected_loss=(sums["loss"] or 0.0) + sum(row.expected_loss for row in added),
    )


def branch(actor: User, customer: Customer, day: date, *, start: int, size: int) -> Branch:
    """One customer and whom it supplies; ``customer`` must be known to the actor."""
    reader, first = Reader(actor, day), slice(start, start + size + 1)
    lower = (
        known_links(actor).on(day).filter(upstream=customer).values_list("downstream", flat=True)
    )
    if reader.told([customer.pk]):
        known = reader.standings()
        # Whoever is in no chain has nothing stored.
        own = reader.rows(known.filter(customer=customer))
        row = own[0] if own else reader.reckoned([customer.pk])[customer.pk]
        by_risk = known.filter(customer__in=lower).order_by("-at_risk", "-customer")
        below = reader.rows(by_risk[first])
    else:
        found = reader.reckoned_behind(customer.pk, set(lower), first)
        row = found.pop(customer.pk)
        below = list(found.values())
    return Branch(reader.run, row, below[:size], len(below) > size, _suppliers(actor, below, day))


def _tops(reader: Reader) -> tuple[QuerySet[Standing], list[Row]]:
    """Those whose stored figures may be told, and the others, reckoned now."""
    if not reader.current:
        return Standing.objects.none(), list(reader.reckoned(None).values())
    stored, others = reader.tops()
    return stored, list(reader.reckoned(others).values())


def _by_risk(row: Row) -> tuple[float, int]:
    return -row.weakest_at_risk, -row.customer.pk


def _suppliers(actor: User, rows: list[Row], day: date) -> dict[int, int]:
    ids = [row.customer.pk for row in rows]
    found = known_links(actor).on(day).filter(downstream__in=ids).order_by().values("downstream")
    return {row["downstream"]: row["n"] for row in found.annotate(n=Count("upstream"))}
