"""The company's playbooks: all of them, and the steps of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kundenstamm.customers.models import Link
from kundenstamm.playbooks import actions, queries, rules
from kundenstamm.playbooks.models import Playbook
from kundenstamm.playbooks.proposals import PROPOSALS
from kundenstamm.web.playbooks.forms import ANY, ChooseForm, StepsFormSet, steps_form
from kundenstamm.web.shell.requests import SignedInRequest, moment

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """One playbook, kept or only proposed, with how many customers it is about."""

    stage: str
    link: str
    of: Playbook | None
    steps: list[Any]
    running: int
    entered: int

    @property
    def path(self) -> str:
        return self.link or ANY

    @property
    def stage_label(self) -> str:
        return rules.named(self.stage, "")

    @property
    def link_label(self) -> str:
        return str(Link(self.link).label) if self.link else _("Every other link")

    @property
    def on(self) -> bool:
        return self.of is not None and self.of.on

    @property
    def proposed(self) -> bool:
        return self.of is None

    @property
    def days(self) -> int:
        """From the start to the last step."""
        return max((each.due_days for each in self.steps), default=0)


@require_safe
def playbooks(request: SignedInRequest) -> HttpResponse:
    """Those that are kept, and those that we propose, in the order of a customer's life."""
    kept, counts = queries.playbooks(), _counts(request)
    shown = [_row(kept, key, counts) for key in _keys(kept)]
    context = {"rows": shown, "choose": ChooseForm(auto_id="choose_%s")}
    return render(request, "playbooks/playbooks.html", context)


@require_safe
def choose(request: SignedInRequest) -> HttpResponse:
    """To the page where one more is written."""
    form = ChooseForm(request.GET)
    if not form.is_valid():
        return redirect("playbooks")
    return redirect("playbook", form.cleaned_data["stage"], form.cleaned_data["link"])


@require_http_methods(["GET", "POST"])
def playbook(request: SignedInRequest, stage: str, link: str) -> HttpResponse:
    """Its steps to change; ``do`` says whether it is switched on with them."""
    key = _key(stage, link)
    row = _row(queries.playbooks(), key, _counts(request))
    form = steps_form(request.POST or None, row.steps)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, key, form)
        except ValidationError as error:
            refused = error.messages
        else:
            return redirect("playbook", stage, link)
    context = {"row": row, "form": form, "refused": refused}
    return render(request, "playbooks/playbook.html", context)


@require_POST
def switch(request: SignedInRequest, stage: str, link: str) -> HttpResponse:
    """On, also for a proposal, which is kept by that; or off."""
    key, at = _key(stage, link), moment()
    held = queries.playbooks().get(key)
    if request.POST.get("on"):
        held = held or _take_up(request, key)
        actions.switch_on(held, actor=request.user, at=at)
        messages.success(request, _("Switched on: it starts for whoever enters the stage now."))
    elif held is not None:
        actions.switch_off(held, actor=request.user, at=at)
        messages.success(request, _("Switched off. What was started goes on."))
    return redirect("playbooks")


def _keep(request: SignedInRequest, key: queries.Key, form: StepsFormSet) -> None:
    by: dict[str, Any] = {"actor": request.user, "at": moment()}
    held = actions.keep_playbook(*key, form.drafts(), **by)
    if request.POST.get("do") == "on":
        actions.switch_on(held, **by)
        messages.success(request, _("Switched on: it starts for whoever enters the stage now."))
    else:
        messages.success(request, _("Saved. Tasks that were made already stay as they are."))


def _take_up(request: SignedInRequest, key: queries.Key) -> Playbook:
    """A proposal in the words of whoever takes it up."""
    if key not in PROPOSALS:
        raise Http404
    drafts = [actions.Draft(each.what, each.function, each.due_days) for each in PROPOSALS[key]]
    return actions.keep_playbook(*key, drafts, actor=request.user, at=moment())


def _key(stage: str, link: str) -> queries.Key:
    if stage not in rules.STAGES or link not in (ANY, *Link.values):
        raise Http404
    return stage, "" if link == ANY else link


def _keys(kept: dict[queries.Key, Playbook]) -> list[queries.Key]:
    """By stage; each link before that for all others."""
    stages, links = list(rules.STAGES), [*Link.values, rules.ANY]
    return [(s, link) for s in stages for link in links if (s, link) in {*kept, *PROPOSALS}]


Counts = tuple[dict[int, int], dict[queries.Key, int]]


def _counts(request: SignedInRequest) -> Counts:
    since = timezone.localdate() - LATELY
    return queries.running(request.user), queries.entered(request.user, since)


def _row(kept: dict[queries.Key, Playbook], key: queries.Key, counts: Counts) -> Row:
    stage, link = key
    held, (running, entered) = kept.get(key), counts
    steps = list(held.steps.all()) if held else list(PROPOSALS.get(key, ()))
    # One for every other link is for those links that have none switched on.
    own = [each for (of, each), book in kept.items() if of == stage and each and book.on]
    about = [link] if link else [each for each in ("", *Link.values) if each not in own]
    of_stage = sum(entered.get((stage, each), 0) for each in about)
    return Row(stage, link, held, steps, running.get(held.pk, 0) if held else 0, of_stage)
