"""Acts on many customers in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from kundenstamm.company.queries import profile
from kundenstamm.customers.models import BulkAct, Representative
from kundenstamm.web.shell.figures import number

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Kind = BulkAct.Kind
ICONS = {
    Kind.STAR: "star", Kind.UNSTAR: "star-off", Kind.HAND_OVER: "arrow-right-left",
    Kind.REGION: "map-pin", Kind.CONFIDENTIAL: "lock", Kind.LIFT: "lock-open",
    Kind.ASK: "message-circle-question-mark", Kind.CAMPAIGN: "megaphone",
}  # fmt: skip
# Asked before it is done; what becomes of the customers then.
QUESTIONS: dict[str, Any] = {
    Kind.STAR: ngettext_lazy("Star %(n)s customer?", "Star %(n)s customers?", "number"),
    Kind.UNSTAR: ngettext_lazy(
        "Take the star away from %(n)s customer?",
        "Take the star away from %(n)s customers?", "number",
    ),
    Kind.HAND_OVER: ngettext_lazy(
        "Hand over %(n)s customer?", "Hand over %(n)s customers?", "number"
    ),
    Kind.REGION: ngettext_lazy(
        "Set the region of %(n)s customer?", "Set the region of %(n)s customers?", "number"
    ),
    Kind.CONFIDENTIAL: ngettext_lazy(
        "Keep %(n)s customer confidential?", "Keep %(n)s customers confidential?", "number"
    ),
    Kind.LIFT: ngettext_lazy(
        "Open %(n)s confidential customer again?",
        "Open %(n)s confidential customers again?", "number",
    ),
    Kind.ASK: ngettext_lazy(
        "Ask %(n)s customer how satisfied?", "Ask %(n)s customers how satisfied?", "number"
    ),
    Kind.CAMPAIGN: ngettext_lazy(
        "Note a campaign for %(n)s customer?", "Note a campaign for %(n)s customers?", "number"
    ),
}  # fmt: skip
MEANINGS: dict[str, _StrPromise] = {
    Kind.STAR: gettext_lazy("Stars are yours alone: nobody else sees them."),
    Kind.UNSTAR: gettext_lazy("Stars are yours alone: nobody else sees them."),
    Kind.HAND_OVER: gettext_lazy(
        "From that day on they are served by this representative only."
        " What was planned for a later day is off."
    ),
    Kind.REGION: gettext_lazy("An import that names another region sets that one again."),
    Kind.CONFIDENTIAL: gettext_lazy(
        "They are hidden from everybody to whom they are not opened. You keep them."
    ),
    Kind.LIFT: gettext_lazy(
        "Roles, assignments and teams open them again; what was opened or closed to single"
        " people stays."
    ),
    Kind.ASK: gettext_lazy(
        "Each gets a mail with a link of its own within minutes, in the language of its contact."
        " Undoing revokes the links that nobody has answered; mails that are out cannot be fetched."
    ),
    Kind.CAMPAIGN: gettext_lazy(
        "Each is noted as reached by the campaign on that day. It has a share in winning those who"
        " have not bought by then; of others it only stands in the timeline. Nothing is sent."
    ),
}
# How many are left out of an act, by the state they are in.
_LEFT_OUT: dict[str, Any] = {
    "asked": ngettext_lazy(
        "%(n)s was asked within the last %(days)s days and is not asked again.",
        "%(n)s were asked within the last %(days)s days and are not asked again.", "number",
    ),
    "answered": ngettext_lazy(
        "%(n)s has answered within the last %(days)s days and is not asked again.",
        "%(n)s have answered within the last %(days)s days and are not asked again.", "number",
    ),
    "nobody": ngettext_lazy(
        "%(n)s has nobody to write to: no mail address, or an objection.",
        "%(n)s have nobody to write to: no mail address, or an objection.", "number",
    ),
}  # fmt: skip
_STATES: dict[str, _StrPromise] = {
    "": gettext_lazy("not asked"), "asked": gettext_lazy("asked"),
    "answered": gettext_lazy("answered"), "nobody": gettext_lazy("nobody to write to"),
}  # fmt: skip
_DONE: dict[str, Any] = {
    Kind.STAR: ngettext_lazy("%(n)s customer starred", "%(n)s customers starred", "number"),
    Kind.UNSTAR: ngettext_lazy(
        "the star taken away from %(n)s customer",
        "the star taken away from %(n)s customers", "number",
    ),
    Kind.HAND_OVER: ngettext_lazy(
        "%(n)s customer handed over to %(name)s from %(day)s on",
        "%(n)s customers handed over to %(name)s from %(day)s on", "number",
    ),
    Kind.REGION: ngettext_lazy(
        "%(n)s customer moved to the region “%(region)s”",
        "%(n)s customers moved to the region “%(region)s”", "number",
    ),
    Kind.CONFIDENTIAL: ngettext_lazy(
        "%(n)s customer kept confidential", "%(n)s customers kept confidential", "number"
    ),
    Kind.LIFT: ngettext_lazy(
        "%(n)s customer no longer confidential", "%(n)s customers no longer confidential",
        "number",
    ),
    Kind.ASK: ngettext_lazy(
        "%(n)s customer asked how satisfied", "%(n)s customers asked how satisfied", "number"
    ),
    Kind.CAMPAIGN: ngettext_lazy(
        "the campaign “%(name)s” of %(day)s noted for %(n)s customer",
        "the campaign “%(name)s” of %(day)s noted for %(n)s customers", "number",
    ),
}  # fmt: skip


def question(kind: str, count: int) -> str:
    return str(QUESTIONS[kind] % {"number": count, "n": number(count)})


def left_out(counts: Mapping[str, int]) -> list[str]:
    """A sentence for each state in which customers are left out."""
    days = number(profile().survey_days)
    return [
        str(words % {"number": counts[state], "n": number(counts[state]), "days": days})
        for state, words in _LEFT_OUT.items()
        if counts.get(state)
    ]


def done(act: BulkAct) -> str:
    """``3 customers handed over to Bernd from 1.1.2026 on``, with a capital first letter."""
    told = {"number": act.customers, "n": number(act.customers)}
    if act.kind == Kind.HAND_OVER:
        told["name"] = names().get(act.told["representative"], "–")
        told["day"] = _day(act.told["starts"])
    if act.kind == Kind.CAMPAIGN:
        told["name"], told["day"] = act.told["name"], _day(act.told["day"])
    if act.kind == Kind.REGION:
        told["region"] = act.told["region"] or "–"
    said = str(_DONE[act.kind] % told)
    return said[:1].upper() + said[1:]


def state(act: BulkAct, was: Any, called: dict[int, str]) -> str:
    """How a customer was, or was left."""
    if act.kind == Kind.HAND_OVER:
        lasting = [called.get(who, "–") for who, _first, last in was if last is None]
        return ", ".join(lasting) or _("nobody")
    if act.kind == Kind.REGION:
        return str(was or "–")
    if act.kind in (Kind.STAR, Kind.UNSTAR):
        return _("starred") if was else _("not starred")
    if act.kind == Kind.ASK:
        return str(_STATES[was])
    if act.kind == Kind.CAMPAIGN:
        return ngettext("%(n)s touch", "%(n)s touches", len(was)) % {"n": number(len(was))}
    return _("confidential") if was[0] else _("not confidential")


def names() -> dict[int, str]:
    """Of all representatives, by id."""
    return dict(Representative.objects.values_list("pk", "name"))


def _day(text: str) -> str:
    return str(formats.date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT"))
