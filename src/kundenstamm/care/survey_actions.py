"""Customers are asked how satisfied they are; the link can be revoked, and ends by itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kundenstamm.care.models import Complaint, Survey
from kundenstamm.care.survey_queries import asked_of
from kundenstamm.company.models import CompanyProfile
from kundenstamm.company.queries import profile
from kundenstamm.customers.actions import demand_known
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard.models import User
from kundenstamm.guard.people import hashed
from kundenstamm.guard.rights import Right, demand

# How long a customer has for an answer.
OPEN = timedelta(days=30)
LONGEST_QUESTION = 300
SITE_LANGUAGE = settings.LANGUAGE_CODE[:2]


@dataclass(frozen=True)
class Question:
    """What a customer is asked, and whom there; how a complaint was handled, if one is named.

    Without a language it is the contact's, without words the company's own question.
    """

    language: str = ""
    words: str = ""
    contact: Contact | None = None
    complaint: Complaint | None = None


@transaction.atomic
def ask(customer: Customer, question: Question, *, actor: User, at: datetime) -> tuple[Survey, str]:
    """The survey, and the secret part of its link, which is shown this once.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        The customer was asked too lately; or the contact is another customer's, or has objected.
    """
    made = _drafted(customer, question, actor, at)
    token = secrets.token_urlsafe(32)
    made.token_hash = hashed(token)
    made.save()
    return made, token


@transaction.atomic
def ask_by_mail(customer: Customer, question: Question, *, actor: User, at: datetime) -> Survey:
    """The link is made and mailed by a job, within minutes; until then it can be revoked unsent.

    Raises as `ask`, and ValidationError where the contact has no mail address or no mail server is
    named.
    """
    if not settings.MAIL_HOST:
        raise ValidationError(_("No mail server is named."))
    if not (question.contact and question.contact.email):
        raise ValidationError(_("Choose a contact with a mail address."))
    made = _drafted(customer, question, actor, at)
    made.by_mail = True
    made.save()
    return made


def _drafted(customer: Customer, question: Question, actor: User, at: datetime) -> Survey:
    """Not yet stored, without a link."""
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    # Of two who ask at once, the second is told of the first.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    company = profile()
    if (again := askable_from(asked_of(actor, [customer.pk]), company)) and again > at:
        told = {"day": formats.date_format(timezone.localtime(again), "SHORT_DATE_FORMAT")}
        raise ValidationError(
            _("This customer was asked already and can be asked again from %(day)s.") % told
        )
    if question.contact is not None and question.contact.customer_id != customer.pk:
        raise ValidationError(_("This contact is another customer's."))
    if question.contact is not None and question.contact.objection:
        raise ValidationError(_("This contact has forbidden us to write for such a reason."))
    language = question.language or own_language(actor, customer, question.contact)
    words = " ".join(question.words.split()) or default_question(company, language)
    return Survey(
        customer=customer, contact=question.contact, complaint=question.complaint,
        language=language,
        question=words[:LONGEST_QUESTION], asked_by=actor, asked_at=at, open_until=at + OPEN,
    )  # fmt: skip


def own_language(actor: User, customer: Customer, contact: Contact | None = None) -> str:
    """In which a customer is asked: its contact's, without one the main contact's.

    Where nothing is said, the one it was asked in last, else the site's.
    """
    if contact is None:
        known = Contact.objects.visible_to(actor).standing()
        contact = known.filter(customer=customer, is_main=True).first()
    last = asked_of(actor, [customer.pk]).order_by("-asked_at").values_list("language", flat=True)
    return language_of(contact.language if contact else "") or last.first() or SITE_LANGUAGE


def language_of(preferred: str) -> str:
    """That of page and mail for a contact's; English where we do not write theirs; "" for none.

    >>> language_of("de"), language_of("fr"), language_of("")
    ('de', 'en', '')
    """
    if not preferred or preferred in Survey.Language.values:
        return preferred
    return Survey.Language.EN.value


def askable_from(asked: Iterable[Survey], company: CompanyProfile) -> datetime | None:
    """When a customer may be asked again that was asked all this; None: it was not asked yet.

    A link that was revoked before anybody answered asks nobody.
    """
    counted = [each.asked_at for each in asked if each.answered_at or each.revoked_at is None]
    return max(counted) + timedelta(days=company.survey_days) if counted else None


def default_question(company: CompanyProfile, language: str) -> str:
    """The company's own free question in a language."""
    english = language == Survey.Language.EN
    return company.survey_question_en if english else company.survey_question_de


def revoke(survey: Survey, *, actor: User, at: datetime) -> None:
    """The link answers no more; an answer that was given stays.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    """
    demand(actor, Right.RECORD)
    demand_known(survey.customer_id, actor)
    known = asked_of(actor, [survey.customer_id]).filter(pk=survey.pk, revoked_at=None)
    known.update(revoked_at=at, token_hash="")


def end_links(*, actor: User, at: datetime) -> int:
    """Of links that have ended no digest is kept; how many.

    Raises
    ------
    Forbidden
        The actor may not keep the company's settings.
    """
    demand(actor, Right.COMPANY)
    over = Q(open_until__lte=at) | Q(revoked_at__isnull=False)
    return Survey.objects.filter(over).exclude(token_hash="").update(token_hash="")


def surveys_of(actor: User, customers: Iterable[int]) -> list[Survey]:
    """All of some customers, the latest first."""
    found = asked_of(actor, customers)
    return list(found.select_related("asked_by", "contact").order_by("-asked_at", "-pk"))
