"""The door for whoever holds a survey's link, defined once, here; migrations run this text.

Nobody is signed in there, so row-level security shows nothing and lets nothing be written. These
two functions have the owner's rights and do one thing each, for one digest: tell what the page
needs, without the customer; and write this one answer. Unknown, ended and revoked are all nothing.
"""

CREATE = """
CREATE FUNCTION care_survey_behind(digest text)
RETURNS TABLE (key uuid, language text, question text, score smallint, open_until timestamptz)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.key, s.language, s.question, s.score, s.open_until FROM care_survey AS s
    WHERE s.token_hash = digest AND digest <> ''
      AND s.revoked_at IS NULL AND s.open_until > guard_now()
$$;

-- The first answer shortens or lengthens the time the link lives: so long it may be corrected.
CREATE FUNCTION care_survey_answer(
    digest text, given smallint, told text, told_index text, added text, added_index text,
    correctable interval
) RETURNS boolean
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE care_survey AS s SET
        score = given, said = told, said_index = told_index,
        remark = added, remark_index = added_index,
        answered_at = coalesce(s.answered_at, guard_now()),
        corrected_at = CASE WHEN s.answered_at IS NOT NULL THEN guard_now() END,
        open_until = CASE WHEN s.answered_at IS NULL
            THEN guard_now() + correctable ELSE s.open_until END
    WHERE s.token_hash = digest AND digest <> ''
      AND s.revoked_at IS NULL AND s.open_until > guard_now();
    RETURN FOUND;
END $$;
"""
# Also whether the page asks how a complaint was handled; still nothing of the customer.
ABOUT = """
DROP FUNCTION care_survey_behind(text);
CREATE FUNCTION care_survey_behind(digest text)
RETURNS TABLE (key uuid, language text, question text, score smallint, open_until timestamptz,
    handling boolean)
LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.key, s.language, s.question, s.score, s.open_until, s.complaint_id IS NOT NULL
    FROM care_survey AS s
    WHERE s.token_hash = digest AND digest <> ''
      AND s.revoked_at IS NULL AND s.open_until > guard_now()
$$;
"""
DROP = """
DROP FUNCTION care_survey_answer(text, smallint, text, text, text, text, interval);
DROP FUNCTION care_survey_behind(text);
"""
