"""One thing done to many customers of the list: asked once more, done, listed, undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.customers import bulk
from kundenstamm.customers.models import BulkAct, Customer
from kundenstamm.customers.queries import bulk_acts_of, changes_of, regions
from kundenstamm.guard.audit import note_read
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden
from kundenstamm.lifecycle.queries import Wanted, chosen_customers
from kundenstamm.web.acquisition.forms import GiveForm
from kundenstamm.web.customers import bulk_words
from kundenstamm.web.customers.asked import asked, key_of, narrowed, whole
from kundenstamm.web.customers.forms import AssignForm, RegionForm
from kundenstamm.web.shell.figures import number
from kundenstamm.web.shell.requests import SignedInRequest, moment

NAMED = 12
LISTED = 50
FORMS: dict[str, type[forms.Form]] = {
    BulkAct.Kind.HAND_OVER: AssignForm,
    BulkAct.Kind.REGION: RegionForm,
    BulkAct.Kind.CAMPAIGN: GiveForm,
}


@require_safe
def confirm(request: SignedInRequest) -> HttpResponse:
    """How many they are, who, and what else it takes; nothing is done yet."""
    kind = _kind(request, request.GET.get("act", ""))
    chosen = chosen_customers(request.user, _wanted(request), bulk.at_most(kind))
    first = {"starts": timezone.localdate(), "day": timezone.localdate()}
    form = FORMS[kind](initial=first) if kind in FORMS else None
    return _confirm(request, kind, chosen, form, request.GET.get("list", ""))


@require_POST
def do(request: SignedInRequest) -> HttpResponse:
    """Do it to the customers that were confirmed, as far as the actor still knows of them."""
    kind = _kind(request, request.POST.get("act", ""))
    keys = _keys(request.POST.get("customers", "").split())
    wanted = Wanted(keys=keys, sort="name", descending=False)
    chosen = chosen_customers(request.user, wanted, bulk.at_most(kind)) if keys else []
    form = FORMS[kind](request.POST) if kind in FORMS else None
    back = request.POST.get("list", "")[:1000]
    if not chosen or (form is not None and not form.is_valid()):
        return _confirm(request, kind, chosen, form, back)
    ids = [each.pk for each in chosen]
    try:
        act = bulk.do_to_all(kind, ids, _told(form), actor=request.user, at=moment())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return _to_list(back)
    if act is None:
        messages.info(
            request,
            _("None of them can be asked now: nobody was.")
            if kind == BulkAct.Kind.ASK
            else _("All of them were so already: nothing has changed."),
        )
    else:
        messages.success(request, bulk_words.done(act) + ".", extra_tags=f"undo {act.key}")
    return _to_list(back)


@require_safe
def acts(request: SignedInRequest) -> HttpResponse:
    """What one did to many customers, the latest first."""
    at = timezone.now()
    found = bulk_acts_of(request.user)[:LISTED]
    rows = [
        {"act": act, "says": bulk_words.done(act), "undoable": _undoable(request, act, at)}
        for act in found
    ]
    return render(request, "customers/bulk_acts.html", {"rows": rows})


@require_safe
def act(request: SignedInRequest, act: UUID) -> HttpResponse:
    """One of them, customer by customer: how each was, how it was left, whether it is so still."""
    done, at = get_object_or_404(bulk_acts_of(request.user), key=act), timezone.now()
    changes = list(changes_of(request.user, done))
    note_read("bulk-act", [c.customer_id for c in changes], actor=request.user, at=at)
    waiting = [change for change in changes if change.undone_at is None]
    as_left = bulk.as_left(done, waiting, actor=request.user, at=at)
    called = bulk_words.names()
    context = {
        "act": done,
        "says": bulk_words.done(done),
        "unknown": done.customers - len(changes),
        "undoable": bool(as_left) and bulk.may_do(request.user, done.kind)
        and bulk.may_still_undo(done, at=at),
        "rows": [
            {
                "change": change,
                "was": bulk_words.state(done, change.before, called),
                "left": bulk_words.state(done, change.after, called),
                "since": change.undone_at is None and change.pk not in as_left,
            }
            for change in changes
        ],
    }  # fmt: skip
    return render(request, "customers/bulk_act.html", context)


@require_POST
def undo(request: SignedInRequest, act: UUID) -> HttpResponse:
    """Put back what was changed; the act's page says where that was not possible."""
    done = get_object_or_404(bulk_acts_of(request.user), key=act)
    try:
        undone = bulk.undo(done, actor=request.user, at=moment())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("bulk-act", act=act)
    back = ngettext(
        "%(n)s customer is as it was.", "%(n)s customers are as they were.", undone.back
    ) % {"n": number(undone.back)}
    left = ngettext(
        "%(n)s was changed since and stays as it is.",
        "%(n)s were changed since and stay as they are.", len(undone.left),
    ) % {"n": number(len(undone.left))}  # fmt: skip
    if undone.left:
        messages.error(request, f"{back} {left}")
    else:
        messages.success(request, back)
    return redirect("bulk-act", act=act)


def _confirm(
    request: SignedInRequest, kind: str, chosen: list[Customer], form: forms.Form | None, back: str
) -> HttpResponse:
    if not chosen:
        messages.error(request, _("Select customers first."))
        return _to_list(back)
    shown, limit = chosen[:NAMED], bulk.at_most(kind)
    note_read("bulk-confirm", [c.pk for c in shown], actor=request.user, at=timezone.now())
    context = {
        "kind": kind,
        "icon": bulk_words.ICONS[BulkAct.Kind(kind)],
        "too_many": len(chosen) > limit,
        "limit": limit,
        "question": bulk_words.question(kind, len(chosen)),
        "meaning": bulk_words.MEANINGS[kind],
        "label": BulkAct.Kind(kind).label,
        "shown": shown,
        "others": len(chosen) - len(shown),
        "customers": " ".join(str(each.key) for each in chosen),
        "form": form,
        "regions": regions(request.user) if kind == BulkAct.Kind.REGION else [],
        "left_out": _left_out(request, chosen) if kind == BulkAct.Kind.ASK else [],
        "back": whole(QueryDict(back)),
    }
    return render(request, "customers/bulk_confirm.html", context)


def _left_out(request: SignedInRequest, chosen: list[Customer]) -> list[str]:
    """Who is not asked, and why; none where they are too many anyway."""
    if len(chosen) > bulk.at_most(BulkAct.Kind.ASK):
        return []
    ids, at = [each.pk for each in chosen], timezone.now()
    counts = bulk.left_out(BulkAct.Kind.ASK, ids, actor=request.user, at=at)
    return bulk_words.left_out(counts)


def _kind(request: SignedInRequest, kind: str) -> str:
    if kind not in BulkAct.Kind.values:
        raise Http404
    if not bulk.may_do(request.user, kind):
        raise Forbidden(BulkAct.Kind(kind).label)
    return kind


def _wanted(request: SignedInRequest) -> Wanted:
    """Those ticked, or all that the list has found."""
    if request.GET.get("all") == "1":
        return narrowed(asked(QueryDict(request.GET.get("list", "")[:1000])), request.user)
    keys = _keys(request.GET.getlist("customer"))
    return Wanted(keys=keys) if keys else Wanted(among=())


def _keys(texts: list[str]) -> tuple[UUID, ...]:
    found = (key_of(text) for text in texts[:1001])
    return tuple(dict.fromkeys(key for key in found if key is not None))


def _told(form: forms.Form | None) -> dict[str, Any]:
    """As it stands in the act's record."""
    if isinstance(form, AssignForm):
        told = form.cleaned_data
        return {"representative": told["representative"].pk, "starts": told["starts"].isoformat()}
    if isinstance(form, GiveForm):
        return form.told()
    return {"region": form.cleaned_data["region"]} if form is not None else {}


def _undoable(request: SignedInRequest, act: BulkAct, at: Any) -> bool:
    return (
        act.undone_at is None
        and bulk.may_still_undo(act, at=at)
        and bulk.may_do(request.user, act.kind)
    )


def _to_list(query: str) -> HttpResponse:
    return redirect(f"{reverse('customers')}?{whole(QueryDict(query))}".rstrip("?"))
