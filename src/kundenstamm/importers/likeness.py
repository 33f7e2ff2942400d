"""Which rows of a customer file look like customers that are there already, before it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kundenstamm.customers import matching
from kundenstamm.customers.matching import Described, Hint
from kundenstamm.importers.examining import Examined
from kundenstamm.importers.masters.customers import numbers

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

# A page waits for it; of a longer file, the search of the night finds the rest.
AT_MOST = 20_000
_FROM = {
    "name": "customer_name", "street": "street", "postcode": "postcode", "city": "city",
    "vat_id": "vat_id", "phone": "phone", "mail": "email",
}  # fmt: skip


def hints(examined: Examined, *, actor: User) -> list[Hint]:
    """Rows of new numbers that look like a customer the actor knows, or like an earlier row.

    Rows whose number is known complete that customer: nobody need be asked.
    """
    if examined.kind != "customers":
        return []
    rows = examined.checked.accepted
    fresh = rows.filter(~rows["customer"].is_in(numbers().to_list())).head(AT_MOST)
    return matching.hints({row["row"]: _described(row) for row in fresh.to_dicts()}, actor=actor)


def _described(row: dict[str, Any]) -> Described:
    told = {name: row.get(column) or "" for name, column in _FROM.items()}
    return Described(**(told | {"name": told["name"] or row["customer"]}))
