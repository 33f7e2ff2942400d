"""How much hangs on few customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Concentration:
    """Shares are of the whole, losses taken off; None where the whole is not positive.

    Attributes
    ----------
    customers, tenth, fifth
        All, and how many a tenth and a fifth of them are, one at least.
    top_tenth, top_fifth
        Share of the best tenth and fifth.
    half
        The fewest customers who together bring half of the whole.
    herfindahl
        Sum of the squared shares of those with a positive amount, of their sum: 1 if one has all.
    """

    customers: int
    tenth: int
    fifth: int
    top_tenth: float | None
    top_fifth: float | None
    half: int | None
    herfindahl: float | None

    @property
    def as_many_as(self) -> float | None:
        """So many customers of equal size would be as concentrated."""
        return 1 / self.herfindahl if self.herfindahl else None

    def as_data(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return fields | {"as_many_as": self.as_many_as}


def concentration(amounts: npt.ArrayLike) -> Concentration:
    """Of one amount per customer.

    >>> found = concentration([50, 20, 10, 10, 10])
    >>> found.half, found.top_fifth, round(found.as_many_as, 2)
    (1, 0.5, 3.12)
    """
    values = np.sort(np.asarray(amounts, dtype=np.float64))[::-1]
    total = float(values.sum())
    tenth, fifth = (max(1, round(values.size / part)) for part in (10, 5))
    if values.size == 0 or total <= 0:
        return Concentration(int(values.size), tenth, fifth, None, None, None, None)
    cumulative = np.cumsum(values)
    positive = values[values > 0]
    return Concentration(
        customers=int(values.size),
        tenth=tenth,
        fifth=fifth,
        top_tenth=float(cumulative[tenth - 1] / total),
        top_fifth=float(cumulative[fifth - 1] / total),
        half=int(np.argmax(cumulative >= total / 2)) + 1,
        herfindahl=float(((positive / positive.sum()) ** 2).sum()),
    )
