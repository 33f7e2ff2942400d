"""What was reckoned for who knows a part, kept in this process for the next page.

Somebody opens a chain, unfolds it, goes back: each time the same would be reckoned. It is kept
under all that it depends on, so what has changed is not found: the valuation, the day, how many
changes of links and reports there were, and whom the person knows, to the last customer. Only
numbers are kept and no names, of the last questions, and not more than a few megabytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock

from django.db import connection

from kundenstamm.guard.models import User
from kundenstamm.guard.rights import Reach, reach_of
from kundenstamm.worth.chain.links import Name
from kundenstamm.worth.chain.standing import Standing

AT_MOST = 20_000

Found = Mapping[Name, Standing]
_kept: OrderedDict[Hashable, Found] = OrderedDict()
_turns = Lock()


def remembered(ask: Callable[[], Hashable], reckon: Callable[[], Found]) -> Found:
    """The answer that is kept, or else a new one.

    A customer may be opened for somebody while it is reckoned: then another question was answered
    than asked, and the answer is not kept.
    """
    question = ask()
    with _turns:
        found = _kept.get(question)
        if found is not None:
            _kept.move_to_end(question)
            return found
    found = reckon()
    if ask() != question:
        return found
    with _turns:
        _kept[question] = found
        while sum(map(len, _kept.values())) > AT_MOST:
            _kept.popitem(last=False)
    return found


def whom_one_knows(actor: User) -> str:
    """The same text for the same customers, and as good as never for others."""
    everybody = reach_of(actor) is Reach.ALL
    whom = "customers_hidden_from(%s)::text" if everybody else "customers_known_bits(%s)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5({whom})", [actor.pk])
        return f"{everybody} {cursor.fetchone()[0]}"
