"""How long complaints take, and how soon they should be solved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kundenstamm.care.complaint_actions import ensure_classes, keep_class
from kundenstamm.care.complaint_figures import Sum, figures
from kundenstamm.care.models import Complaint
from kundenstamm.guard.rights import Right, may
from kundenstamm.web.care.complaint_forms import TermsOfClassForm
from kundenstamm.web.shell.requests import SignedInRequest, moment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@require_safe
def waits(request: SignedInRequest) -> HttpResponse:
    """Waiting times and cost by quarter and by cause; sums name no customer."""
    quarters, causes = figures(request.user, timezone.localdate())
    words = dict(Complaint.Cause.choices)
    context = {
        "quarters": [_shown(each, each.of) for each in quarters],
        "causes": [_shown(each, str(words.get(each.of, _("not said yet")))) for each in causes],
        "keeps_classes": may(request.user, Right.COMPANY),
        "tab": "complaint-figures",
    }
    return render(request, "care/complaint_figures.html", context)


@require_http_methods(["GET", "POST"])
def classes(request: SignedInRequest) -> HttpResponse:
    """Name, hours and days of each class; complaints that are open keep theirs."""
    data = request.POST or None
    rows = [
        TermsOfClassForm(data, instance=each, prefix=f"class{each.pk}", auto_id="id_%s")
        for each in ensure_classes()
    ]
    valid = [form.is_valid() for form in rows]
    if data is not None and all(valid):
        for form in rows:
            keep_class(form.instance, actor=request.user, at=moment())
        messages.success(request, _("Saved."))
        return redirect("complaint-classes")
    context = {"forms": rows, "keeps_classes": True, "tab": "complaint-classes"}
    return render(request, "care/complaint_classes.html", context)


def _shown(of: Sum, label: str) -> dict[str, Any]:
    return {
        "label": label, "of": of,
        "answer_half": span(of.answer.half), "answer_most": span(of.answer.most),
        "solution_half": span(of.solution.half), "solution_most": span(of.solution.most),
    }  # fmt: skip


def span(waited: timedelta | None) -> str:
    """``5 h``, ``2,5 days``: hours up to two days."""
    if waited is None:
        return "–"
    if waited < 2 * DAY:
        return _("%(hours)s h") % {"hours": formats.number_format(waited / HOUR, 1)}
    days = round(waited / DAY, 1)
    said = formats.number_format(days, 1)
    return ngettext("%(days)s day", "%(days)s days", int(days)) % {"days": said}
