"""Who may use the system."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


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
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(_("Created"))

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

    def __str__(self) -> str:
        return f"{self.user}, {self.expires_at:%Y-%m-%d}"


class SealingKey(models.Model):
    """A key that this database is sealed with: the key itself stands in the ring, never here."""

    name = models.CharField(max_length=12, primary_key=True)
    check_value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name
