"""Agreements, channels, rivals and prospects of the invented company."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from kundenstamm.worth.synthetic.base import Buyer
from kundenstamm.worth.synthetic.company import MONEY, Plan, cents
from kundenstamm.worth.synthetic.orders import PROMOTION_SHARE
from kundenstamm.worth.synthetic.vocabulary import CHANNELS

RIVALS = ("Nordwerk Zubehör", "Billigbau24", "Handwerk-Direkt")


def agreements(plan: Plan, made: list[Buyer]) -> pl.DataFrame:
    """Rebates without end, and a summer promotion that was renewed until nobody noticed."""
    began = plan.until - timedelta(days=plan.days - 1)
    rows: list[tuple[str, str, float, date, date | None]] = [
        (b.number, "rebate", round(b.rebate, 4), began, None) for b in made if b.rebate
    ]
    for buyer in made:
        if buyer.story.startswith("Händler mit"):
            start = plan.until - timedelta(days=799)
            while start < plan.until:
                end = start + timedelta(days=119)
                rows.append((buyer.number, "promotion", PROMOTION_SHARE, start, end))
                start = end + timedelta(days=1)
        elif buyer.link == "dealer" and int(buyer.number) % 5 == 0:
            start = plan.until - timedelta(days=300)
            rows.append((buyer.number, "promotion", 0.04, start, start + timedelta(days=60)))
    return pl.DataFrame(
        rows,
        ["customer", "kind", "share", "starts", "ends"],
        orient="row",
        infer_schema_length=None,
    )


def channel_spend(plan: Plan) -> pl.DataFrame:
    rng = plan.stream("channels")
    rows = []
    for month in range(plan.days // 30):
        when = plan.until - timedelta(days=plan.days - 1 - month * 30)
        for (channel, _share), usual in zip(CHANNELS, (2_400, 900, 700, 150), strict=True):
            rows.append((when.replace(day=1), channel, cents(usual * float(rng.uniform(0.6, 1.5)))))
    frame = pl.DataFrame(
        rows, ["month", "channel", "amount"], orient="row", infer_schema_length=None
    )
    return frame.with_columns(pl.col("amount").cast(MONEY))


def rival_sightings(plan: Plan, made: list[Buyer]) -> pl.DataFrame:
    rng = plan.stream("rivals")
    rows = []
    for buyer in made:
        told = buyer.story == "bestellte pünktlich und ist verstummt"
        if told or rng.random() < 0.04:
            ago = 40 if told else int(rng.integers(5, 400))
            rival = RIVALS[int(rng.integers(len(RIVALS)))]
            note = "„Preis 4 % tiefer“" if told else "Prospekt lag auf der Theke."
            rows.append((buyer.number, plan.until - timedelta(days=ago), rival, note))
    return pl.DataFrame(
        rows, ["customer", "date", "rival", "note"], orient="row", infer_schema_length=None
    )


def prospects() -> pl.DataFrame:
    rows = [
        ("Stadtwerke Kesselstadt", "Haustechnik", 1_900_000.0, 0.22, "Leckerbissen, heute zu groß"),
        ("Amselgrund Innenausbau", "Tischlerei", 36_000.0, 0.05, "Empfehlung von Krüger & Söhne"),
        ("Salonkette Lerchenau", "Friseursalon", 58_000.0, 0.12, "acht Filialen, kleine Mengen"),
        ("Gimpelmoor Metallbau", "Metallbau", 21_000.0, 0.03, "kommt über Partnerbetrieb"),
    ]
    names = ["name", "trade", "expected_sales", "asked_rebate", "note"]
    return pl.DataFrame(rows, names, orient="row", infer_schema_length=None)
