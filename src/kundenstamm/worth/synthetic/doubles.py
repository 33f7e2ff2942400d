"""A base with known doubles: companies entered twice, misspelt as people and systems misspell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from kundenstamm.worth.duplicates.table import COLUMNS
from kundenstamm.worth.synthetic.vocabulary import FIRST_NAMES, FORMS, PLACES, SURNAMES, TRADES

Row = dict[str, Any]
_ENDS = ("er", "mann", "ke", "sen", "inger", "ow", "ert", "bach", "hof", "stein")
_STREETS = ("Haupt", "Bahnhof", "Garten", "Linden", "Mühlen", "Schul", "Kirch", "Berg", "Ring")


def base(
    companies: int, seed: int, share: float = 0.05
) -> tuple[pl.DataFrame, set[frozenset[str]]]:
    """Companies, a ``share`` of them entered twice; and which pairs are one company.

    Among them are namesakes (another town, other phone) and companies that share an address or
    a switchboard: pairs that look alike and are not one.

    Returns
    -------
    tuple
        Columns ``id, name, street, postcode, city, vat, phones, mails, domains`` (the last three
        lists); pairs of ids.
    """
    rng = np.random.default_rng(seed)
    rows = [_company(n, rng) for n in range(companies)]
    _alike(rows, rng)
    twice = rng.choice(companies, int(companies * share), replace=False)
    copies = [_again(rows[n], rng) | {"id": f"{rows[n]['id']}b"} for n in twice]
    pairs = {frozenset((rows[n]["id"], f"{rows[n]['id']}b")) for n in twice}
    mixed = [*rows, *copies]
    order = rng.permutation(len(mixed))
    return pl.DataFrame([mixed[n] for n in order], schema=COLUMNS), pairs


def _company(n: int, rng: np.random.Generator) -> Row:
    surname = _surname(rng)
    trade = TRADES[int(rng.integers(len(TRADES)))][0]
    name = f"{surname} {trade} {FORMS[int(rng.integers(len(FORMS)))]}"
    if rng.random() < 0.3:
        name = f"{trade} {FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]} {surname}"
    place = PLACES[int(rng.integers(len(PLACES)))]
    domain = f"{surname.lower()}-{trade.lower()}-{n}.example"
    return {
        "id": f"c{n}",
        "name": name,
        "street": f"{_STREETS[int(rng.integers(len(_STREETS)))]}straße {int(rng.integers(1, 160))}",
        "postcode": f"{int(place[0][:3]):03d}{int(rng.integers(100)):02d}",
        "city": place[1],
        "vat": f"DE{int(rng.integers(10**8, 10**9))}" if rng.random() < 0.4 else "",
        "phones": [f"0{int(rng.integers(10**8, 10**9))}"] if rng.random() < 0.8 else [],
        "mails": [f"info@{domain}"] if rng.random() < 0.7 else [],
        "domains": [],
    } | {"domains": [domain]}


def _surname(rng: np.random.Generator) -> str:
    """Some are frequent, as Müller is; most are not."""
    if rng.random() < 0.25:
        return SURNAMES[int(rng.integers(12))]
    stem = SURNAMES[int(rng.integers(len(SURNAMES)))]
    cut = stem[: int(rng.integers(3, len(stem) + 1))]
    return cut + _ENDS[int(rng.integers(len(_ENDS)))]


def _alike(rows: list[Row], rng: np.random.Generator) -> None:
    """Namesakes elsewhere, neighbours under one roof, companies behind one switchboard."""
    for n in rng.choice(len(rows), len(rows) // 25, replace=False):
        other = rows[int(rng.integers(len(rows)))]
        if other is rows[n]:
            continue
        kind = int(rng.integers(3))
        if kind == 0:
            rows[n]["name"] = other["name"]
        elif kind == 1:
            rows[n] |= {name: other[name] for name in ("street", "postcode", "city")}
        else:
            rows[n]["phones"] = list(other["phones"])


def _again(row: Row, rng: np.random.Generator) -> Row:
    """The same company as somebody else enters it."""
    made = {**row, "phones": list(row["phones"]), "mails": list(row["mails"])}
    made["domains"] = list(row["domains"])
    for n in rng.choice(len(_SLIPS), int(rng.integers(1, 4)), replace=False):
        _SLIPS[int(n)](made, rng)
    for name, chance in (("vat", 0.5), ("street", 0.1), ("postcode", 0.05)):
        if rng.random() < chance:
            made[name] = ""
    for name, chance in (("phones", 0.35), ("mails", 0.4)):
        if rng.random() < chance:
            made[name] = []
    if not made["mails"]:
        made["domains"] = []
    return made


def _typo(text: str, rng: np.random.Generator) -> str:
    if len(text) < 5:
        return text
    at = int(rng.integers(1, len(text) - 2))
    return (
        text[:at] + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + text[at] + text[at:],
    )[int(rng.integers(3))]


def _misspell(row: Row, rng: np.random.Generator) -> None:
    row["name"] = _typo(row["name"], rng)


def _umlauts(row: Row, _rng: np.random.Generator) -> None:
    for sign, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        row["name"] = row["name"].replace(sign, pair)
        row["street"] = row["street"].replace(sign, pair)


def _form(row: Row, _rng: np.random.Generator) -> None:
    for form in sorted(FORMS, key=len, reverse=True):
        if row["name"].endswith(form):
            row["name"] = row["name"].removesuffix(form).strip()
            return
    row["name"] = f"Fa. {row['name']}"


def _order(row: Row, _rng: np.random.Generator) -> None:
    first, *rest = row["name"].split(" ")
    if rest:
        row["name"] = " ".join((rest[0], first, *rest[1:]))


def _capitals(row: Row, _rng: np.random.Generator) -> None:
    row["name"] = row["name"].upper()


def _street(row: Row, _rng: np.random.Generator) -> None:
    row["street"] = row["street"].replace("straße", "str.")


def _moved(row: Row, rng: np.random.Generator) -> None:
    row["street"] = f"Neue Straße {int(rng.integers(1, 90))}"


def _number(row: Row, rng: np.random.Generator) -> None:
    row["phones"] = [f"0{int(rng.integers(10**8, 10**9))}"]


def _short(row: Row, _rng: np.random.Generator) -> None:
    row["name"] = " ".join(row["name"].split(" ")[:2])


_SLIPS: tuple[Callable[[Row, np.random.Generator], None], ...] = (
    _misspell, _umlauts, _form, _order, _capitals, _street, _moved, _number, _short,
)  # fmt: skip
