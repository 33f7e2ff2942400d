"""Who may use the system."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.guard.audit.narrowing import FEW_CUSTOMERS, AuditQuerySet


class Role(models.TextChoices):
    """What a person does here. What that permits stands in ``guard.rights``."""

    OWNER = "owner", _("Owner")
    SALES_LEAD = "sales_lead", _("Sales lead")
    REPRESENTATIVE = "representative", _("Representative")
    SERVICE = "service", _("Service")
    CONTROLLER = "controller", _("Controller")
    DATA_PROTECTION = "data_protection", _("Data-protection officer")
    AUDITOR = "auditor", _("Auditor")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account; the mail address is the name to sign in with."""

    email = models.EmailField(_("Mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    language = models.CharField(_("Language"), max_length=5, default="de")
    # Letters that do something by themselves; some people's aids write them by accident.
    shortcuts = models.BooleanField(_("Shortcuts by single keys"), default=True)
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(_("Created"))
    audited = ("role", "is_active", "language")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who stand in for each other. Sales leads and service see what their team serves."""

    name = models.CharField(_("Team"), max_length=120, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True)
    audited = ("name",)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """The one link a person may come in by for the first time; a new one replaces it."""

    user = models.OneToOneField(User, models.CASCADE, related_name="invitation")
    # Whoever reads the database must not be able to come in by it.
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("Created"))
    expires_at = models.DateTimeField(_("Valid until"))
    used_at = models.DateTimeField(_("Used"), null=True, blank=True)
    audited = ("user_id", "invited_by_id", "expires_at", "used_at")

    def __str__(self) -> str:
        return f"{self.user}, {self.expires_at:%Y-%m-%d}"


class AuditEntry(models.Model):
    """What somebody did or looked at. Written by the database's own functions, never changed.

    ``actor`` and ``customers`` are plain numbers: an entry outlives whom it speaks of. It holds
    no personal data: names of changed columns, and values only of columns declared as ``audited``.
    """

    class Kind(models.TextChoices):
        READ = "read", _("looked at")
        REVEAL = "reveal", _("revealed")
        REFUSED = "refused", _("refused")
        EMERGENCY = "emergency", _("emergency access")
        INSERT = "insert", _("entered")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("deleted")

    class Channel(models.TextChoices):
        PAGE = "page", _("page")
        COMMAND = "command", _("command")
        JOB = "job", _("job")

    at = models.DateTimeField(_("When"))
    kind = models.CharField(_("What"), max_length=10, choices=Kind)
    # The table that was written to, or the page that was shown.
    what = models.CharField(max_length=60)
    actor = models.BigIntegerField(_("Who"), null=True)
    request = models.CharField(max_length=40, blank=True)
    channel = models.CharField(_("By"), max_length=10, choices=Channel, blank=True)
    address = models.CharField(_("From where"), max_length=45, blank=True)
    rows = ArrayField(models.BigIntegerField(), default=list)
    customers = ArrayField(models.BigIntegerField(), default=list)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["actor", "id"], name="audit_by_actor"),
            models.Index(fields=["request"], name="audit_by_request"),
            # Of a whole file's customers each would be a place in the index: those go by the next.
            GinIndex(fields=["customers"], condition=FEW_CUSTOMERS, name="audit_by_customer"),
            models.Index(fields=["id"], condition=~FEW_CUSTOMERS, name="audit_of_many"),
            models.Index(
                fields=["actor", "id"],
                condition=models.Q(kind="read", what="customer"),
                name="audit_of_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.what}"


class AuditLink(models.Model):
    """The seal on one entry: a digest over the entry and the link before it."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    digest = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.number}: {bytes(self.digest).hex()[:8]}"


class Alarm(models.Model):
    """Something that owners and data-protection officers must see, and say that they have."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency access")
        EMERGENCY_REFUSED = "refused", _("Emergency access tried in vain")

    at = models.DateTimeField(_("When"))
    kind = models.CharField(_("What"), max_length=20, choices=Kind)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    # A plain number, for the guard knows nothing of customers.
    customer = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300)
    ends_at = models.DateTimeField(_("Until"), null=True, blank=True)
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    seen_at = models.DateTimeField(_("Seen"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}: {self.person}"


class SealingKey(models.Model):
    """A key that this database is sealed with: the key itself stands in the ring, never here."""

    name = models.CharField(max_length=12, primary_key=True)
    check_value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name
