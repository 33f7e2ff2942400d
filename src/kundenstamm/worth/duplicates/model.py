"""How likely two rows are the same customer: Fellegi and Sunter's model, computed by Splink.

Each comparison has levels; each level says how often it is seen among rows of one customer
(``m``) and of two (``u``), and the weights log2(m/u) add up. A frequent name weighs less than a
rare one (term frequency, of the base itself).

``m`` and ``u`` are fixed here and not learnt from the base at hand: most companies have a few
hundred customers and a handful of doubles, from which expectation-maximisation learns noise. See
docs/decisions/duplicates.md for how they came about and what was measured.

Fellegi, Sunter (1969): A Theory for Record Linkage. JASA 64(328), 1183–1210.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from kundenstamm.worth.duplicates.table import comparable

if TYPE_CHECKING:
    from splink import SettingsCreator
    from splink.internals.comparison_creator import ComparisonCreator

# From here on a pair is worth a look.
THRESHOLD = 0.2
# One in so many customers is there twice, before anything is compared.
ONE_IN = 30
COMPARED = ("name", "address", "phone", "mail", "vat")

# Column, then the levels from alike to different: SQL, m, u, and what a person is told.
_NAME = (
    ("core_l = core_r", 0.50, 0.0004, "name_same"),
    ("jaro_winkler_similarity(core_l, core_r) >= 0.95 OR sound_l = sound_r", 0.22, 0.0008,
     "name_similar"),
    ("jaro_winkler_similarity(core_l, core_r) >= 0.88"
     " OR list_has_all(string_split(core_l, ' '), string_split(core_r, ' '))"
     " OR list_has_all(string_split(core_r, ' '), string_split(core_l, ' '))",
     0.20, 0.008, "name_part"),
    ("ELSE", 0.08, 0.9908, ""),
)  # fmt: skip
_ADDRESS = (
    ("street_l = street_r AND postcode_l = postcode_r", 0.62, 0.0002, "address_same"),
    ("postcode_l = postcode_r AND jaro_winkler_similarity(street_l, street_r) >= 0.92",
     0.06, 0.0002, "address_similar"),
    ("street_l = street_r AND city_l = city_r", 0.02, 0.0001, "address_similar"),
    ("postcode_l = postcode_r", 0.20, 0.004, "postcode_same"),
    ("city_l = city_r", 0.05, 0.03, "city_same"),
    ("ELSE", 0.05, 0.9657, ""),
)  # fmt: skip
_PHONE = (
    ("list_has_any(phones_l, phones_r)", 0.70, 0.0002, "phone_same"),
    ("ELSE", 0.30, 0.9998, ""),
)
_MAIL = (
    ("list_has_any(mails_l, mails_r)", 0.65, 0.00005, "mail_same"),
    ("list_has_any(domains_l, domains_r)", 0.20, 0.00015, "domain_same"),
    ("ELSE", 0.15, 0.9998, ""),
)
_VAT = (
    ("vat_l = vat_r", 0.95, 0.00001, "vat_same"),
    ("damerau_levenshtein(vat_l, vat_r) <= 1", 0.03, 0.00001, "vat_similar"),
    ("ELSE", 0.02, 0.99998, ""),
)
_LEVELS = {"name": _NAME, "address": _ADDRESS, "phone": _PHONE, "mail": _MAIL, "vat": _VAT}
_NOTHING = {
    "name": "core_l IS NULL OR core_r IS NULL",
    "address": "postcode_l IS NULL AND city_l IS NULL OR postcode_r IS NULL AND city_r IS NULL",
    "phone": "phones_l IS NULL OR phones_r IS NULL",
    "mail": "coalesce(mails_l, domains_l) IS NULL OR coalesce(mails_r, domains_r) IS NULL",
    "vat": "vat_l IS NULL OR vat_r IS NULL",
}
PAIRS = {"first": pl.String, "second": pl.String, "probability": pl.Float64} | dict.fromkeys(
    COMPARED, pl.String
)


def pairs(rows: pl.DataFrame, *, threshold: float = THRESHOLD) -> pl.DataFrame:
    """Pairs of rows that look like one customer.

    Parameters
    ----------
    rows
        As `kundenstamm.worth.duplicates.table.COLUMNS`.
    threshold
        Least probability of a pair.

    Returns
    -------
    polars.DataFrame
        ``first, second`` (ids, in the order of text), ``probability``; and for each of `COMPARED`
        the level's name (``name_similar``), empty where the rows differ, null where one of them
        says nothing. The likeliest first.
    """
    return _found(comparable(rows), None, threshold)


def pairs_between(
    base: pl.DataFrame, new: pl.DataFrame, *, threshold: float = THRESHOLD
) -> pl.DataFrame:
    """Pairs of a known row (``first``) and a new one (``second``); otherwise as `pairs`."""
    return _found(comparable(base), comparable(new, base), threshold)


def _found(known: pl.DataFrame, new: pl.DataFrame | None, threshold: float) -> pl.DataFrame:
    enough = known.height > 1 if new is None else known.height and new.height
    if not enough:
        return pl.DataFrame(schema=PAIRS)
    from splink import DuckDBAPI, Linker

    with duckdb.connect(":memory:") as connection:
        api = DuckDBAPI(connection)
        base = api.register(known.to_arrow())
        linker = Linker(base, _settings(known.height), logging.ERROR)
        if new is None:
            told = linker.inference.predict(threshold_match_probability=threshold)
        else:
            linker.table_management.compute_tf_table("core")
            arrived = api.register(new.to_arrow())
            told = linker.inference.predict_between(
                base, arrived, threshold_match_probability=threshold, warning_mode="never"
            )
        frame = pl.DataFrame(told.as_pyarrow_table())  # type: ignore[no-untyped-call]
    return _in_words(frame, new is None)


def _in_words(told: pl.DataFrame, sort: bool) -> pl.DataFrame:
    left, right = pl.col("unique_id_l"), pl.col("unique_id_r")
    first = pl.min_horizontal(left, right) if sort else left
    second = pl.max_horizontal(left, right) if sort else right
    return told.select(
        first=first, second=second, probability=pl.col("match_probability"),
        **{name: _word(name) for name in COMPARED},
    ).sort("probability", "first", "second", descending=[True, False, False])  # fmt: skip


def _word(name: str) -> pl.Expr:
    """Splink numbers levels from the most different one, 0, upwards; −1: nothing is known."""
    words = [word for _sql, _m, _u, word in reversed(_LEVELS[name])]
    return pl.col(f"gamma_{name}").replace_strict(
        dict(enumerate(words)), default=None, return_dtype=pl.String
    )


def _settings(height: int) -> SettingsCreator:
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=min(2 / ONE_IN / max(height - 1, 1), 0.01),
        comparisons=[_comparison(name) for name in COMPARED],
        blocking_rules_to_generate_predictions=[
            block_on("vat"),
            block_on("phones", arrays_to_explode=["phones"]),
            block_on("mails", arrays_to_explode=["mails"]),
            block_on("domains", arrays_to_explode=["domains"]),
            block_on("core", "near"),
            block_on("sound", "near"),
            block_on("street", "postcode"),
            block_on("lead", "postcode"),
        ],
        retain_intermediate_calculation_columns=False,
    )


def _comparison(name: str) -> ComparisonCreator:
    from splink.comparison_library import CustomComparison

    made: list[Any] = [{"sql_condition": _NOTHING[name], "is_null_level": True}]
    for number, (sql, m, u, word) in enumerate(_LEVELS[name]):
        level = {
            "sql_condition": sql, "m_probability": m, "u_probability": u,
            "label_for_charts": word or "different",
            "fix_m_probability": True, "fix_u_probability": True,
        }  # fmt: skip
        if name == "name" and number == 0:
            level |= {"tf_adjustment_column": "core", "tf_adjustment_weight": 1.0}
        made.append(level)
    return CustomComparison(output_column_name=name, comparison_levels=made)
