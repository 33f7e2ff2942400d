"""Forms of who holds whom: what is said against the record, and at which rates is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from kundenstamm.relations.correcting import LONGEST_REASON
from kundenstamm.relations.models import Colleague, Correction
from kundenstamm.worth.relations.leaving import LOSS

# More than this was never seen of a whole set of customers; a slider ends somewhere.
MOST = 60
HUNDRED = Decimal(100)


class CorrectForm(forms.Form):
    """Colleagues go by their public key."""

    colleague: Any = forms.ModelChoiceField(
        Colleague.objects.none(), label=_("Colleague"), to_field_name="key", empty_label=None
    )
    says = forms.ChoiceField(label=_("How it stands"), choices=Correction.Says)
    because = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON,
        help_text=_("Sealed; read by whoever may read notes."),
    )  # fmt: skip

    def __init__(self, *told: Any, colleagues: Any, **options: Any) -> None:
        super().__init__(*told, **{"auto_id": "relation_%s"} | options)
        field: Any = self.fields["colleague"]
        field.queryset = colleagues


class SliderField(forms.DecimalField):
    """A share that is pulled or typed in per cent; 13.2 for 0.132."""

    widget = forms.NumberInput({"type": "range", "step": "0.1", "min": 0, "max": MOST})

    def __init__(self, share: float, **options: Any) -> None:
        super().__init__(required=False, max_digits=5, decimal_places=2, **options)
        self.initial = Decimal(str(share)) * HUNDRED
        self.validators += [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST))]


class RatesForm(forms.Form):
    """Empty, or what cannot be read: as is usual, here or elsewhere."""

    low = SliderField(LOSS[0], label=_("Lost at least"))
    high = SliderField(LOSS[1], label=_("Lost at most"))

    def __init__(self, *told: Any, usual: tuple[float, float] = LOSS, **options: Any) -> None:
        super().__init__(*told, **options)
        self.usual = usual
        for name, share in zip(("low", "high"), usual, strict=True):
            self.initial[name] = round(Decimal(str(share)) * HUNDRED, 1)

    def rates(self) -> tuple[float, float]:
        """In order, whichever way round they were told."""
        told = self.cleaned_data if self.is_valid() else {}
        ends = (
            usual if told.get(name) is None else float(told[name] / HUNDRED)
            for name, usual in zip(("low", "high"), self.usual, strict=True)
        )
        low, high = sorted(ends)
        return low, high
