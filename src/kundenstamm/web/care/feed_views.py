"""A person's tasks in their own calendar: the switch for it, and what other programs fetch."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kundenstamm.care import feed_actions, task_queries
from kundenstamm.care.models import Feed, Task
from kundenstamm.guard.acting import name_actor
from kundenstamm.guard.audit import note_read
from kundenstamm.kit.calendars import WholeDay, calendar
from kundenstamm.web.care.task_views import day_page
from kundenstamm.web.guard.acting import way_of
from kundenstamm.web.shell.requests import SignedInRequest, moment

MOST = 500


@require_POST
def change_feed(request: SignedInRequest) -> HttpResponse:
    """Make an address, revoke it, or say whether it names customers."""
    do, actor, at = request.POST.get("do", ""), request.user, moment()
    if do == "open":
        token = feed_actions.open_feed(actor=actor, at=at)
        address = request.build_absolute_uri(reverse("task-feed", args=[token]))
        # Kept by nobody but its reader: only its digest is stored.
        return day_page(request, feed_address=address)
    if do == "close":
        feed_actions.close_feed(actor=actor, at=at)
        messages.success(request, _("Revoked. The address answers no more."))
    elif do in ("name", "hide"):
        feed_actions.name_customers(do == "name", actor=actor, at=at)
        messages.success(request, _("Saved."))
    return redirect(reverse("tasks") + "#calendar")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; need-to-know and the account's lock hold each time."""
    found = feed_actions.feed_behind(token)
    if found is None:
        raise Http404
    at = timezone.now()
    name_actor(found.person, at=at, way=way_of(request))
    tasks = list(task_queries.mine(found.person)[:MOST])
    note_read("task-feed", [each.customer_id for each in tasks], actor=found.person, at=at)
    with translation.override(found.person.language):
        text = calendar(_("Tasks"), [_entry(request, found, each) for each in tasks])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = 'inline; filename="tasks.ics"'
    return answer


def _entry(request: HttpRequest, of: Feed, task: Task) -> WholeDay:
    title = _("Task in Kundenstamm")
    if of.names_customers:
        title = _("Task: %(customer)s") % {"customer": task.customer.name}
    link = request.build_absolute_uri(reverse("task", args=[task.key]))
    return WholeDay(f"{task.key}@kundenstamm", task.due, title, link, task.created_at)
