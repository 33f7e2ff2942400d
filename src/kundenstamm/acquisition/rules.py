"""When a customer was won, what touched it by then, and when thanks are overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

# Who buys so soon after the books begin may have bought long before, unless the records say since
# when they are a customer.
BEFORE_THE_BOOKS = timedelta(days=180)
# Whoever sends a customer hears from us within so many days.
THANKS = timedelta(days=14)
MINUTES = 60
# The channel of what we do ourselves; its code.
PERSONAL = "personal"


def won_on(first_day: date | None, since: date | None, books: date) -> date | None:
    """The day on which a customer was won; None: not yet, or before the books began.

    >>> books = date(2024, 1, 1)
    >>> won_on(date(2024, 2, 1), date(2019, 5, 1), books) is None
    True
    >>> won_on(date(2024, 2, 1), date(2024, 1, 20), books)
    datetime.date(2024, 2, 1)
    >>> won_on(date(2024, 2, 1), None, books) is None
    True
    """
    if first_day is None:
        return None
    known = since >= books if since is not None else first_day >= books + BEFORE_THE_BOOKS
    return first_day if known else None


def path(
    origin: str | None,
    touches: Iterable[tuple[date, str]],
    until: date | None,
    contacts: Iterable[date] = (),
) -> list[str]:
    """Channels in the order in which they touched, up to the first purchase.

    Where the customer says it comes from stands first, unless the first touch says the same.
    ``contacts``: days on which one of us visited, called or wrote, which touches by the personal
    channel; several without another touch in between are one. Of one day they stand last.

    >>> touches = [(date(2026, 1, 5), "fair"), (date(2026, 2, 1), "partners")]
    >>> path("service", touches, date(2026, 1, 31))
    ['service', 'fair']
    >>> path("fair", touches, None)
    ['fair', 'partners']
    >>> path(None, touches, None, [date(2026, 1, 5), date(2026, 1, 9), date(2026, 2, 3)])
    ['fair', 'personal', 'partners', 'personal']
    """
    told = [(day, False, channel) for day, channel in touches]
    told += [(day, True, PERSONAL) for day in contacts]
    found: list[str] = []
    for day, contact, channel in sorted(told):
        repeated = contact and found[-1:] == [PERSONAL]
        if (until is None or day <= until) and not repeated:
            found.append(channel)
    if origin is not None and found[:1] != [origin]:
        return [origin, *found]
    return found


def hours_cost(hours: Decimal, month: date, rates: Mapping[date, Decimal]) -> Decimal | None:
    """What hours of a pool cost, money, by the rate of a minute in that month or the last before.

    None where no rate is known by then.

    >>> rates = {date(2026, 1, 1): Decimal("0.5"), date(2026, 3, 1): Decimal("0.6")}
    >>> hours_cost(Decimal(2), date(2026, 2, 1), rates)
    Decimal('60.0')
    >>> hours_cost(Decimal(2), date(2025, 12, 1), rates) is None
    True
    """
    known = [each for each in rates if each <= month]
    return hours * MINUTES * rates[max(known)] if known else None


def thanks_overdue(day: date, thanked_on: date | None, today: date) -> bool:
    """Of a referral we got on a day."""
    return thanked_on is None and today > day + THANKS
