"""The customer list and its saved views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.company.queries import profile
from kundenstamm.customers import bulk
from kundenstamm.customers.models import BulkAct, Link
from kundenstamm.customers.queries import regions, representatives
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.queries import sees_whole_base
from kundenstamm.guard.rights import Right, may
from kundenstamm.lifecycle import actions
from kundenstamm.lifecycle.models import Alarm, SavedView, Stage
from kundenstamm.lifecycle.queries import customer_page
from kundenstamm.web.customers.asked import (
    COLUMNS,
    USUAL,
    Asked,
    address,
    asked,
    kept,
    narrowed,
    whole,
)
from kundenstamm.web.customers.bulk_words import ICONS
from kundenstamm.web.customers.cells import cells
from kundenstamm.web.shell.requests import SignedInRequest

PAGE = 50


@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """The list; asked for by the filters' form, only its rows."""
    ask = asked(request.GET)
    wanted = narrowed(ask, request.user)
    page = customer_page(request.user, wanted, after=ask.after, before=ask.before, size=PAGE)
    shown = [row.customer.pk for row in page.rows]
    note_read("customers", shown, actor=request.user, at=timezone.now())
    columns = _columns(request.GET, ask, whole=sees_whole_base(request.user))
    swapped = bool(request.htmx) and not request.htmx.history_restore_request
    context = {
        "ask": ask,
        "page": page,
        "about": page.about,
        "columns": columns,
        "cells": cells(
            page.rows, {c["name"]: str(c["label"]) for c in columns}, profile().currency
        ),
        "next": address(request.GET, after=str(page.after)) if page.after else "",
        "previous": address(request.GET, before=str(page.before)) if page.before else "",
        "narrowed": wanted.narrows_customers or wanted.narrows_estimates,
        "kinds": [
            {"value": kind, "label": kind.label, "icon": ICONS[kind]}
            for kind in BulkAct.Kind
            if bulk.may_do(request.user, kind)
        ],
        "views": SavedView.objects.filter(user=request.user).order_by("name"),
        "query": whole(request.GET),
        "swapped": swapped,
        "may_import": may(request.user, Right.IMPORT),
        "may_break_glass": may(request.user, Right.BREAK_GLASS),
        "may_assign": may(request.user, Right.ASSIGN),
        "may_merge": may(request.user, Right.MERGE),
    }
    if swapped:
        return render(request, "customers/rows.html", context)
    return render(request, "customers/list.html", context | _filters(request, ask))


@require_POST
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the list as it is under a name; an old view of that name is replaced."""
    name = request.POST.get("name", "").strip()[:80]
    query = whole(QueryDict(request.POST.get("query", "")[:1000]))
    if name:
        actions.save_view(name, query, actor=request.user, at=timezone.now())
        messages.success(request, _("The view has been saved."))
    else:
        messages.error(request, _("Give the view a name."))
    return redirect(f"{reverse('customers')}?{query}")


@require_POST
def rename_view(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    if name := request.POST.get("name", "").strip()[:80]:
        actions.rename_view(view, name, actor=request.user, at=timezone.now())
    else:
        messages.error(request, _("Give the view a name."))
    return redirect(f"{reverse('customers')}?{view.query}")


@require_POST
def remove_view(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    actions.remove_view(view, actor=request.user, at=timezone.now())
    messages.success(request, _("The view has been removed."))
    return redirect("customers")


def _columns(query: QueryDict, ask: Asked, *, whole: bool) -> list[dict[str, Any]]:
    """The columns shown, each with the address that sorts by it."""
    shown: list[tuple[str, Any]] = [("name", (_("Customer"), "name", False))]
    shown += [(name, column) for name, column in COLUMNS.items() if name in ask.columns]
    columns = []
    for name, (label, sort, figures) in shown:
        # A place in the whole ranking tells how many there are.
        if name == "rank" and not whole:
            continue
        here = bool(sort) and ask.wanted.sort == sort
        turned = "up" if (ask.wanted.descending if here else sort in ("name", "number")) else "down"
        columns.append(
            {
                "name": name,
                "label": label,
                "figures": figures,
                "href": address(query, sort=sort, order=turned) if sort else "",
                "here": here,
                "descending": ask.wanted.descending,
            }
        )
    return columns


def _filters(request: SignedInRequest, ask: Asked) -> dict[str, Any]:
    return {
        "kept": kept(request.GET),
        "usual": " ".join(USUAL),
        "stages": [
            {"value": stage.value, "label": stage.label, "on": stage.value in ask.wanted.stages}
            for stage in Stage
        ],
        "alarms": [
            ("any", _("Alarm: any"), set(ask.wanted.alarms) == set(Alarm.values)),
            *((each.value, each.label, ask.wanted.alarms == (each.value,)) for each in Alarm),
        ],
        "links": Link.choices,
        "regions": regions(request.user),
        "representatives": representatives(),
        "all_columns": [
            {"name": name, "label": label, "on": name in ask.columns}
            for name, (label, _sort, _figures) in COLUMNS.items()
        ],
    }
