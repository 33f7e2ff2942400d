"""The parts of the company's pages, each with the right that opens it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.rights import Right, may

register = template.Library()
TABS = (
    ("company", _("Profile"), Right.COMPANY),
    ("company-products", _("Products and costs"), Right.COMPANY),
    ("pools", _("Pools"), Right.PRICES),
    ("activity-types", _("Activities"), Right.PRICES),
    ("allocations", _("Allocation"), Right.COMPANY),
    ("playbooks", _("Playbooks"), Right.COMPANY),
)


@register.inclusion_tag("company/tabs.html", takes_context=True)
def company_tabs(context: template.Context, tab: str) -> dict[str, Any]:
    """Those that are open to the reader; ``tab`` is the one that is shown."""
    actor = context["request"].user
    places = [{"name": name, "label": label} for name, label, right in TABS if may(actor, right)]
    return {"company_tabs": places, "tab": tab}
