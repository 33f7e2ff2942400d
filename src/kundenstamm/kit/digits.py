"""How many digits the columns for money, for shares and for time have."""

from __future__ import annotations

from typing import TypedDict


class Digits(TypedDict):
    max_digits: int
    decimal_places: int


# Four decimals: a real wholesaler's file has prices of a tenth of a cent. Rounded when shown only.
MONEY: Digits = {"max_digits": 18, "decimal_places": 4}
# From -1 to 1 in hundredths of a per cent.
SHARE: Digits = {"max_digits": 5, "decimal_places": 4}
# Thousandths of a minute.
MINUTES: Digits = {"max_digits": 12, "decimal_places": 3}
