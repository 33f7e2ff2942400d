"""Kinds of work: what each takes, with an example that is worked out while one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.guard.rights import Right, may
from kundenstamm.ledger.models import EntryKind
from kundenstamm.serving.actions import enter_activity_type
from kundenstamm.serving.models import ActivityType, Equation
from kundenstamm.serving.queries import activity_types
from kundenstamm.web.serving.equations import EquationForm, example_of
from kundenstamm.web.shell.figures import exact
from kundenstamm.web.shell.requests import SignedInRequest


@require_safe
def types_page(request: SignedInRequest) -> HttpResponse:
    """All of them, each with the equation that holds today."""
    today = timezone.localdate()
    rows = [
        {"type": each, "equation": _written(each.equation_on(today)), "derived": _derived(each)}
        for each in activity_types()
    ]
    context = {"rows": rows, "keeps": may(request.user, Right.COMPANY)}
    return render(request, "serving/types.html", context)


def _derived(each: ActivityType) -> str:
    """``visits``: what stands before the colon of its label."""
    return str(each.get_derived_from_display()).partition(":")[0] if each.derived_from else ""


@require_http_methods(["GET", "POST"])
def new_type(request: SignedInRequest) -> HttpResponse:
    return _page(request, None)


@require_http_methods(["GET", "POST"])
def change_type(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(ActivityType.objects.select_related("pool"), pk=pk))


@require_POST
def example(request: SignedInRequest) -> HttpResponse:
    """The worked example alone, for what is typed so far."""
    return render(request, "serving/example.html", example_of(_typed(request)))


def _page(request: SignedInRequest, known: ActivityType | None) -> HttpResponse:
    """The form; ``do`` says what its buttons ask for beside saving."""
    do = request.POST.get("do", "save")
    if request.method != "POST":
        form = _entered(known, request)
    elif do != "save":
        form = EquationForm.redrawn(_typed(request), known, do)
    else:
        form = EquationForm.sent(_typed(request), known)
        if form.is_valid() and _saved(form, known, request):
            return redirect("activity-types")
    context: dict[str, Any] = {"form": form, "known": known, "equations": _equations(known)}
    shown = _typed(request) if request.method == "POST" and do == "example" else None
    context |= example_of(shown) if shown is not None else _example_as_drawn(form)
    return render(request, "serving/type.html", context | {"added": do == "add"})


def _entered(known: ActivityType | None, request: SignedInRequest) -> EquationForm:
    """A blank form, or one of the type's equations: the newest, if no other is asked for."""
    if known is None:
        return EquationForm.new(request.GET.get("pool", ""))
    asked = [each for each in known.equations.all() if str(each.pk) == request.GET.get("of", "")]
    shown = asked[0] if asked else known.newest_equation
    return EquationForm.of(known, shown or Equation(type=known, base_minutes=0))


def _equations(known: ActivityType | None) -> list[dict[str, Any]]:
    """All of a type's, the newest first."""
    if known is None:
        return []
    found = known.equations.prefetch_related("drivers").order_by("-valid_from")
    return [{"of": each, "written": _written(each)} for each in found]


def _saved(form: EquationForm, known: ActivityType | None, request: SignedInRequest) -> bool:
    told = form.head.cleaned_data
    code = known.code if known else told["code"]
    try:
        enter_activity_type(
            code, told["pool"], EntryKind(told["kind"]), told["base_minutes"], form.drivers(),
            name=told["name"], valid_from=told["valid_from"], derived_from=told["derived_from"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
    except ValidationError as refused:
        form.head.add_error(None, ValidationError(refused.messages))
        return False
    messages.success(request, _("“%(name)s” is saved.") % {"name": told["name"]})
    return True


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: str(value)[:200] for name, value in request.POST.items()}


def _example_as_drawn(form: EquationForm) -> dict[str, Any]:
    """The example of a form as it stands on the page, whether it was sent or not."""
    fields = [*form.head, *(field for row in form.rows for field in row)]
    data = {field.html_name: str(_shown(field.value())) for field in fields}
    return example_of(data | {"rows": str(len(form.rows))})


def _shown(value: Any) -> Any:
    """As a browser would send it."""
    if value is None:
        return ""
    return getattr(value, "pk", value)


def _written(each: Equation | None) -> str:
    """``4 + 1,2 × lines``."""
    if each is None:
        return "–"
    terms = [f"{exact(driver.minutes)} × {driver.name}" for driver in each.drivers.all()]
    return " + ".join([exact(each.base_minutes), *terms])
