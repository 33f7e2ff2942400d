"""Pools: what each costs in a month, and what a minute of it costs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kundenstamm.guard.rights import Right, demand, may
from kundenstamm.kit.months import Month
from kundenstamm.serving.actions import carry_over, enter_pool_month, rename_pool
from kundenstamm.serving.models import Pool
from kundenstamm.serving.queries import pools
from kundenstamm.web.serving.forms import FiguresForm
from kundenstamm.web.serving.months import around, asked_month, shown
from kundenstamm.web.shell.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def pools_page(request: SignedInRequest) -> HttpResponse:
    """All pools with a month's figures, and a form for one more."""
    month = asked_month(request.GET.get("month", ""))
    form = FiguresForm.of(None, None)
    if request.method == "POST":
        demand(request.user, Right.COMPANY)
        form = FiguresForm(request.POST)
        if form.is_valid() and _entered(form, None, month, request):
            return _back("pools", month)
    rows = pools(month)
    context: dict[str, Any] = {
        "rows": rows,
        "form": form,
        "keeps": may(request.user, Right.COMPANY),
        "missing": sum(figures is None for _pool, figures in rows),
        "can_carry": _can_carry(rows, month),
        "open": form.is_bound or not rows,
    }
    return render(request, "serving/pools.html", context | around(month))


@require_http_methods(["GET", "POST"])
def pool_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """One pool: all its months, and a form that changes one of them."""
    pool = get_object_or_404(Pool, pk=pk)
    month = asked_month(request.GET.get("month", ""))
    months = list(pool.months.order_by("-month"))
    figures = next((each for each in months if each.month == month.first), None)
    form = FiguresForm.of(pool, figures)
    if request.method == "POST":
        demand(request.user, Right.COMPANY)
        form = FiguresForm(request.POST)
        if form.is_valid() and _entered(form, pool, month, request):
            return _back("pool", month, pk)
    context = {
        "pool": Pool.objects.get(pk=pk), "months": months, "figures": figures, "form": form,
        "keeps": may(request.user, Right.COMPANY), "types": pool.types.order_by("name"),
    }  # fmt: skip
    return render(request, "serving/pool.html", context | around(month))


@require_POST
def carry(request: SignedInRequest) -> HttpResponse:
    """Last month's figures for all pools that have none in this one."""
    month = asked_month(request.POST.get("month", ""))
    copied = carry_over(month, actor=request.user, at=timezone.now())
    said = ngettext(
        "The figures of %(n)s pool are taken over. Change what is different.",
        "The figures of %(n)s pools are taken over. Change what is different.",
        len(copied),
    )
    messages.success(request, said % {"n": len(copied)})
    return _back("pools", month)


def _entered(form: FiguresForm, pool: Pool | None, month: Month, request: SignedInRequest) -> bool:
    """Enter what the form says, all or nothing; what is refused stands at its field."""
    name, actor, at = form.cleaned_data["name"], request.user, timezone.now()
    others = Pool.objects.exclude(pk=pool.pk if pool else 0)
    if others.filter(name=name).exists():
        form.add_error("name", _("There is a pool of this name. Change that one."))
        return False
    try:
        with transaction.atomic():
            if pool is not None and pool.name != name:
                rename_pool(pool, name, actor=actor, at=at)
            enter_pool_month(name, month, *form.figures(), actor=actor, at=at)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    told = {"pool": name, "month": shown(month)}
    messages.success(request, _("%(pool)s: the figures of %(month)s are saved.") % told)
    return True


def _can_carry(rows: list[Any], month: Month) -> bool:
    """Whether any pool has figures in the month before and none in this one."""
    empty = {pool.pk for pool, figures in rows if figures is None}
    return bool(empty) and any(
        figures is not None and pool.pk in empty for pool, figures in pools(month.before)
    )


def _back(name: str, month: Month, *args: int) -> HttpResponse:
    return redirect(f"{reverse(name, args=args)}?month={month}")
