"""The company profile: what we make, for whom, what it costs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.company.actions import describe
from kundenstamm.company.queries import profile_to_change
from kundenstamm.ledger import product_actions
from kundenstamm.ledger.models import Product
from kundenstamm.ledger.products import categories, products_page
from kundenstamm.web.company.forms import CostForm, MarginsForm, PercentField, ProfileForm
from kundenstamm.web.shell.requests import SignedInRequest

PERCENT = "%"
# The form's parts: a heading, what it is for, and its fields.
PARTS = (
    (
        gettext_lazy("What we make, and for whom"),
        gettext_lazy("Everything else is measured against this."),
        ("name", "offer", "audience"),
    ),
    (
        gettext_lazy("Books"),
        gettext_lazy(
            "The currency of all figures, and how profit is estimated where costs are missing."
        ),
        ("currency", "fiscal_year_start", "time_zone", "default_margin"),
    ),
    (
        gettext_lazy("Stages"),
        gettext_lazy("When a customer counts as a regular, at risk or lost."),
        ("regular_occasions", "onboarding_days", "active_limit", "lost_limit"),
    ),
    (
        gettext_lazy("Lifetime value"),
        gettext_lazy("What a customer is expected to bring over several years, in today's money."),
        ("value_years", "discount_rate"),
    ),
    (
        gettext_lazy("Terms"),
        gettext_lazy("What time to pay costs us, and when a promotion counts as permanent."),
        ("financing_rate", "standard_payment_days", "promotion_periods"),
    ),
    (
        gettext_lazy("Nobody signs alone"),
        gettext_lazy("Beyond these limits proposed terms wait for a second person's approval."),
        ("rebate_limit", "concession_limit", "approval_days", "loss_needs_approval"),
    ),
    (
        gettext_lazy("Care"),
        gettext_lazy(
            "How long a customer may go without a conversation. The own rhythm shortens it: "
            "silence longer than one usual gap between purchases is too long as well."
        ),
        (
            "class_a_share",
            "class_b_share",
            "silence_a",
            "silence_b",
            "silence_c",
            "silence_least",
        ),
    ),
    (
        gettext_lazy("Care by place in the chain"),
        gettext_lazy(
            "A dealer on whom others hang may need more conversation than its own purchases say. "
            "Days entered here take the place of the class's; leave empty what the class decides. "
            "The own rhythm shortens these, too."
        ),
        ("silence_wholesaler", "silence_dealer", "silence_agent", "silence_end_customer"),
    ),
    (
        gettext_lazy("Satisfaction"),
        gettext_lazy(
            "What customers are asked by a link, beside whether they would recommend us. Each is "
            "asked in its own language, and not too often."
        ),
        ("survey_question_de", "survey_question_en", "survey_days"),
    ),
)


@require_http_methods(["GET", "POST"])
def company(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=profile_to_change())
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
    return render(request, "company/profile.html", {"form": form, "groups": _groups(form)})


@require_safe
def products(request: SignedInRequest) -> HttpResponse:
    """Products with their costs; asked for by the search, only the table."""
    words = request.GET.get("q", "")[:100].replace("\0", "")
    found = products_page(words, after=request.GET.get("after", "").replace("\0", ""))
    context: dict[str, Any] = {"found": found, "words": words}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "company/product_rows.html", context)
    return render(
        request, "company/products.html", context | {"margins": MarginsForm(categories())}
    )


@require_http_methods(["GET", "POST"])
def cost(request: SignedInRequest, pk: int) -> HttpResponse:
    """One product's costs, and a further one from a day on."""
    product = get_object_or_404(Product.objects.select_related("category"), pk=pk)
    form = CostForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        product_actions.enter_cost(
            product, entered["unit_cost"], entered["valid_from"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The cost has been entered; in a moment its sales carry it."))
        return redirect("product-cost", pk=pk)
    context = {"product": product, "form": form, "costs": product.costs.order_by("-valid_from")}
    return render(request, "company/cost.html", context)


@require_POST
def margins(request: SignedInRequest) -> HttpResponse:
    """All categories' margins at once, in per cent; an empty field means: not known."""
    form = MarginsForm(categories(), request.POST)
    if not form.is_valid():
        context = {"found": products_page(), "words": "", "margins": form}
        return render(request, "company/products.html", context)
    for category in form.categories:
        margin = form.cleaned_data[f"margin-{category.pk}"]
        if margin != category.margin:
            product_actions.enter_margin(
                category, margin, actor=request.user, at=timezone.now()
            )  # fmt: skip
    messages.success(request, _("Saved. The margins count from the next valuation on."))
    return redirect("company-products")


def _groups(form: ProfileForm) -> list[dict[str, Any]]:
    """The form part by part; a field stands with its unit."""
    return [
        {
            "title": title,
            "words": words,
            "wide": "offer" in names,
            "fields": [(form[name], _unit(form, name)) for name in names],
        }
        for title, words, names in PARTS
    ]


def _unit(form: ProfileForm, name: str) -> str:
    return PERCENT if isinstance(form.fields[name], PercentField) else ""
