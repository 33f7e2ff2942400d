"""Forms of growth: spending, channels, campaigns, partners; and how one customer came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kundenstamm.acquisition import touching_many
from kundenstamm.acquisition.channel_actions import Spent
from kundenstamm.acquisition.coming_actions import Sender
from kundenstamm.acquisition.models import Campaign, Channel, Origin, Partner
from kundenstamm.acquisition.models.channel import LONGEST
from kundenstamm.acquisition.queries import channels, numbered
from kundenstamm.guard.models import User
from kundenstamm.guard.people import recorders
from kundenstamm.serving.models import Pool
from kundenstamm.web.care.task_forms import ColleagueField
from kundenstamm.web.customers.forms import DayField

SOME: dict[str, Any] = {"min_value": 0, "required": False, "localize": True}


class ChannelField(forms.ChoiceField):
    """One of the channels, the usual ones also before their first use; read once a form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Channel"), **options)
        self.there: dict[str, Channel] = {}

    def fill(self, found: list[Channel]) -> None:
        self.there = {each.code: each for each in found}
        self.choices = [("", "–"), *((code, str(each)) for code, each in self.there.items())]

    def clean(self, value: Any) -> Any:
        return self.there.get(str(super().clean(value)))


class CampaignField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self) -> None:
        found = Campaign.objects.select_related("channel").order_by("-starts", "name")
        super().__init__(found, label=_("Campaign"), required=False, to_field_name="key",
                         empty_label="–")  # fmt: skip

    def label_from_instance(self, obj: Campaign) -> str:
        return f"{obj.name} · {obj.channel}"


class GiveForm(forms.Form):
    """A campaign, for many customers at once."""

    campaign = CampaignField()
    day = DayField(label=_("Reached on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].required = True
        self.fields["campaign"].help_text = _("Campaigns are kept under Growth, Channels.")

    def clean_day(self) -> date:
        found: date = self.cleaned_data["day"]
        if found > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."))
        return found

    def told(self) -> dict[str, Any]:
        """As the act keeps it."""
        return touching_many.told(self.cleaned_data["campaign"], self.cleaned_data["day"])


class OfChannel(forms.Form):
    """A form that begins with a channel."""

    channel = ChannelField()

    def __init__(self, *args: Any, there: list[Channel] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["channel"]
        if isinstance(field, ChannelField):
            field.fill(channels() if there is None else there)


class SpendForm(OfChannel):
    day = DayField(label=_("Day"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, **SOME)
    hours = forms.DecimalField(label=_("Hours"), max_digits=8, decimal_places=2, **SOME)
    pool = forms.ModelChoiceField(
        Pool.objects.order_by("name"), label=_("Whose hours"), required=False, to_field_name="name",
        empty_label="–",
    )  # fmt: skip
    campaign = CampaignField()
    what = forms.CharField(label=_("What for"), max_length=200, required=False)

    def spent(self) -> Spent:
        """As the action takes it."""
        told = self.cleaned_data
        return Spent(
            told["day"], told["amount"] or Decimal(0), told["hours"] or Decimal(0), told["pool"],
            told["campaign"], told["what"],
        )  # fmt: skip


class CampaignForm(OfChannel):
    name = forms.CharField(label=_("Campaign"), max_length=LONGEST)
    audience = forms.CharField(label=_("Target group"), max_length=300, required=False)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until"), required=False)

    def campaign(self) -> Campaign:
        told = self.cleaned_data
        return Campaign(**{name: told[name] for name in ("name", "audience", "starts", "ends")})


class ChannelForm(OfChannel):
    """Another name for a channel; without one chosen, a new channel of one's own."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["channel"].required = False
        field = self.fields["channel"]
        if isinstance(field, ChannelField):
            named = [(code, str(each)) for code, each in field.there.items()]
            field.choices = [("", _("a new one")), *named]


class TakeOverForm(OfChannel):
    name = forms.CharField(widget=forms.HiddenInput, max_length=60)


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Partner
        fields = ("name", "trade", "city")


class KnownCustomerField(forms.CharField):
    """A customer by its number, one that the reader knows: set ``actor`` before it is asked."""

    actor: User | None = None

    def clean(self, value: Any) -> Any:
        number = str(super().clean(value)).strip().replace("\0", "")
        if not number:
            return None
        found = numbered(self.actor, number)
        if found is None:
            raise forms.ValidationError(_("You know no customer of this number."))
        return found


class PassOnForm(forms.Form):
    customer = KnownCustomerField(label=_("Customer number"), max_length=60)
    consent_on = DayField(label=_("The customer agreed on"))
    worth = forms.DecimalField(
        label=_("Worth to the partner, if known"), max_digits=14, decimal_places=2, **SOME
    )

    def __init__(self, actor: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].actor = actor  # type: ignore[attr-defined]


class ThankForm(forms.Form):
    thanks_cost = forms.DecimalField(
        label=_("Cost of the thanks"), max_digits=14, decimal_places=2, **SOME
    )


class _OrNobody(ModelChoiceIterator):  # type: ignore[type-arg]
    """Nobody first; the people are read once a page."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", "–"
        yield from (self.choice(each) for each in recorders())


class SomebodyField(ColleagueField):
    iterator = _OrNobody  # type: ignore[assignment]


class OriginForm(OfChannel):
    """Where a customer comes from; who sent it, only if somebody did."""

    said = forms.ChoiceField(label=_("Who said so"), choices=Origin.Said)
    campaign = CampaignField()
    partner = forms.ModelChoiceField(
        Partner.objects.all(), label=_("Sent by the partner"), required=False, to_field_name="key",
        empty_label="–",
    )  # fmt: skip
    sender = KnownCustomerField(
        label=_("or by the customer (number)"), required=False, max_length=60
    )
    colleague = SomebodyField(label=_("or by a colleague"), required=False)
    day = DayField(label=_("Day"), required=False)

    def __init__(self, actor: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["sender"].actor = actor  # type: ignore[attr-defined]

    def sent_by(self) -> Sender:
        told = self.cleaned_data
        return Sender(told.get("partner"), told.get("sender"), told.get("colleague"))


class TouchForm(OfChannel):
    day = DayField(label=_("Day"))
    campaign = CampaignField()
