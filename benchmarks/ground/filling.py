"""Made-up books of any size, by set-based SQL: the same customers and days every time."""

from __future__ import annotations

from datetime import UTC, date, datetime

AS_OF = date(2025, 12, 31)


def fill(customers: int) -> int:
    """Customers with none to ten purchases at their own pace over three years; how many lines."""
    from django.db import connection

    from kundenstamm.customers import search_functions
    from kundenstamm.guard.actions import ensure_owner

    owner = ensure_owner(at=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute("DROP INDEX customer_pieces")
        cursor.execute(_CUSTOMERS, [customers])
        cursor.execute(search_functions.INDEX)
        cursor.execute(_LINES, {"owner": owner.pk})
        lines = cursor.rowcount
        cursor.execute("VACUUM ANALYZE")
    return int(lines)


def buy(customers: int, day: date) -> None:
    """A batch of one purchase each by so many customers, spread evenly over the base."""
    from django.db import connection

    from kundenstamm.guard.actions import ensure_owner

    owner = ensure_owner(at=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute(_PURCHASES, {"owner": owner.pk, "day": day, "customers": customers})


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE customers_customer, ledger_entry, ledger_batch, lifecycle_valuationrun "
            "RESTART IDENTITY CASCADE"
        )


# 900 family names, 20 trades, 300 places: with the number of customers grows how many share one.
_CUSTOMERS = """
WITH words AS (
    SELECT string_to_array('Alt Bach Berg Birk Blum Brand Braun Dorn Eber Eich Feld Frei Gold '
        'Grün Hart Hell Kalt Kirch König Lang Linden Mühl Neu Ober Rosen Stein Thal Wald Weid '
        'Winter', ' ') AS beginnings,
    string_to_array('acker au bacher bauer baum berger brecht bruch burger dorfer eder felder '
        'fels gruber häuser hofer huber kamp lehner mann meier müller rieder schmidt städter '
        'steiner thaler wanger weber winkler', ' ') AS endings,
    string_to_array('Bau Bäckerei Dachdecker Elektro Fenster Fliesen Garten Gerüstbau Glas '
        'Heizung Holzhandel Klima Maler Metallbau Möbel Sanitär Schreinerei Spedition Tiefbau '
        'Werkzeuge', ' ') AS trades,
    string_to_array('Alten Bruck Eisen Freuden Grafen Hohen Kalten Lauter Rotten Schön', ' ')
        AS places
), made AS (
    SELECT i, hashint4(i)::bigint & 1073741823 AS one, hashint4(i + 500000000)::bigint &
        1073741823 AS two FROM generate_series(1, %s) AS i
)
INSERT INTO customers_customer (key, number, name, kind, link, trade, region, country, postcode,
    city, street, channel, confidential, created_at, withdrawn)
SELECT gen_random_uuid(), (1000000 + i)::text,
    beginnings[1 + one %% 30] || endings[1 + one / 30 %% 30] || ' ' || trades[1 + two %% 20]
        || (ARRAY[' GmbH', ' OHG', ' KG', ''])[1 + one / 900 %% 4],
    'company', (ARRAY['dealer', 'end_customer', 'wholesaler'])[1 + i %% 3],
    trades[1 + two %% 20], 'Region ' || i %% 17,
    CASE WHEN i %% 50 = 0 THEN 'Österreich' ELSE 'Deutschland' END, (10000 + two %% 89999)::text,
    places[1 + two / 20 %% 10] || endings[1 + two / 200 %% 30], '', '', false, now(), false
FROM made, words ORDER BY i
"""

_LINES = """
WITH source AS (
    INSERT INTO ledger_source (name) VALUES ('benchmark')
    ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id
), batch AS (
    INSERT INTO ledger_batch (key, kind, source_id, file_name, checksum, actor_id, made_at, result)
    SELECT gen_random_uuid(), 'sales', id, '', '', %(owner)s, now(), '{}' FROM source
    RETURNING id, source_id
), made AS (
    SELECT customer.id, n, random() AS dice, date '2023-01-01' + least(1090, customer.id * 7919
        %% 900 + n * (10 + customer.id * 31 %% 60) * (0.5 + random()))::int AS day
    FROM customers_customer AS customer,
         generate_series(0, abs(hashint8(customer.id)) %% 10) AS n
)
INSERT INTO ledger_entry (customer_id, date, kind, amount, document, line, part, revision, currency,
    source_id, batch_id)
SELECT made.id, day, CASE WHEN dice < 0.9 THEN 10 WHEN dice < 0.95 THEN 20 ELSE 51 END,
    CASE WHEN dice < 0.9 THEN round((20 + 480 * random())::numeric, 2)
         ELSE -round((50 * random())::numeric, 2) END,
    'D' || made.id, n, 0, 0, '', source_id, batch.id
FROM made, batch
"""

_PURCHASES = """
WITH batch AS (
    INSERT INTO ledger_batch (key, kind, source_id, file_name, checksum, actor_id, made_at, result)
    SELECT gen_random_uuid(), 'sales', id, '', '', %(owner)s, now(), '{}' FROM ledger_source
    WHERE name = 'benchmark' RETURNING id, source_id
), who AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS there
    FROM customers_customer
)
INSERT INTO ledger_entry (customer_id, date, kind, amount, document, line, part, revision, currency,
    source_id, batch_id)
SELECT who.id, %(day)s, 10, 123, 'N' || who.id, 0, 0, 0, '', source_id, batch.id
FROM who, batch WHERE place %% greatest(there / %(customers)s, 1) = 0
"""
