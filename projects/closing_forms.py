"""Forms for a period that is closed: opening it again, telling what came too late."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm


class ReopenForm(HouseForm):
    """Why a closed period is opened again, and until when."""

    reason = forms.CharField(label=_("Reason"), max_length=1000)
    until = forms.DateField(label=_("Open until (inclusive)"))


class BelatedForm(HouseForm):
    """What was done for an item of a closed month and not told in time."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    points = forms.DecimalField(
        label=_("more done (points)"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    note = forms.CharField(
        label=_("In a sentence"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
