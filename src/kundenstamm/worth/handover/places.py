"""Where a postcode is, about: the middle of its postal region.

Written down from general knowledge to a tenth of a degree, not measured. A two-digit region of
Germany is 50 to 100 km across, so within one region nothing is known and from one to the next a
distance may be wrong by some 40 km. It tells a neighbour from the other end of the country, which
is what choosing a successor needs; it is no route.
"""

from __future__ import annotations

import math

from kundenstamm.worth.handover.fit import EARTH_KM, Place

# Roads are longer than the great circle by about this factor.
ROADS = 1.3

# First digits → latitude and longitude. Longer ones go before shorter ones.
GERMANY: dict[str, Place] = {
    "01": (51.1, 13.8), "02": (51.2, 14.7), "03": (51.7, 14.2), "04": (51.3, 12.5),
    "06": (51.5, 11.9), "07": (50.8, 11.7), "08": (50.6, 12.5), "09": (50.8, 13.0),
    "10": (52.5, 13.4), "12": (52.4, 13.4), "13": (52.6, 13.4), "14": (52.4, 12.9),
    "15": (52.3, 14.1), "16": (52.9, 13.2), "17": (53.7, 13.3), "18": (54.1, 12.6),
    "19": (53.6, 11.5), "20": (53.6, 10.0), "21": (53.4, 10.0), "22": (53.6, 10.0),
    "23": (53.9, 10.8), "24": (54.4, 9.9), "25": (54.2, 9.1), "26": (53.3, 7.8),
    "27": (53.3, 8.9), "28": (53.1, 8.8), "29": (52.8, 10.4), "30": (52.4, 9.7),
    "31": (52.2, 9.7), "32": (52.1, 8.7), "33": (51.9, 8.6), "34": (51.3, 9.4),
    "35": (50.7, 8.7), "36": (50.7, 9.7), "37": (51.5, 9.9), "38": (52.2, 10.6),
    "39": (52.2, 11.5), "40": (51.2, 6.8), "41": (51.2, 6.4), "42": (51.2, 7.1),
    "44": (51.5, 7.4), "45": (51.5, 7.0), "46": (51.7, 6.7), "47": (51.5, 6.6),
    "48": (52.0, 7.5), "49": (52.5, 7.9), "50": (50.9, 6.9), "51": (51.0, 7.3),
    "52": (50.8, 6.3), "53": (50.6, 7.0), "54": (49.9, 6.7), "55": (49.9, 8.0),
    "56": (50.3, 7.4), "57": (50.9, 8.0), "58": (51.3, 7.6), "59": (51.5, 8.0),
    "60": (50.1, 8.7), "61": (50.3, 8.7), "63": (50.1, 9.1), "64": (49.8, 8.7),
    "65": (50.2, 8.3), "66": (49.4, 7.1), "67": (49.5, 8.1), "68": (49.5, 8.5),
    "69": (49.4, 8.8), "70": (48.8, 9.2), "71": (48.9, 9.2), "72": (48.4, 9.0),
    "73": (48.8, 9.8), "74": (49.2, 9.4), "75": (48.9, 8.7), "76": (49.0, 8.3),
    "77": (48.4, 8.0), "78": (48.0, 8.6), "79": (47.9, 7.9), "80": (48.1, 11.6),
    "81": (48.1, 11.6), "82": (47.9, 11.2), "83": (47.9, 12.3), "84": (48.5, 12.4),
    "85": (48.4, 11.6), "86": (48.4, 10.8), "87": (47.7, 10.4), "88": (47.9, 9.7),
    "89": (48.5, 10.0), "90": (49.5, 11.1), "91": (49.5, 10.9), "92": (49.5, 12.0),
    "93": (49.1, 12.3), "94": (48.7, 13.2), "95": (50.1, 11.8), "96": (50.1, 11.0),
    "97": (49.9, 9.9), "98": (50.6, 10.7), "99": (51.0, 10.8),
}  # fmt: skip
AUSTRIA: dict[str, Place] = {
    "1": (48.2, 16.4), "2": (48.1, 16.4), "3": (48.3, 15.5), "4": (48.2, 14.1),
    "5": (47.7, 13.1), "67": (47.2, 9.8), "68": (47.3, 9.7), "69": (47.5, 9.7),
    "6": (47.3, 11.3), "7": (47.7, 16.5), "8": (47.1, 15.3), "99": (46.8, 12.7),
    "9": (46.7, 13.9),
}  # fmt: skip
SWITZERLAND: dict[str, Place] = {
    "12": (46.2, 6.1), "1": (46.6, 6.7), "2": (47.1, 7.0), "39": (46.3, 7.8), "3": (46.9, 7.5),
    "4": (47.5, 7.7), "5": (47.4, 8.2), "65": (46.2, 9.0), "66": (46.2, 8.8), "67": (46.4, 8.9),
    "68": (45.9, 9.0), "69": (46.0, 8.9), "6": (47.0, 8.4), "7": (46.8, 9.6), "8": (47.4, 8.6),
    "9": (47.4, 9.3),
}  # fmt: skip
# As countries are written in the cards of customers; an empty one is ours.
COUNTRIES = {
    **dict.fromkeys(("", "d", "de", "deu", "deutschland", "germany"), ("DE", GERMANY, 5)),
    **dict.fromkeys(("a", "at", "aut", "österreich", "austria"), ("AT", AUSTRIA, 4)),
    **dict.fromkeys(("ch", "che", "schweiz", "switzerland", "suisse", "svizzera"),
                    ("CH", SWITZERLAND, 4)),
}  # fmt: skip


def region_of(postcode: str, country: str = "") -> tuple[str, Place] | None:
    """The postal region of a postcode and its middle; None where it is not known.

    The region is named by country and first digits, so that two customers can be said to be in
    the same one.
    """
    known = COUNTRIES.get(country.strip().lower())
    if known is None:
        return None
    name, table, length = known
    digits = postcode.strip().upper().removeprefix("D-").removeprefix("A-").removeprefix("CH-")
    if len(digits) != length or not digits.isdecimal():
        return None
    for first in (digits[:2], digits[:1]):
        if first in table:
            return f"{name}-{first}", table[first]
    return None


def road_km(one: Place, other: Place) -> float:
    """Kilometres by road, about: the great circle times a factor; nil within one region."""
    (lat, lon), (to_lat, to_lon) = (tuple(map(math.radians, place)) for place in (one, other))
    half = (
        math.sin((to_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    )
    return ROADS * 2 * EARTH_KM * math.asin(math.sqrt(half))
