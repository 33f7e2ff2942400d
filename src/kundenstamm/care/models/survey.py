"""A customer asked how satisfied it is: one link, one answer by whoever holds it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kundenstamm.care.models.complaint import Complaint
from kundenstamm.customers.models import Contact, Customer
from kundenstamm.guard import normalising
from kundenstamm.guard.queries import NeedToKnowQuerySet
from kundenstamm.guard.sealed_fields import SealedFields, only_sealed

MOST = 10


class Survey(SealedFields):
    """The question, in the customer's language, and what was answered by the link.

    The link's secret is kept as a digest, and none is kept once the link has ended. Whoever holds
    the link writes the answer through functions of the database (`kundenstamm.care.answering`).
    """

    class Language(models.TextChoices):
        DE = "de", _("German")
        EN = "en", _("English")

    sealed_fields = {"said": normalising.one_spelling, "remark": normalising.one_spelling}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="surveys")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Contact")
    )
    # Asked how this was handled, and not whether the customer recommends us.
    complaint = models.ForeignKey(
        Complaint, models.SET_NULL, null=True, blank=True, related_name="surveys"
    )
    language = models.CharField(_("Language"), max_length=2, choices=Language)
    question = models.CharField(_("Free question"), max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("Asked"))
    token_hash = models.CharField(max_length=64, blank=True)
    open_until = models.DateTimeField(_("Link open until"))
    # One that goes by mail gets its link when it is mailed.
    by_mail = models.BooleanField(_("By mail"), default=False)
    mailed_at = models.DateTimeField(_("Mailed"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("Link revoked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("Corrected"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("Recommends"), null=True, blank=True)
    said = models.TextField(_("Answer"), blank=True)
    said_index = models.CharField(max_length=40, blank=True)
    remark = models.TextField(_("Remark"), blank=True)
    remark_index = models.CharField(max_length=40, blank=True)
    audited = (
        "asked_by_id", "language", "open_until", "mailed_at", "revoked_at", "answered_at",
        "corrected_at",
    )  # fmt: skip

    objects = NeedToKnowQuerySet.as_manager()

    class Meta:
        constraints = [
            *only_sealed("said", "remark"),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="survey_link_once"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True, said="", remark="")
                | Q(score__gte=0, score__lte=MOST, answered_at__isnull=False),
                name="survey_answered_with_a_score",
            ),
            models.CheckConstraint(
                condition=Q(open_until__gt=F("asked_at")), name="survey_leaves_time"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-asked_at"], name="surveys_of_customer"),
            models.Index(
                fields=["id"],
                condition=Q(by_mail=True, mailed_at=None, revoked_at=None),
                name="surveys_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.score if self.score is not None else '–'}"

    def waits_for_mail(self, at: datetime) -> bool:
        """Whether it is still to be mailed."""
        unsent = self.by_mail and self.mailed_at is None
        return unsent and self.revoked_at is None and self.open_until > at

    def takes_answers(self, at: datetime) -> bool:
        return bool(self.token_hash) and self.revoked_at is None and self.open_until > at
