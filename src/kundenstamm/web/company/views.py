"""The company profile: what we make, for whom, what it costs."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.company.actions import describe
from kundenstamm.company.queries import profile
from kundenstamm.ledger import product_actions
from kundenstamm.ledger.models import Product
from kundenstamm.ledger.products import categories, products_page
from kundenstamm.web.company.forms import CostForm, MarginForm, ProfileForm
from kundenstamm.web.shell.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def company(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=profile())
    if request.method == "POST" and form.is_valid():
        try:
            describe(form.cleaned_data, actor=request.user, at=timezone.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(
                request, _("Saved. New limits and margins count from the next valuation on.")
            )
            return redirect("company")
    groups = [
        (_("What we make, and for whom"), [form[n] for n in ("name", "offer", "audience")]),
        (_("Books"), [form[n] for n in ("currency", "fiscal_year_start", "time_zone",
                                        "default_margin")]),
        (_("Stages"), [form[n] for n in ("regular_occasions", "onboarding_days", "active_limit",
                                         "lost_limit")]),
    ]  # fmt: skip
    return render(request, "company/profile.html", {"form": form, "groups": groups})


@require_safe
def products(request: SignedInRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100].replace("\0", "")
    found = products_page(words, after=request.GET.get("after", "").replace("\0", ""))
    context = {"found": found, "words": words, "categories": categories()}
    return render(request, "company/products.html", context)


@require_http_methods(["GET", "POST"])
def cost(request: SignedInRequest, pk: int) -> HttpResponse:
    """One product's costs, and a further one from a day on."""
    product = get_object_or_404(Product, pk=pk)
    today = timezone.localdate()
    form = CostForm(request.POST or None, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        product_actions.enter_cost(
            product, entered["unit_cost"], entered["valid_from"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The cost has been entered, and its sales have been posted."))
        return redirect("product-cost", pk=pk)
    context = {"product": product, "form": form, "costs": product.costs.order_by("-valid_from")}
    return render(request, "company/cost.html", context)


@require_POST
def margins(request: SignedInRequest) -> HttpResponse:
    """All categories' margins at once, in per cent; an empty field means: not known."""
    for category in categories():
        form = MarginForm({"margin": request.POST.get(f"margin-{category.pk}", "")})
        if not form.is_valid():
            messages.error(
                request,
                _("%(category)s: the margin must be a number from -100 to 100.")
                % {"category": category.name},
            )
            return redirect("company-products")
        share = form.cleaned_data["margin"]
        product_actions.enter_margin(
            category, None if share is None else share / Decimal(100),
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
    messages.success(request, _("Saved. The margins count from the next valuation on."))
    return redirect("company-products")
