"""Asking for leave, refusing it, and what was learnt afterwards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from studios.forms.parts import NotLaterMixin


class LeaveForm(HouseForm):
    reason = forms.CharField(
        label=_("Why you cannot come"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence is enough. Those who lead the studio and its union can read it."),
    )


class RefusalForm(HouseForm):
    opinion = forms.CharField(label=_("Why not"), max_length=300)


class MakeUpForm(NotLaterMixin, HouseForm):
    made_up_on = forms.DateField(label=_("Made up on"))
    made_up_hours = forms.DecimalField(
        label=_("Hours of study"), max_digits=4, decimal_places=1, min_value=0, required=False
    )
    made_up = forms.CharField(
        label=_("How"), max_length=300, help_text=_("For example: read the minutes and the slides.")
    )

    def clean_made_up_on(self):
        return self.not_later("made_up_on")
