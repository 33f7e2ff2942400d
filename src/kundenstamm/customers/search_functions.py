"""The database functions behind the search, defined once, here; migrations run this text.

PostgreSQL's own extensions for this (pg_trgm, unaccent) are missing from the embedded server, so
names are folded and cut into pieces of three letters by functions of our own, in plain SQL.
"""

_ACCENTED = (
    "äöüÄÖÜáàâãåÁÀÂÃÅéèêëÉÈÊËíìîïÍÌÎÏóòôõøÓÒÔÕØúùûÚÙÛýÿÝñÑçÇšŠžŽčČřŘěĚłŁćĆńŃśŚźŹżŻőŐűŰğĞıİşŞ"
)
_PLAIN = "aouaouaaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuyyynnccsszzccrreellccnnsszzzzoouuggiiss"

# The two alphabets are the literals above, so there is nothing to inject.
CREATE = f"""
CREATE FUNCTION customers_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(
    translate(lower(words), '{_ACCENTED}', '{_PLAIN}'),
    'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u');

CREATE FUNCTION customers_pieces(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg(DISTINCT piece), '{{}}')
    FROM unnest(string_to_array(folded, ' ')) AS word,
    LATERAL (
        SELECT ' ' || left(word, 1) AS piece
        UNION ALL
        SELECT substr(' ' || word, n, 3) FROM generate_series(1, length(word) - 1) AS n
    ) AS pieces
    WHERE word <> ''
);

CREATE FUNCTION customers_query_pieces(typed text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT CASE
        WHEN length(folded) < 3 THEN ARRAY[' ' || folded]
        ELSE ARRAY(SELECT substr(folded, n, 3) FROM generate_series(1, length(folded) - 2) AS n)
    END
    FROM (SELECT customers_fold(typed) AS folded) AS typed
);
"""  # noqa: S608

DROP = """
DROP FUNCTION customers_query_pieces(text);
DROP FUNCTION customers_pieces(text);
DROP FUNCTION customers_fold(text);
"""

INDEX = """
CREATE INDEX customer_pieces ON customers_customer USING gin (customers_pieces(search));
"""
