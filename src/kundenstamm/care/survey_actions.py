"""Customers are asked how satisfied they are; the link can be revoked, and ends by itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from kundenstamm.care.models import Survey
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


@dataclass(frozen=True)
class Question:
    """What a customer is asked: in which language, whom there; "" is the company's own question."""

    language: str = Survey.Language.DE
    words: str = ""
    contact: Contact | None = None


@transaction.atomic
def ask(customer: Customer, question: Question, *, actor: User, at: datetime) -> tuple[Survey, str]:
    """The survey, and the secret part of its link, which is shown this once.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        The customer was asked too lately; or the contact is another customer's.
    """
    demand(actor, Right.RECORD)
    demand_known(customer.pk, actor)
    # Of two who ask at once, the second is told of the first.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    company = profile()
    if (again := askable_from(customer, company, actor)) and again > at:
        told = {"day": formats.date_format(timezone.localtime(again), "SHORT_DATE_FORMAT")}
        raise ValidationError(
            _("This customer was asked already and can be asked again from %(day)s.") % told
        )
    if question.contact is not None and question.contact.customer_id != customer.pk:
        raise ValidationError(_("This contact is another customer's."))
    token = secrets.token_urlsafe(32)
    words = " ".join(question.words.split()) or default_question(company, question.language)
    made = Survey(
        customer=customer, contact=question.contact, language=question.language,
        question=words[:LONGEST_QUESTION], asked_by=actor, asked_at=at,
        token_hash=hashed(token), open_until=at + OPEN,
    )  # fmt: skip
    made.save()
    return made, token


def askable_from(customer: Customer, company: CompanyProfile, actor: User) -> datetime | None:
    """When the customer may be asked again; None: it was not asked yet.

    A link that was revoked before anybody answered asks nobody.
    """
    counted = asked_of(actor, [customer.pk]).exclude(
        revoked_at__isnull=False, answered_at__isnull=True
    )
    last = counted.order_by("-asked_at").values_list("asked_at", flat=True).first()
    return None if last is None else last + timedelta(days=company.survey_days)


def default_question(company: CompanyProfile, language: str) -> str:
    """The company's own free question in a language."""
    english = language == Survey.Language.EN
    return company.survey_question_en if english else company.survey_question_de


def send(survey: Survey, link: str, *, actor: User, at: datetime) -> str:
    """Mail the link to the survey's contact; the address it went to.

    Raises
    ------
    Forbidden
        The actor may not record, or may not know of the customer.
    ValidationError
        There is no contact with a mail address, or it has objected to advertising.
    OSError
        The mail server does not take it.
    """
    demand(actor, Right.RECORD)
    demand_known(survey.customer_id, actor)
    address = survey.contact.open("email") if survey.contact else ""
    if not address:
        raise ValidationError(_("Choose a contact with a mail address."))
    if survey.contact and survey.contact.objection:
        raise ValidationError(_("This contact has forbidden us to write for such a reason."))
    company = profile().name
    with translation.override(survey.language):
        subject = _("How satisfied are you with %(company)s?") % {"company": company or _("us")}
        told = {"survey": survey, "link": link, "company": company, "actor": actor}
        words = render_to_string("care/survey_mail.txt", told)
    send_mail(subject, words, None, [address])
    return address


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
