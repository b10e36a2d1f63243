"""Forms about problems: raising one, and saying something to one."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.workdays import Workdays
from projects.models import Problem
from studios.forms.settings import coordinators_of
from studios.house_rules import Need

USUAL_WORKDAYS = 5
"""So many working days a problem is given unless somebody says otherwise."""


class ProblemForm(HouseModelForm):
    """What is stuck and what is needed; level and coordinator may be left to the house rule."""

    class Meta:
        model = Problem
        fields = ["what", "need", "due_on", "level", "coordinator"]
        widgets = {"what": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "what": _("For example: the furnace is not free for the third group of tests before the 20th.")
        }

    def __init__(self, *args, on: date, calendar: Workdays, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        studio = self.instance.studio
        self.fields["level"].required = False
        self.fields["level"].initial = ""
        self.fields["level"].choices = [("", _("— as the house rule says —")), *Problem.Level.choices]
        self.fields["coordinator"].queryset = coordinators_of(studio, on=on)
        self.fields["coordinator"].empty_label = _("— as the house rule says —")
        self.fields["need"].choices = [("", _("— choose —")), *Need.choices]
        self.initial["due_on"] = self.instance.due_on or calendar.shift(on, USUAL_WORKDAYS)
        self.initial["level"] = ""

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < self.on:
            raise forms.ValidationError(_("The due day lies before today."))
        return due_on

    def _get_validation_exclusions(self):
        # The rest is set by the verb; the constraints look at it there.
        return super()._get_validation_exclusions() | {"raised_on", "level", "state"}


class SayForm(HouseForm):
    """One text: a comment, a reason, how it was solved."""

    text = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
