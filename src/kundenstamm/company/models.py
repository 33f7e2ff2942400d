"""What the company is: what it makes, for whom, and the rules its figures follow."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kundenstamm.kit.digits import MONEY, SHARE

SHARE_LIMITS = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class CompanyProfile(models.Model):
    """The one company this installation belongs to (row 1)."""

    name = models.CharField(_("Company"), max_length=200, blank=True)
    offer = models.TextField(
        _("What do we make?"), blank=True, help_text=_("The product or the service, in a sentence.")
    )
    audience = models.TextField(
        _("For whom?"), blank=True, help_text=_("The customers it is made for.")
    )
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("Fiscal year starts in"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    time_zone = models.CharField(_("Time zone"), max_length=60, default="Europe/Berlin")
    default_margin = models.DecimalField(
        _("Overall margin"),
        **SHARE,
        default=Decimal("0.35"),
        validators=SHARE_LIMITS,
        help_text=_("Used where neither a unit cost nor a category's margin is known."),
    )
    regular_occasions = models.PositiveSmallIntegerField(
        _("Purchases that make a regular"), default=3, validators=[MinValueValidator(2)]
    )
    active_limit = models.DecimalField(
        _("At risk below a probability of"),
        **SHARE,
        default=Decimal("0.5"),
        validators=SHARE_LIMITS,
    )
    lost_limit = models.DecimalField(
        _("Lost below a probability of"), **SHARE, default=Decimal("0.2"), validators=SHARE_LIMITS
    )
    onboarding_days = models.PositiveSmallIntegerField(
        _("Days a customer counts as new"), default=90
    )
    value_years = models.PositiveSmallIntegerField(
        _("Years a lifetime value looks ahead"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    discount_rate = models.DecimalField(
        _("Discount rate a year"),
        **SHARE,
        default=Decimal("0.1"),
        validators=SHARE_LIMITS,
        help_text=_("How much less money is worth that comes a year later."),
    )
    financing_rate = models.DecimalField(
        _("Financing rate a year"),
        **SHARE,
        default=Decimal("0.06"),
        validators=SHARE_LIMITS,
        help_text=_("What money costs us that customers still owe."),
    )
    standard_payment_days = models.PositiveSmallIntegerField(
        _("Usual days to pay"),
        default=14,
        help_text=_("Only what an agreement grants beyond them is a cost of it."),
    )
    promotion_periods = models.PositiveSmallIntegerField(
        _("Periods after which a promotion is permanent"),
        default=2,
        validators=[MinValueValidator(1)],
    )
    rebate_limit = models.DecimalField(
        _("Rebates together above"),
        **SHARE,
        default=Decimal("0.1"),
        validators=SHARE_LIMITS,
        help_text=_("What was agreed before counts too, and so does a lower price."),
    )
    concession_limit = models.DecimalField(
        _("Cost a year above"),
        **MONEY,
        default=Decimal(5_000),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("At what the customer buys today, with all that was signed within a year."),
    )
    loss_needs_approval = models.BooleanField(
        _("Contribution III below nil afterwards"), default=True
    )
    approval_days = models.PositiveSmallIntegerField(
        _("Days a proposal waits"), default=14, validators=[MinValueValidator(1)]
    )
    # How long customers may go without a conversation: `kundenstamm.worth.care.cadence`.
    class_a_share = models.DecimalField(
        _("Class A: the best, together"),
        **SHARE,
        default=Decimal("0.7"),
        validators=SHARE_LIMITS,
        help_text=_("Of all contribution that is expected of the next twelve months."),
    )
    class_b_share = models.DecimalField(
        _("Class B: the next, together"),
        **SHARE,
        default=Decimal("0.25"),
        validators=SHARE_LIMITS,
        help_text=_("Everybody else is class C."),
    )
    silence_a = models.PositiveSmallIntegerField(
        _("Days without a conversation, A"), default=45, validators=[MinValueValidator(1)]
    )
    silence_b = models.PositiveSmallIntegerField(
        _("Days without a conversation, B"), default=75, validators=[MinValueValidator(1)]
    )
    silence_c = models.PositiveSmallIntegerField(
        _("Days without a conversation, C"), default=150, validators=[MinValueValidator(1)]
    )
    silence_least = models.PositiveSmallIntegerField(
        _("Nobody is called again within"),
        default=14,
        validators=[MinValueValidator(1)],
        help_text=_("Days. Whoever buys more often than the class allows is called as often."),
    )
    # Of a place in the chain (`customers.models.Link`): instead of the class's; empty: the class's.
    silence_wholesaler = models.PositiveSmallIntegerField(
        _("Days without a conversation, wholesalers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    silence_dealer = models.PositiveSmallIntegerField(
        _("Days without a conversation, dealers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    silence_agent = models.PositiveSmallIntegerField(
        _("Days without a conversation, agents"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    silence_end_customer = models.PositiveSmallIntegerField(
        _("Days without a conversation, end customers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    # What customers are asked beside whether they would recommend us, in their language.
    survey_question_de = models.CharField(
        _("Free question, German"),
        max_length=300,
        default="Was sollten wir besser machen?",
    )
    survey_question_en = models.CharField(
        _("Free question, English"), max_length=300, default="What should we do better?"
    )
    survey_days = models.PositiveSmallIntegerField(
        _("No customer is asked again within"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Days since it was last asked how satisfied it is."),
    )

    audited = (
        "currency", "fiscal_year_start", "default_margin", "regular_occasions", "active_limit",
        "lost_limit", "onboarding_days", "value_years", "discount_rate",
        "financing_rate", "standard_payment_days", "promotion_periods",
        "rebate_limit", "concession_limit", "loss_needs_approval", "approval_days",
        "class_a_share", "class_b_share", "silence_a", "silence_b", "silence_c", "silence_least",
        "silence_wholesaler", "silence_dealer", "silence_agent", "silence_end_customer",
        "survey_days",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="company_is_one"),
            models.CheckConstraint(
                condition=models.Q(lost_limit__lt=models.F("active_limit")),
                name="company_lost_below_active",
            ),
            models.CheckConstraint(
                condition=models.Q(class_b_share__lte=1 - models.F("class_a_share")),
                name="company_classes_within_all",
                violation_error_message=_("Classes A and B are together more than all."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
