"""How many customers of a kind we can take, from which month on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from kundenstamm.guard.audit import note_read
from kundenstamm.pursuits.hands import Hands, hands
from kundenstamm.pursuits.kinds import of_class, typed
from kundenstamm.pursuits.models import Pursuit
from kundenstamm.pursuits.outlooks import plan_of_kind, weighables
from kundenstamm.pursuits.rules import coming, month_after
from kundenstamm.pursuits.scenarios import CLASSES
from kundenstamm.serving.models import Pool
from kundenstamm.web.pursuits.capacity_words import hours
from kundenstamm.web.pursuits.words import month_name
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest
from kundenstamm.worth.pursuit.capacity import Overtime, Room, room
from kundenstamm.worth.pursuit.load import Added, stretched, widened
from kundenstamm.worth.pursuit.plan import Plan

MONTHS = 12
TYPED = "typed"
# Half of 40 hours a week: 20 × 52 ÷ 12 hours a month, of which four fifths are worked.
HALF_POSITION = Decimal(4_160)


class KindForm(forms.Form):
    """Which kind; ``minutes-…`` for each pool where it is typed."""

    kind = forms.ChoiceField(label=gettext_lazy("Customers like"))
    more = forms.DecimalField(
        label=gettext_lazy("One more half position, minutes a month"), min_value=Decimal(1),
        max_digits=9, decimal_places=1, localize=True, required=False,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip

    def __init__(
        self, data: Any, pursuits: list[Pursuit], pools: tuple[Pool, ...], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.pools = {str(pool.pk): pool for pool in pools}
        self.fields["kind"].choices = kinds(pursuits)  # type: ignore[attr-defined]
        for pk, pool in self.pools.items():
            self.fields[f"minutes-{pk}"] = minutes_field(pool.name)

    @property
    def of_pools(self) -> list[forms.BoundField]:
        return [self[f"minutes-{pk}"] for pk in self.pools]

    @property
    def is_typed(self) -> bool:
        return bool(self["kind"].value() == TYPED)

    def minutes(self) -> dict[int, Decimal]:
        told = {pool.pk: self.cleaned_data[f"minutes-{pk}"] for pk, pool in self.pools.items()}
        return {pool: minutes for pool, minutes in told.items() if minutes}


def minutes_field(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal("0.1"), max_digits=9, decimal_places=1,
        localize=True, widget=forms.TextInput({"inputmode": "decimal"}),
    )  # fmt: skip


def kinds(pursuits: list[Pursuit]) -> list[Any]:
    """Choices: value classes, pursuits by name, and minutes as typed."""
    classes = [(of, _("Class %(of)s, on average") % {"of": of}) for of in CLASSES]
    named = [(str(each.key), each.customer.name) for each in pursuits]
    return [
        (_("Value class"), classes),
        *([(_("Pursuit"), named)] if named else []),
        (TYPED, _("minutes as typed below")),
    ]


@dataclass(frozen=True)
class Chosen:
    """A kind: its plan, and what it is in words."""

    plan: Plan
    words: str


@require_safe
def how_many(request: SignedInRequest) -> HttpResponse:
    """``?kind=A``, a pursuit's key, or ``typed`` with ``minutes-…``."""
    today = timezone.localdate()
    held = hands(today)
    known = weighables(request.user, held, today)
    asked = "kind" in request.GET
    form = KindForm(
        _told(request) if asked else None, [each.pursuit for each in known], held.rows,
        initial={"more": HALF_POSITION},
    )  # fmt: skip
    note_read(
        "how-many", [each.pursuit.customer_id for each in known],
        actor=request.user, at=timezone.now(),
    )  # fmt: skip
    context: dict[str, Any] = {"form": form, "pools": held.rows}
    if asked and form.is_valid():
        plans = {str(each.pursuit.key): each.taken.plan for each in known}
        chosen = _chosen(request, form, plans, held, today)
        context |= {"nobody": chosen is None}
        if chosen is not None:
            more = form.cleaned_data["more"] or HALF_POSITION
            context |= _answer(chosen, held, more, coming(today))
    return render(request, "pursuits/how_many.html", context)


def _told(request: SignedInRequest) -> QueryDict:
    """Where nothing is said of more hands, it is half a position."""
    told = request.GET.copy()
    if not told.get("more"):
        told["more"] = str(number(HALF_POSITION))
    return told


def _chosen(
    request: SignedInRequest, form: KindForm, plans: Mapping[str, Plan], held: Hands, today: date
) -> Chosen | None:
    told = form.cleaned_data["kind"]
    if told in plans:
        return Chosen(plans[told], _("As its sheet says."))
    if told == TYPED:
        sheet = typed(Decimal(0), Decimal(0), form.minutes(), today)
        return Chosen(plan_of_kind(sheet, held, today), _("As typed."))
    kind = of_class(request.user, told, today)
    if kind is None:
        return None
    words = ngettext(
        "The average of %(n)s customer of this class that you know, in the last twelve months.",
        "The average of %(n)s customers of this class that you know, in the last twelve months.",
        kind.customers,
    )
    shown = {"n": number(kind.customers)}
    return Chosen(plan_of_kind(kind.sheet(today), held, today), words % shown)


def _answer(chosen: Chosen, held: Hands, more: Decimal, begins: date) -> dict[str, Any]:
    """By starting month; where a pool is the bottleneck, what more hands in it would change."""
    found = room(chosen.plan, held.pools, MONTHS)
    wide = {
        name: room(
            chosen.plan,
            [each.pool() for each in widened(held.loads, [Added(name, float(more))])],
            MONTHS,
        )
        for name in {each.pool for each in found if each.pool}
    }
    stretch = stretched(held.loads, Overtime().most)
    hard = room(chosen.plan, [each.pool() for each in stretch], MONTHS)
    rows = [
        _row(each, wide.get(each.pool), begins) | {"hard": number(over.customers)}
        for each, over in zip(found, hard, strict=True)
    ]
    first = next((row for row in rows if row["customers"]), None)
    return {
        "words": chosen.words,
        "takes": [(pool, hours(minutes)) for pool, minutes in chosen.plan.minutes.items()],
        "rows": rows,
        "first": first,
        "endless": found[0].customers < 0,
        "more": number(more),
    }


def _row(each: Room, wide: tuple[Room, ...] | None, begins: date) -> dict[str, Any]:
    then = wide[each.month] if wide else None
    return {
        "month": month_name(month_after(begins, each.month)),
        "customers": each.customers,
        "shown": number(each.customers),
        "pool": each.pool,
        "free": hours(each.free),
        "fullest": month_name(month_after(begins, each.fullest)),
        "wide": number(then.customers) if then else "",
        "wide_pool": then.pool if then and then.pool != each.pool else "",
        "gain": then.customers - each.customers if then else 0,
    }
