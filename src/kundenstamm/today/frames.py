"""What care has to know, read out of the rooms that know it.

All customers, whoever asks: preparing is the system's own act. Who may see what of it is decided
where steps are read (``today.queries``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from kundenstamm.company.models import CompanyProfile
from kundenstamm.customers.models import Link
from kundenstamm.ledger import copying
from kundenstamm.ledger.models import EntryKind
from kundenstamm.relations.queries.turnover import company_leaving_rate
from kundenstamm.worth.care.cadence import Cadence
from kundenstamm.worth.care.known import Known

if TYPE_CHECKING:
    import polars as pl

NO_PLACES: Mapping[str, int] = {}
# A product group that was not bought for a year is not spoken of any more; its rhythm is older.
GROUPS_SINCE = timedelta(days=3 * 365)
NO_CONTACT = "('note', 'rival')"
# Kinds below these make net revenue, and contribution I (as `lifecycle.queries.purchases` has it).
NET, GOODS = int(EntryKind.COGS), int(EntryKind.ORDER)


def known(
    run: int, as_of: date, only: Sequence[int] | None = None, places: Mapping[str, int] = NO_PLACES
) -> Known:
    """All tables; ``only``: of these customers alone; ``places``: see `places`."""
    which = "" if only is None else f" AND customer_id = ANY('{{{','.join(map(str, only))}}}')"
    return Known.of(
        customers(run, which, places),
        contacts=_contacts(which),
        complaints=_complaints(which),
        rivals=_rivals(which),
        scores=_scores(which),
        groups=_groups(which, as_of),
        agreements=_agreements(which, as_of),
        bonds=_bonds(which, as_of),
    )


def cadence(profile: CompanyProfile) -> Cadence:
    """The company's own limits."""
    return Cadence(
        a=float(profile.class_a_share),
        b=float(profile.class_b_share),
        days_a=float(profile.silence_a),
        days_b=float(profile.silence_b),
        days_c=float(profile.silence_c),
        at_least=float(profile.silence_least),
    )


def places(profile: CompanyProfile) -> dict[str, int]:
    """Days that somebody of a place in the chain may be silent, for those places that have any."""
    found = {link: getattr(profile, f"silence_{link}") for link in Link.values}
    return {link: int(days) for link, days in found.items() if days}


def recorded_since() -> date | None:
    """The first day on which an interaction stands; None: nothing was written down yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(day) FROM care_interaction WHERE withdrawn_at IS NULL")
        found: date | None = cursor.fetchone()[0]
    return found


def customers(run: int, which: str = "", places: Mapping[str, int] = NO_PLACES) -> pl.DataFrame:
    """Those who bought, with the day since when they are regulars, and what their place allows.

    ``which``: a further condition on ``customer_id``, in SQL.
    """
    import pyarrow as pa

    # Places are words of our own, and days are whole numbers: there is nothing to inject.
    cases = " ".join(f"WHEN '{Link(link).value}' THEN {int(n)}" for link, n in places.items())
    place_days = f"CASE c.link {cases} END" if cases else "NULL::int"

    return copying.read(
        f"""
        SELECT customer_id, first_day, last_day, occasions, gap_mean, gap_sd, p_active,
               expected_contribution::float8, stage,
               coalesce(r.since, CASE WHEN stage = 'regular' THEN stage_since END), {place_days}
        FROM (SELECT * FROM lifecycle_estimate
              WHERE run_id = {int(run)} AND occasions > 0{which}) AS e
        JOIN customers_customer AS c ON c.id = e.customer_id AND NOT c.withdrawn
        LEFT JOIN (SELECT customer_id, min(since) AS since FROM lifecycle_stagechange
                   WHERE stage = 'regular'{which} GROUP BY customer_id) AS r USING (customer_id)
        ORDER BY customer_id
        """,  # noqa: S608
        {
            "customer_id": pa.int64(), "first_day": pa.date32(), "last_day": pa.date32(),
            "occasions": pa.int64(), "gap_mean": pa.float64(), "gap_sd": pa.float64(),
            "p_active": pa.float64(), "expected_contribution": pa.float64(),
            "stage": pa.string(), "regular_day": pa.date32(), "place_days": pa.int64(),
        },
    )  # fmt: skip


def conversations() -> pl.DataFrame:
    """Who spoke with us when: ``customer_id``, ``day``."""
    return _contacts("").filter("two_way").drop("two_way")


def _contacts(which: str) -> pl.DataFrame:
    return _days(
        "SELECT customer_id, day, reached::int FROM care_interaction "  # noqa: S608
        f"WHERE withdrawn_at IS NULL AND kind NOT IN {NO_CONTACT}{which}",
        "day", "two_way",
    )  # fmt: skip


def _complaints(which: str) -> pl.DataFrame:
    """Those that nobody has solved, from the day on which the customer complained."""
    return _days(
        "SELECT customer_id, day, (answered_at IS NOT NULL)::int FROM ("  # noqa: S608
        "  SELECT c.customer_id, i.day, c.answered_at FROM care_complaint AS c"
        "  JOIN care_interaction AS i ON i.id = c.interaction_id AND i.withdrawn_at IS NULL"
        f"  WHERE c.solved_at IS NULL) AS open WHERE true{which}",
        "day", "answered",
    )  # fmt: skip


def _rivals(which: str) -> pl.DataFrame:
    return _days(
        "SELECT customer_id, day FROM care_interaction "  # noqa: S608
        f"WHERE withdrawn_at IS NULL AND kind = 'rival'{which}",
        "day",
    )  # fmt: skip


def _scores(which: str) -> pl.DataFrame:
    """What each customer answered last, when it was asked whether it recommends us."""
    import pyarrow as pa

    return copying.read(
        "SELECT DISTINCT ON (customer_id) customer_id, (answered_at AT TIME ZONE "  # noqa: S608
        f"'{timezone.get_current_timezone_name()}')::date, score FROM care_survey "
        f"WHERE answered_at IS NOT NULL AND complaint_id IS NULL{which} "
        "ORDER BY customer_id, answered_at DESC",
        {"customer_id": pa.int64(), "day": pa.date32(), "score": pa.int16()},
    )


def _agreements(which: str, as_of: date) -> pl.DataFrame:
    """The last day of agreements that nobody has renewed and nobody ended before their time."""
    first, last = as_of - timedelta(days=60), as_of + timedelta(days=120)
    return _days(
        "SELECT customer_id, valid_to FROM terms_agreement AS a "  # noqa: S608
        f"WHERE valid_to BETWEEN '{first}' AND '{last}' AND state = 'agreed' "
        f"AND NOT EXISTS (SELECT FROM terms_agreement AS r WHERE r.renews_id = a.id){which}",
        "ends",
    )  # fmt: skip


def _bonds(which: str, as_of: date) -> pl.DataFrame:
    """Who holds each customer, what hangs on them, and when anybody else last spoke with it."""
    import polars as pl
    import pyarrow as pa

    found = copying.read(
        f"""
        SELECT customer_id, colleague.name, hanging::float8, (
            SELECT max(other.last_day) FROM relations_bond AS other
            JOIN relations_colleague AS works ON works.id = other.colleague_id AND works.here
            WHERE other.customer_id = bond.customer_id AND other.id <> bond.id)
        FROM relations_bond AS bond
        JOIN relations_colleague AS colleague ON colleague.id = bond.colleague_id
        WHERE holds AND hanging > 0{which}
        """,  # noqa: S608
        {
            "customer_id": pa.int64(), "holder": pa.string(), "hanging": pa.float64(),
            "others_day": pa.date32(),
        },
    )  # fmt: skip
    return found.with_columns(leaving=pl.lit(company_leaving_rate(as_of)))


def _groups(which: str, as_of: date) -> pl.DataFrame:
    """Days on which something of a product group was bought, and what it brought."""
    import pyarrow as pa

    return copying.read(
        f"""
        SELECT customer_id, g.name, date, sum(amount) FILTER (WHERE kind < {GOODS})::float8
        FROM ledger_line JOIN ledger_product AS p ON p.id = product_id
        JOIN ledger_productcategory AS g ON g.id = p.category_id
        WHERE date BETWEEN '{as_of - GROUPS_SINCE}' AND '{as_of}'{which}
        GROUP BY customer_id, g.name, date HAVING sum(amount) FILTER (WHERE kind < {NET}) > 0
        """,  # noqa: S608
        {
            "customer_id": pa.int64(), "product_group": pa.string(), "day": pa.date32(),
            "contribution": pa.float64(),
        },
    )  # fmt: skip


def _days(select: str, day: str, flag: str = "") -> pl.DataFrame:
    """Rows of a customer and a day, and whether something was so."""
    import polars as pl
    import pyarrow as pa

    columns = {"customer_id": pa.int64(), day: pa.date32()}
    if not flag:
        return copying.read(select, columns)
    found = copying.read(select, columns | {flag: pa.int8()})
    return found.with_columns(pl.col(flag).cast(pl.Boolean))
