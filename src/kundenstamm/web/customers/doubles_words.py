"""Why two customers look like one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REASONS: dict[str, _StrPromise] = {
    "name_same": gettext_lazy("same name"),
    "name_similar": gettext_lazy("name nearly the same"),
    "name_part": gettext_lazy("similar name"),
    "address_same": gettext_lazy("same address"),
    "address_similar": gettext_lazy("address nearly the same"),
    "postcode_same": gettext_lazy("same postcode"),
    "city_same": gettext_lazy("same place"),
    "phone_same": gettext_lazy("same phone"),
    "mail_same": gettext_lazy("same mail address"),
    "domain_same": gettext_lazy("mail of the same domain"),
    "vat_same": gettext_lazy("same VAT id"),
    "vat_similar": gettext_lazy("VAT id nearly the same"),
}
# The one that decides most comes first.
ORDER = ("vat", "mail", "phone", "address", "name")
ALMOST_SURE, LIKELY = 0.98, 0.8


def why(reasons: Mapping[str, str]) -> str:
    """What is alike, the strongest first: ``same phone, similar name``."""
    return ", ".join(str(REASONS[reasons[name]]) for name in ORDER if reasons.get(name) in REASONS)


def how_likely(probability: float) -> str:
    """In a word: a percentage would promise more than a model of fixed weights can hold."""
    if probability >= ALMOST_SURE:
        return _("almost certainly the same")
    return _("probably the same") if probability >= LIKELY else _("perhaps the same")
