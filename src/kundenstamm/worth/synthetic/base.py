"""The customers: who they are, and the hidden truth of how they behave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from kundenstamm.worth.synthetic.company import Plan
from kundenstamm.worth.synthetic.people import CLARA_LEFT_DAYS_AGO, REPRESENTATIVES
from kundenstamm.worth.synthetic.vocabulary import (
    CHANNELS,
    DEALER_WORDS,
    FIRST_NAMES,
    FORMS,
    PLACES,
    SURNAMES,
    TRADES,
)


@dataclass(frozen=True)
class Buyer:
    """One customer with its truth. Days count from the first day of the history."""

    number: str
    name: str
    link: str
    trade: str
    place: tuple[str, str, str]
    representative: str
    channel: str
    start: int
    end: int | None
    rate: float
    regularity: float
    order_size: float
    rebate: float
    returns: float
    service: float
    days_late: float
    story: str = ""
    supplied_by: str = ""
    pause: tuple[int, int] | None = None
    confidential: bool = False


def buyers(plan: Plan) -> list[Buyer]:
    """All customers; the hand-placed stories come first."""
    rng = plan.stream("customers")
    made = [_anybody(plan, n, rng) for n in range(plan.customers)]
    return _with_chain(_with_channels(plan, _with_stories(plan, made)), plan)


def _anybody(plan: Plan, n: int, rng: np.random.Generator) -> Buyer:
    dealer = rng.random() < 0.12
    trade = TRADES[int(rng.choice(len(TRADES), p=[t[2] for t in TRADES]))]
    rate = float(rng.gamma(1.5, 6.0)) + 0.6
    size = float(rng.lognormal(5.6, 1.05)) * (2.6 if dealer else 1.0)
    big = size * rate > 9_000
    # Old customers from before the history starts, and new ones all along.
    start = int(rng.integers(-700, 1)) if rng.random() < 0.55 else int(rng.integers(0, plan.days))
    leaves = rng.random() < 0.36
    place = PLACES[int(rng.integers(len(PLACES)))]
    once = not dealer and rng.random() < 0.08
    # The bigger the buyer, the more it asks for: rebates, visits, time to pay.
    demanding = rng.random() < (0.34 if big else 0.12)
    return Buyer(
        number=str(10_001 + n),
        name=_name(dealer, trade[0], rng),
        link="dealer" if dealer else "end_customer",
        trade="Fachhandel" if dealer else trade[1],
        place=place,
        representative=_representative(place[2], rng),
        channel=CHANNELS[int(rng.choice(len(CHANNELS), p=[c[1] for c in CHANNELS]))][0],
        start=start,
        end=start + int(rng.exponential(700)) + 40 if leaves else None,
        rate=0.0 if once else rate,
        regularity=float(rng.choice([1.0, 2.0, 4.0, 8.0], p=[0.4, 0.3, 0.2, 0.1])),
        order_size=size,
        rebate=float(rng.choice([0.0, 0.02, 0.04, 0.08, 0.13], p=[0.38, 0.25, 0.18, 0.13, 0.06]))
        + (0.09 if demanding else 0.0),
        returns=float(rng.choice([0.03, 0.09, 0.28], p=[0.55, 0.35, 0.10])),
        service=float(rng.lognormal(-0.5, 1.0)) * (5.0 if demanding else 1.0),
        days_late=float(max(rng.normal(2, 9), 0)) * (2.5 if demanding else 1.0),
        story="einmal gekauft" if once else "",
        confidential=bool(rng.random() < 0.01),
    )


def _name(dealer: bool, trade: str, rng: np.random.Generator) -> str:
    surname = SURNAMES[int(rng.integers(len(SURNAMES)))]
    form = FORMS[int(rng.integers(len(FORMS)))]
    if dealer:
        return f"{surname} {DEALER_WORDS[int(rng.integers(len(DEALER_WORDS)))]} {form}"
    if trade == "Salon":
        return f"Salon {FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]} {surname}"
    return f"{surname} {trade} {form}"


def _representative(region: str, rng: np.random.Generator) -> str:
    own = [code for code, _name, where in REPRESENTATIVES if where == region]
    if rng.random() < 0.85:
        return own[int(rng.integers(len(own)))]
    return REPRESENTATIVES[int(rng.integers(len(REPRESENTATIVES)))][0]


def _with_stories(plan: Plan, made: list[Buyer]) -> list[Buyer]:
    """A dozen customers whose history tells something; documentation points to them."""
    end = plan.days
    usual: dict[str, object] = {
        "start": -400, "end": None, "pause": None, "rebate": 0.02, "returns": 0.03,
        "service": 1.0, "days_late": 2.0, "link": "end_customer",
    }  # fmt: skip
    stories: list[dict[str, object]] = [
        usual | {"name": "Hofmann Haustechnik GmbH", "trade": "Haustechnik", "rate": 12.0,
                 "regularity": 8.0, "order_size": 2_900.0, "end": end - 105, "service": 1.6,
                 "representative": "AS", "story": "bestellte pünktlich und ist verstummt"},
        usual | {"name": "Salon Berger", "trade": "Friseursalon", "rate": 20.0, "regularity": 6.0,
                 "order_size": 700.0, "representative": "AS", "story": "Beschwerde offen"},
        usual | {"name": "Nord-Süd Handels KG", "link": "dealer", "trade": "Fachhandel",
                 "rate": 26.0, "regularity": 4.0, "order_size": 3_400.0, "rebate": 0.05,
                 "representative": "LB", "story": "Händler mit 41 Endkunden, Aktion verstetigt"},
        usual | {"name": "Krüger & Söhne", "trade": "Tischlerei", "rate": 15.0, "regularity": 6.0,
                 "order_size": 1_500.0, "representative": "MY", "story": "vernachlässigt"},
        usual | {"name": "Großbau Ulmenhorst AG", "trade": "Metallbau", "rate": 34.0,
                 "order_size": 4_800.0, "rebate": 0.31, "returns": 0.12, "service": 26.0,
                 "days_late": 48.0, "representative": "BK", "story": "größter Käufer, kostet Geld"},
        usual | {"name": "Filialkette Pirolheim GmbH", "link": "dealer", "trade": "Fachhandel",
                 "rate": 40.0, "order_size": 2_600.0, "rebate": 0.27, "returns": 0.24,
                 "service": 20.0, "days_late": 36.0, "representative": "BK",
                 "story": "fordert viel, bringt Verlust"},
        usual | {"name": "Mohn & Partner Haustechnik", "trade": "Haustechnik", "rate": 11.0,
                 "order_size": 2_100.0, "representative": "CM", "end": end - 200,
                 "story": "ging mit Clara"},
        usual | {"name": "Tannhof Sanitär GmbH", "trade": "Sanitär & Heizung", "rate": 13.0,
                 "order_size": 1_700.0, "representative": "CM", "end": end - 190,
                 "story": "ging mit Clara"},
        usual | {"name": "Zederholz Elektro KG", "trade": "Elektrotechnik", "rate": 9.0,
                 "order_size": 1_300.0, "pause": (end - 520, end - 60), "representative": "LB",
                 "story": "zurückgewonnen"},
        usual | {"name": "Weidengrund Dachtechnik e. K.", "trade": "Dachdeckerei", "rate": 7.0,
                 "order_size": 950.0, "service": 7.0, "returns": 0.2, "representative": "MY",
                 "story": "klein und teuer"},
        usual | {"name": "Lindenthal Metallbau GmbH", "trade": "Metallbau", "rate": 24.0,
                 "regularity": 8.0, "order_size": 2_400.0, "service": 0.4,
                 "representative": "AS", "story": "still und sehr einträglich"},
        usual | {"name": "Quittenbaum Werkstätten", "trade": "Tischlerei", "rate": 12.0,
                 "order_size": 1_100.0, "start": end - 70, "representative": "LB",
                 "story": "neu und vielversprechend"},
    ]  # fmt: skip
    told = [
        replace(buyer, **story)  # type: ignore[arg-type]
        for buyer, story in zip(made, stories, strict=False)
    ]
    return told + made[len(told) :]


# How much likelier than usual a channel brings small, dear or fleeting customers.
_BRINGS_SMALL = (2.8, 0.6, 0.8, 0.4)
_BRINGS_OTHERS = (0.35, 1.2, 1.1, 1.6)


def _with_channels(plan: Plan, made: list[Buyer]) -> list[Buyer]:
    """Advertising wins the most and the least worth having; whoever was sent by a customer stays.

    Drawn by itself: nothing else of anybody changes.
    """
    rng = plan.stream("origins")
    usual = np.array([share for _name, share in CHANNELS])
    found = []
    for buyer in made:
        fleeting = buyer.end is not None and buyer.end - buyer.start < 300
        small = buyer.rate * buyer.order_size < 2_500 or buyer.service > 2.5 or fleeting
        weights = usual * (_BRINGS_SMALL if small else _BRINGS_OTHERS)
        drawn = int(rng.choice(len(CHANNELS), p=weights / weights.sum()))
        found.append(replace(buyer, channel=CHANNELS[drawn][0]))
    return found


def _with_chain(made: list[Buyer], plan: Plan) -> list[Buyer]:
    """End customers behind a dealer: 41 behind one, a few behind others."""
    rng = plan.stream("chain")
    big = next(b.number for b in made if b.story.startswith("Händler mit"))
    dealers = [b.number for b in made if b.link == "dealer" and b.number != big]
    open_places = [i for i, b in enumerate(made) if b.link == "end_customer" and not b.story]
    chosen = rng.permutation(open_places)[:141]
    linked = list(made)
    for place, index in enumerate(chosen):
        dealer = big if place < 41 or not dealers else dealers[int(rng.integers(len(dealers)))]
        linked[index] = replace(linked[index], supplied_by=dealer)
    return linked


def customers(plan: Plan, made: list[Buyer]) -> pl.DataFrame:
    rng = plan.stream("contacts")
    began = plan.until - timedelta(days=plan.days - 1)
    rows = []
    for n, buyer in enumerate(made):
        contact = (
            f"{FIRST_NAMES[int(rng.integers(len(FIRST_NAMES)))]} "
            f"{SURNAMES[int(rng.integers(len(SURNAMES)))]}"
        )
        rows.append(
            {
                "customer": buyer.number,
                "customer_name": buyer.name,
                "kind": "company",
                "link": buyer.link,
                "supplied_by": buyer.supplied_by or None,
                "trade": buyer.trade,
                "country": "Deutschland",
                "region": buyer.place[2],
                "postcode": buyer.place[0],
                "city": buyer.place[1],
                "contact": contact,
                "email": f"kontakt{n + 1}@example.com",
                # 030 23125 000–999 is kept free for films and books.
                "phone": f"030 23125 {n % 1000:03d}",
                "since": began + timedelta(days=buyer.start),
                "channel": buyer.channel,
                "confidential": buyer.confidential,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def assignments(plan: Plan, made: list[Buyer]) -> pl.DataFrame:
    """Who serves whom; Clara's customers went to Marta and Lutz on the day she left."""
    began = plan.until - timedelta(days=plan.days - 1)
    left = plan.until - timedelta(days=CLARA_LEFT_DAYS_AGO)
    rows: list[tuple[str, str, date, date | None]] = []
    for n, buyer in enumerate(made):
        start = max(began + timedelta(days=buyer.start), began)
        if buyer.representative == "CM" and start < left:
            rows.append((buyer.number, "CM", start, left))
            rows.append((buyer.number, "MY" if n % 3 else "LB", left + timedelta(days=1), None))
        elif buyer.representative == "CM":
            rows.append((buyer.number, "MY", start, None))
        else:
            rows.append((buyer.number, buyer.representative, start, None))
    return pl.DataFrame(
        rows,
        ["customer", "representative", "starts", "ends"],
        orient="row",
        infer_schema_length=None,
    )


def truth(plan: Plan, made: list[Buyer]) -> pl.DataFrame:
    began = plan.until - timedelta(days=plan.days - 1)
    rows = [
        (
            b.number, b.rate, b.regularity,
            None if b.end is None else began + timedelta(days=b.end),
            b.order_size, b.service, b.story,
        )
        for b in made
    ]  # fmt: skip
    names = ["customer", "rate", "regularity", "dropout", "order_size", "service", "story"]
    return pl.DataFrame(rows, names, orient="row", infer_schema_length=None)
