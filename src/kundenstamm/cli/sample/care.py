"""What happened with the sample company's customers; their visits, calls and complaints are work.

Tries that nobody answered and mails are put beside the calls that they belong to: they take no
time, so what serving costs stays what the company's tables say.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from kundenstamm.care.models import Interaction
from kundenstamm.cli.sample.staging import stage
from kundenstamm.guard import keys
from kundenstamm.guard.sealed_fields import sealed_columns
from kundenstamm.ledger.models import EntryKind, Source

if TYPE_CHECKING:
    import polars as pl

    from kundenstamm.worth.synthetic import SampleCompany

DIARY = "Sample company, diary"
# What the company's people say where they called themselves; else the customer did.
OFFER, ASKING = "Angebot durchgesprochen.", "Nach dem Stand der Baustelle gefragt."
# So many of them had a mail before, or a try in vain.
EVERY_OFFER, EVERY_ASKING = 3, 5


def load_care(company: SampleCompany, at: datetime) -> None:
    """Record all of it, in order of time."""
    rows = _sealed(_happened(company))
    columns = (
        "n bigint, customer text, date date, kind text, direction text, reached boolean, "
        "minutes numeric, person text, key uuid, note text, note_index text"
    )
    stage("sample_interaction", rows, columns)
    source, _made = Source.objects.get_or_create(name=DIARY)
    values: dict[str, Any] = {
        "source": source.pk,
        "at": at,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, values)
        cursor.execute("ANALYZE care_interaction")


def _happened(company: SampleCompany) -> pl.DataFrame:
    import polars as pl

    rows = pl.concat([*_contacts(company.activities), _complaints(company), _rivals(company)])
    return rows.sort("date", "customer", "kind", "note", "minutes").with_row_index("n", 1)


def _contacts(done: pl.DataFrame) -> list[pl.DataFrame]:
    import polars as pl

    visits = _shaped(done.filter(pl.col("kind") == "visit"), "visit", reached=True)
    calls = done.filter(pl.col("kind") == "call")
    ours = pl.col("note").is_in([OFFER, ASKING])
    spoken = [
        _shaped(calls.filter(each), "call", direction, reached=True)
        for each, direction in ((ours, "we"), (~ours, "they"))
    ]
    offers = calls.filter(pl.col("note") == OFFER).gather_every(EVERY_OFFER)
    tries = calls.filter(pl.col("note") == ASKING).gather_every(EVERY_ASKING)
    vain = {"minutes": pl.lit(None, pl.Int64)}
    mails = offers.with_columns(note=pl.lit("Angebot geschickt."), **vain)
    unanswered = tries.with_columns(note=pl.lit("Niemanden erreicht."), **vain)
    return [
        visits, *spoken, _shaped(mails, "mail", "we"), _shaped(unanswered, "call", "we"),
    ]  # fmt: skip


def _complaints(company: SampleCompany) -> pl.DataFrame:
    """One that nobody has worked on yet took no minutes so far."""
    import polars as pl

    made = company.complaints.rename({"opened": "date"})
    costs = company.service_costs.filter(pl.col("kind") == int(EntryKind.COMPLAINT))
    worked = costs.select("customer", "date", "minutes").unique()
    known = made.join(
        worked.with_columns(worked=True), on=["customer", "date", "minutes"], how="left"
    )
    minutes = pl.when(pl.col("worked")).then("minutes").otherwise(0)
    said = pl.format("Reklamation: {}.", "text")
    return _shaped(known.with_columns(minutes=minutes, note=said, person=pl.lit("JT")),
                   "complaint", reached=True)  # fmt: skip


def _rivals(company: SampleCompany) -> pl.DataFrame:
    import polars as pl

    seen = company.rival_sightings
    said = pl.format("{}: {}", "rival", "note")
    nothing = {"minutes": pl.lit(None, pl.Int64), "person": pl.lit(None, pl.String)}
    return _shaped(seen.with_columns(note=said, **nothing), "rival")


def _shaped(
    rows: pl.DataFrame, kind: str, direction: str = "", *, reached: bool = False
) -> pl.DataFrame:
    import polars as pl

    return rows.select(
        "customer", "date", kind=pl.lit(kind), direction=pl.lit(direction),
        reached=pl.lit(reached), minutes="minutes", person="person", note="note",
    )  # fmt: skip


def _sealed(rows: pl.DataFrame) -> pl.DataFrame:
    """Before the database sees any of them; needs the transaction that writes them."""
    import polars as pl

    keys.hold()
    current = keys.ring().current
    found = []
    for text in rows["note"].to_list():
        key = uuid.uuid4()
        made = sealed_columns(Interaction, key, "note", text, current)
        found.append((str(key), made["note"], made["note_index"]))
    named = dict.fromkeys(("key", "note", "note_index"), pl.String)
    return rows.drop("note").hstack(pl.DataFrame(found, named, orient="row"))


# Between eight and five, spread by the number.
_MAKE = """
INSERT INTO care_interaction
    (key, customer_id, kind, direction, reached, happened_at, day, minutes, contact_id, note,
     note_index, author_id, recorded_at, withdrawn_because, source_id, document, line)
SELECT made.key, customer.id, made.kind, made.direction, made.reached,
       least((made.date + time '08:00' + make_interval(mins => (n * 47 %% 540)::int))
             AT TIME ZONE %(zone)s, %(at)s),
       made.date, made.minutes, contact.id, made.note, made.note_index, representative.user_id,
       %(at)s, '', %(source)s, 'KT-' || lpad(n::text, 6, '0'), 1
FROM sample_interaction AS made
JOIN customers_customer AS customer ON customer.number = made.customer
LEFT JOIN customers_contact AS contact
  ON contact.customer_id = customer.id AND contact.is_main AND made.kind <> 'rival'
LEFT JOIN customers_representative AS representative ON representative.code = made.person
ORDER BY n
"""
