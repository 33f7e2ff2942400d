"""What stands in the audit, in people's words."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kundenstamm.customers.models import Representative
from kundenstamm.guard.models import AuditEntry, Team, User
from kundenstamm.ledger.models import Source

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Pages that show customers, fields that are revealed, tables that are written to.
PLACES: dict[str, _StrPromise] = {
    "customer": gettext_lazy("customer's page"),
    "preview": gettext_lazy("preview beside the list"),
    "bulk-confirm": gettext_lazy("question before many are changed"),
    "bulk-act": gettext_lazy("what was done to many at once"),
    "entries": gettext_lazy("ledger entries"),
    "purchases": gettext_lazy("documents"),
    "activity": gettext_lazy("activity"),
    "activities": gettext_lazy("activities of a month"),
    "interactions": gettext_lazy("what happened with a customer"),
    "attachment": gettext_lazy("attached file"),
    "timeline": gettext_lazy("timeline of a customer"),
    "today": gettext_lazy("the day's steps"),
    "morning-mail": gettext_lazy("mail of the day's steps"),
    "tasks": gettext_lazy("own tasks"),
    "team-tasks": gettext_lazy("tasks of the team"),
    "task": gettext_lazy("task"),
    "task-feed": gettext_lazy("tasks in a calendar"),
    "complaints": gettext_lazy("open complaints"),
    "solved-complaints": gettext_lazy("solved complaints"),
    "complaint": gettext_lazy("complaint"),
    "satisfaction": gettext_lazy("how satisfied customers are"),
    "customers": gettext_lazy("customer list"),
    "find": gettext_lazy("quick search"),
    "base": gettext_lazy("base page"),
    "terms": gettext_lazy("list of agreements"),
    "agreement": gettext_lazy("agreement's page"),
    "without-agreement": gettext_lazy("given without agreement"),
    "before-signing": gettext_lazy("terms before signing"),
    "proposals": gettext_lazy("list of proposed terms"),
    "proposal": gettext_lazy("proposed terms"),
    "repairs": gettext_lazy("list of customers that lose"),
    "repair": gettext_lazy("repair ladder"),
    "repair-plan": gettext_lazy("plan of repair"),
    "repair-letter": gettext_lazy("letter of a plan of repair"),
    "pursuits": gettext_lazy("board of pursuits"),
    "pursuit": gettext_lazy("pursuit"),
    "new-pursuit": gettext_lazy("prospect's name"),
    "pursue": gettext_lazy("start of a pursuit"),
    "departure": gettext_lazy("departure and its hand-overs"),
    "departure-letter": gettext_lazy("letter of a hand-over"),
    "handover-sheets": gettext_lazy("sheets of what must not be lost"),
    "handover-sheet": gettext_lazy("sheet of what must not be lost"),
    "kept-promises": gettext_lazy("promised against real"),
    "capacity": gettext_lazy("who needs a pool in a month"),
    "how-many": gettext_lazy("how many customers of a kind fit"),
    "scenarios": gettext_lazy("scenarios side by side"),
    "scenario": gettext_lazy("scenario"),
    "base-customers": gettext_lazy("customers behind the base page"),
    "chain": gettext_lazy("list of chains"),
    "chain-of": gettext_lazy("chain of a customer"),
    "chain-below": gettext_lazy("branch of a chain"),
    "chain-what-if": gettext_lazy("what if a dealer goes"),
    "leaving": gettext_lazy("what if a colleague left"),
    "audit": gettext_lazy("audit"),
    "alarms": gettext_lazy("alarms"),
    "reveal": gettext_lazy("question for the reason"),
    "contact.email": gettext_lazy("mail address of a contact"),
    "contact.phone": gettext_lazy("phone number of a contact"),
    "document.prices": gettext_lazy("prices of a document"),
    "guard_user": gettext_lazy("account"),
    "guard_team": gettext_lazy("team"),
    "guard_team_members": gettext_lazy("member of a team"),
    "guard_invitation": gettext_lazy("invitation"),
    "mfa_authenticator": gettext_lazy("second factor"),
    "company_companyprofile": gettext_lazy("company profile"),
    "customers_customer": gettext_lazy("customer"),
    "customers_contact": gettext_lazy("contact"),
    "customers_representative": gettext_lazy("representative"),
    "customers_assignment": gettext_lazy("assignment"),
    "customers_grant": gettext_lazy("grant"),
    "customers_chainlink": gettext_lazy("link of the chain"),
    "customers_star": gettext_lazy("star"),
    "customers_bulkact": gettext_lazy("act on many customers"),
    "customers_bulkchange": gettext_lazy("change by an act on many"),
    "chain_sellthrough": gettext_lazy("report of what was sold on"),
    "care_interaction": gettext_lazy("interaction"),
    "care_attachment": gettext_lazy("attached file"),
    "care_mention": gettext_lazy("mention in a note"),
    "care_task": gettext_lazy("task"),
    "care_taskstep": gettext_lazy("step of a task"),
    "care_complaint": gettext_lazy("complaint"),
    "care_complaintclass": gettext_lazy("class of complaints"),
    "care_complaintstep": gettext_lazy("step of a complaint"),
    "care_feed": gettext_lazy("calendar of tasks"),
    "care_survey": gettext_lazy("question how satisfied a customer is"),
    "relations_correction": gettext_lazy("word on who holds a customer"),
    "today_answer": gettext_lazy("answer to a step"),
    "today_wish": gettext_lazy("wish for the day"),
    "terms_agreement": gettext_lazy("agreement"),
    "terms_agreementtier": gettext_lazy("tier of an agreement"),
    "terms_agreemententry": gettext_lazy("cause of an entry"),
    "decisions_proposal": gettext_lazy("proposed terms"),
    "decisions_repairplan": gettext_lazy("plan of repair"),
    "departures_departure": gettext_lazy("departure"),
    "departures_departurechange": gettext_lazy("change of a departure"),
    "departures_point": gettext_lazy("point of a departure's list"),
    "departures_handoverline": gettext_lazy("hand-over of a customer"),
    "departures_knowledgesheet": gettext_lazy("sheet of a contact"),
    "departures_absence": gettext_lazy("absence"),
    "departures_watchswitch": gettext_lazy("switch of unusual reading"),
    "departures_watchopening": gettext_lazy("question for a name"),
    "departures_watchlook": gettext_lazy("look at unusual reading"),
    "ledger_batch": gettext_lazy("batch"),
    "ledger_product": gettext_lazy("product"),
    "ledger_productcategory": gettext_lazy("product category"),
    "ledger_productcost": gettext_lazy("unit cost"),
    "serving_pool": gettext_lazy("pool"),
    "serving_poolmonth": gettext_lazy("figures of a pool"),
    "serving_activitytype": gettext_lazy("kind of activity"),
    "serving_equation": gettext_lazy("time equation"),
    "serving_driver": gettext_lazy("driver of a time equation"),
    "serving_activity": gettext_lazy("activity"),
    "serving_allocationrun": gettext_lazy("allocation"),
}
# Columns whose models have no words for them.
COLUMNS: dict[str, _StrPromise] = {
    "user_id": gettext_lazy("account"),
    "team_id": gettext_lazy("team"),
    "person_id": gettext_lazy("for"),
    "given_by_id": gettext_lazy("by"),
    "invited_by_id": gettext_lazy("by"),
    "representative_id": gettext_lazy("representative"),
    "author_id": gettext_lazy("recorded by"),
    "asked_by_id": gettext_lazy("by"),
    "withdrawn_by_id": gettext_lazy("withdrawn by"),
    "of_class_id": gettext_lazy("class"),
    "opened_by_id": gettext_lazy("by"),
    "complaint_id": gettext_lazy("complaint"),
    "interaction_id": gettext_lazy("interaction"),
    "owner_id": gettext_lazy("whose"),
    "created_by_id": gettext_lazy("by"),
    "by_id": gettext_lazy("by"),
    "ended_at": gettext_lazy("ended at"),
    "undone_at": gettext_lazy("taken back at"),
    "cause": gettext_lazy("cause"),
    "mailed_on": gettext_lazy("mailed on"),
    "from_owner_id": gettext_lazy("from"),
    "to_owner_id": gettext_lazy("to"),
    "from_due": gettext_lazy("was due"),
    "to_due": gettext_lazy("is due"),
    "task_id": gettext_lazy("task"),
    "withdrawn_at": gettext_lazy("withdrawn at"),
    "agreed_by_id": gettext_lazy("by"),
    "proposed_by_id": gettext_lazy("proposed by"),
    "decided_by_id": gettext_lazy("decided by"),
    "chosen_by_id": gettext_lazy("chosen by"),
    "done_by_id": gettext_lazy("done by"),
    "act_id": gettext_lazy("act"),
    "ended_by_id": gettext_lazy("ended by"),
    "linked_by_id": gettext_lazy("by"),
    "renews_id": gettext_lazy("renews"),
    "agreement_id": gettext_lazy("agreement"),
    "entry_id": gettext_lazy("entry"),
    "category_id": gettext_lazy("product category"),
    "upstream_id": gettext_lazy("supplier"),
    "downstream_id": gettext_lazy("supplied"),
    "dealer_id": gettext_lazy("dealer"),
    "end_customer_id": gettext_lazy("end customer"),
    "pool_id": gettext_lazy("pool"),
    "type_id": gettext_lazy("kind of activity"),
    "equation_id": gettext_lazy("time equation"),
    "product_id": gettext_lazy("product"),
    "source_id": gettext_lazy("source"),
    "undoes_id": gettext_lazy("takes back batch"),
    "kind": gettext_lazy("kind"),
    "type": gettext_lazy("kind"),
    "last_login": gettext_lazy("signed in"),
    "token_hash": gettext_lazy("link"),
    "is_emergency": gettext_lazy("emergency"),
    "withdrawn": gettext_lazy("taken back"),
    "result": gettext_lazy("result"),
}
SHOWN_CHANGES = 4


class Names:
    """Names of what entries speak of beside customers: small tables, each read once, if at all."""

    MODELS = (User, Team, Representative, Source)

    def __init__(self) -> None:
        self._read: dict[type[models.Model], dict[int, str]] = {}

    def of(self, model: type[models.Model]) -> dict[int, str]:
        if model not in self._read and model in self.MODELS:
            found = model._default_manager.values_list("pk", "name").order_by("name")
            self._read[model] = dict(found)
        return self._read.get(model, {})

    @property
    def people(self) -> dict[int, str]:
        return self.of(User)


def place(entry: AuditEntry, names: Names) -> str:
    """``customer's page``, ``account: Anna``; a page without words of its own keeps its name."""
    words = str(PLACES.get(entry.what, entry.what))
    whose = [names.people[row] for row in entry.rows[:SHOWN_CHANGES] if row in names.people]
    return f"{words}: {', '.join(whose)}" if entry.what == "guard_user" and whose else words


def changes(entry: AuditEntry, names: Names) -> list[str]:
    """``Confidential: no → yes``, ``Place``: by value where that may be told, else by name."""
    values: list[dict[str, Any]] = entry.detail.get("values", [])
    known = {column for row in values for column in row}
    others = [name for name in entry.detail.get("columns", []) if name not in known]
    told = [
        words
        for row in values
        for column, pair in row.items()
        if column != "id" and (words := _change(entry.what, column, pair, names))
    ]
    return told[:SHOWN_CHANGES] + [_label(entry.what, name) for name in others]


def _change(table: str, column: str, pair: list[Any], names: Names) -> str:
    """Nothing where nothing has changed, or nothing was entered."""
    if pair[0] == pair[-1] and (len(pair) == 2 or pair[0] in (None, "")):
        return ""
    said = " → ".join(_value(table, column, value, names) for value in pair)
    return f"{_label(table, column)}: {said}"


def _value(table: str, column: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _fields(table).get(column)
    if isinstance(field, models.DateTimeField):
        at = timezone.localtime(datetime.fromisoformat(value))
        return str(formats.date_format(at, "SHORT_DATETIME_FORMAT"))
    if isinstance(field, models.DateField):
        return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if field is not None and field.related_model is not None:
        return names.of(field.related_model).get(value, str(value))
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(choices.get(value, value))


def _label(table: str, column: str) -> str:
    """A column that has no words of its own is called by its table or, at worst, by its name."""
    if column in COLUMNS:
        return str(COLUMNS[column])
    field = _fields(table).get(column)
    return str(field.verbose_name) if field is not None else column


@cache
def _fields(table: str) -> dict[str, Any]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return {str(field.column): field for field in model._meta.concrete_fields}
    return {}
