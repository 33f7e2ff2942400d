"""The database functions behind the search, defined once, here; migrations run this text.

PostgreSQL's own extensions for this (pg_trgm, unaccent) are missing from the embedded server, so
names are folded and cut into pieces of three letters by functions of our own, in plain SQL.
A word of one or two letters is looked for where words begin.
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

# Ids say nothing, so they may be anybody's: whoever asks narrows them to what the actor may see.
# Dynamic, so that it is planned for the words at hand: pieces narrow through the index, then each
# word is compared exactly. Common words have more than ``at_most`` rows and end there.
MATCHING = """
CREATE FUNCTION customers_pattern(typed text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT '%' || CASE WHEN length(folded) < 3 THEN ' ' ELSE '' END || replace(replace(replace(
        folded, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
    FROM (SELECT customers_fold(typed) AS folded) AS typed
);

CREATE FUNCTION customers_says(search text, typed text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ' ' || search LIKE customers_pattern(typed);

CREATE FUNCTION customers_matching(words text[], at_most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    pieces text[];
    patterns text[];
    found bigint[];
BEGIN
    SELECT array_agg(DISTINCT piece) INTO pieces
    FROM unnest(words) AS word, unnest(customers_query_pieces(word)) AS piece;
    SELECT array_agg(customers_pattern(word)) INTO patterns FROM unnest(words) AS word;
    EXECUTE format(
        'SELECT ARRAY(SELECT id FROM customers_customer WHERE customers_pieces(search) @> %L'
        ' AND '' '' || search LIKE ALL (%L) AND NOT withdrawn LIMIT %s)', pieces, patterns, at_most)
    INTO found;
    RETURN found;
END $$;
"""
DROP_MATCHING = """
DROP FUNCTION customers_matching(text[], integer);
DROP FUNCTION customers_says(text, text);
DROP FUNCTION customers_pattern(text);
"""
