"""The report's words: one place for the terminal and the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kundenstamm.cli.report.compute import Report
from kundenstamm.kit import words


@dataclass(frozen=True)
class Texts:
    """A report's texts and figures in one language."""

    report: Report
    language: str

    @property
    def _(self) -> Callable[[str], str]:
        return words.translator(self.language)

    def money(self, value: Any) -> str:
        return "–" if value is None else words.money(value, self.currency, self.language)

    def exact(self, value: Decimal) -> str:
        return words.money(value, self.currency, self.language, 2)

    def count(self, value: float) -> str:
        return words.number(value, self.language)

    def percent(self, share: float | None, decimals: int = 0) -> str:
        return "–" if share is None else words.percent(share, self.language, decimals)

    @property
    def currency(self) -> str:
        return self.report.options.currency

    def title(self) -> str:
        return self._("Who earns, who costs: {file}").format(file=self.report.checked.raw.path.name)

    def period(self) -> str:
        first = words.day(self.report.first_day, self.language)
        last = words.day(self.report.as_of, self.language)
        return self._("{customers} customers, {first} to {last}").format(
            customers=self.count(self.report.customers.height), first=first, last=last
        )

    def stage(self, name: str) -> str:
        return self._(STAGE_NAMES[name])

    def reason(self, reason: dict[str, Any]) -> str:
        """A stage's reason in the reader's language."""
        params = dict(reason["params"])
        params["p_active"] = self.percent(params.get("p_active"))
        return self._(reason["msgid"]).format(**params)

    def refusal(self, code: str) -> tuple[str, str]:
        from kundenstamm.importers.refusals import REFUSALS

        found = REFUSALS[code]
        return self._(found.why), self._(found.mend)

    def margin(self) -> str:
        """How sure contribution I is."""
        if not self.report.estimated_margin:
            return self._("Contribution I from the costs in the file.")
        return self._(
            "Estimated margin of {margin}: the file has no cost of goods. Set yours: --margin 0.42"
        ).format(margin=self.percent(float(self.report.options.margin)))

    def whale(self) -> list[str]:
        """The whale curve's figures in sentences."""
        curve = self.report.whale
        if curve is None:
            return [self._("All customers together bring no profit, so there is no whale curve.")]
        told = [
            self._("The best {count} customers bring {share} of the profit.").format(
                count=self.count(curve.top_tenth), share=self.percent(curve.top_tenth_share)
            )
        ]
        if curve.loss_makers:
            told.append(
                self._("{count} customers cost {share} of it again.").format(
                    count=self.count(curve.loss_makers), share=self.percent(curve.loss_share, 1)
                )
            )
        return told


def gettext_noop(text: str) -> str:
    return text


STAGE_NAMES = {
    "prospect": gettext_noop("Prospect"),
    "new": gettext_noop("New"),
    "repeat": gettext_noop("Repeat customer"),
    "regular": gettext_noop("Regular"),
    "at_risk": gettext_noop("At risk"),
    "lost": gettext_noop("Lost"),
    "won_back": gettext_noop("Won back"),
    "parted": gettext_noop("Parted"),
}
