"""The customer list and the customer's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers.models import Customer, Link
from kundenstamm.customers.queries import regions, representatives
from kundenstamm.ledger.queries import LEVELS, entries_of
from kundenstamm.lifecycle import actions
from kundenstamm.lifecycle.models import SavedView, Stage
from kundenstamm.lifecycle.queries import (
    about_count,
    customer_page,
    customer_sheet,
    documents,
)
from kundenstamm.web.customers import sheet_charts
from kundenstamm.web.customers.asked import COLUMNS, Asked, address, asked, toggled
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """The list; asked for by htmx, only its rows."""
    ask = asked(request.GET)
    page = customer_page(request.user, ask.wanted, after=ask.after, before=ask.before)
    context = {
        "ask": ask,
        "page": page,
        "about": about_count(request.user, ask.wanted),
        "columns": _columns(request.GET, ask),
        "next": address(request.GET, after=str(page.after)) if page.after else "",
        "previous": address(request.GET, before=str(page.before)) if page.before else "",
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "customers/rows.html", context)
    return render(request, "customers/list.html", context | _filters(request, ask))


@require_POST
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the list as it is under a name; an old view of that name is replaced."""
    name = request.POST.get("name", "").strip()[:80]
    query = QueryDict(request.POST.get("query", "")[:1000])
    if not name:
        messages.error(request, _("Give the view a name."))
    else:
        actions.save_view(
            name, address(query).removeprefix("?"), actor=request.user, at=timezone.now()
        )
        messages.success(request, _("The view has been saved."))
    return redirect(f"{reverse('customers')}{address(query)}")


@require_POST
def remove_view(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    actions.remove_view(view, actor=request.user, at=timezone.now())
    return redirect("customers")


@require_safe
def customer(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everything about one customer; 404 for one that is not the reader's to see."""
    sheet = customer_sheet(request.user, key)
    if sheet is None:
        raise Http404
    context = {
        "sheet": sheet,
        "customer": sheet.customer,
        "estimate": sheet.estimate,
        "serving": [each for each in sheet.assignments if each.ends is None],
        "bridge": sheet_charts.bridge(sheet),
        "bridge_steps": sheet_charts.steps(sheet),
        "rhythm": sheet_charts.rhythm(sheet),
        "charts": True,
    }
    return render(request, "customers/customer.html", context | _care(sheet))


@require_safe
def entries(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The ledger's entries behind a bar of the bridge or a document."""
    sheet_of = customer_sheet_head(request, key)
    found = entries_of(
        request.user,
        sheet_of,
        level=request.GET.get("level", ""),
        document=request.GET.get("document", "")[:120].replace("\0", ""),
        day=request.GET.get("day", ""),
        after=request.GET.get("after", ""),
    )
    query = address(request.GET, after=found.after) if found.after else ""
    context = {"customer": sheet_of, "found": found, "next": query, "levels": LEVELS}
    return render(request, "customers/entries.html", context)


@require_safe
def purchases(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Further documents, below those the page shows."""
    who = customer_sheet_head(request, key)
    try:
        found = documents(request.user, who, after=request.GET.get("after") or None)
    except ValueError:
        raise Http404 from None
    return render(request, "customers/documents.html", {"customer": who, "documents": found})


def customer_sheet_head(request: SignedInRequest, key: UUID) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user), key=key)


def _care(sheet: Any) -> dict[str, Any]:
    """Cost to serve per month, and that of comparable customers."""
    if sheet.estimate is None:
        return {}
    own = -sheet.estimate.year_cost_to_serve / 12
    others = -sheet.comparable.year_cost_to_serve / 12 if sheet.comparable else None
    net = sheet.estimate.year_net_revenue
    profit_share = sheet.estimate.year_contribution_3 / net if net > 0 else None
    return {"care": own, "care_of_others": others, "profit_share": profit_share}


def _columns(query: QueryDict, ask: Asked) -> list[dict[str, Any]]:
    """The columns shown, each with the address that sorts by it."""
    shown: list[tuple[str, Any]] = [("name", (_("Customer"), "name", False))]
    shown += [(name, column) for name, column in COLUMNS.items() if name in ask.columns]
    columns = []
    for name, (label, sort, figures) in shown:
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
    query, wanted = request.GET, ask.wanted
    return {
        "stages": [
            {
                "value": stage.value,
                "label": stage.label,
                "on": stage.value in wanted.stages,
                "href": toggled(query, "stage", stage.value),
            }
            for stage in Stage
        ],
        "losing": {"on": wanted.losing, "href": toggled(query, "losing", "1")},
        "links": Link.choices,
        "regions": regions(request.user),
        "representatives": representatives(),
        "all_columns": [
            {"name": name, "label": label, "on": name in ask.columns}
            for name, (label, _sort, _figures) in COLUMNS.items()
        ],
        "views": SavedView.objects.filter(user=request.user).order_by("name"),
        "query": query.urlencode(),
        "narrowed": wanted.narrows_customers or wanted.narrows_estimates,
    }
