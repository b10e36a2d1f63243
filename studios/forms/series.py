"""A new series: what its activities are, and on which days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from studios import recurring
from studios.forms.activities import ActivityForm
from studios.models import Series
from studios.series import SHARED


class SeriesForm(ActivityForm):
    """The form of an activity, with the rhythm in place of the day; ``slots`` are its days."""

    field_order = ["subject", "kind", "every", "first_on", "until", "times", "on_rest", *SHARED]

    every = forms.ChoiceField(label=_("How often"), choices=Series.Every, widget=forms.RadioSelect)
    first_on = forms.DateField(label=_("First day"))
    until = forms.DateField(label=_("Last day"), required=False)
    times = forms.IntegerField(
        label=_("Or how many times"),
        required=False,
        min_value=2,
        max_value=recurring.MOST,
        help_text=_("At most 60 times."),
    )
    on_rest = forms.ChoiceField(
        label=_("On days of rest and holidays"), choices=Series.OnRest, widget=forms.RadioSelect
    )

    def __init__(self, *args, on, calendar, **kwargs):
        self.on, self.calendar = on, calendar
        self.slots: list[recurring.Slot] = []
        super().__init__(*args, **kwargs)
        for name in [name for name in self.Meta.fields if name not in SHARED and name in self.fields]:
            del self.fields[name]

    def clean_first_on(self):
        first = self.cleaned_data["first_on"]
        if first < self.on:
            raise forms.ValidationError(_("A series begins today or later."))
        return first

    def clean(self):
        cleaned = super().clean()
        first, until, times = (cleaned.get(name) for name in ("first_on", "until", "times"))
        if not until and not times and not {"until", "times"} & {*self.errors}:
            self.add_error("until", _("Say until when, or how many times."))
        if not self.errors:
            days = recurring.days(first, cleaned["every"], until=until, times=times or recurring.MOST)
            self.slots = recurring.slots(days, cleaned["on_rest"], calendar=self.calendar)
            if sum(1 for slot in self.slots if slot.held_on) < 2:
                self.add_error("until", _("That makes less than two activities."))
        return cleaned

    @property
    def series(self) -> Series:
        """The series as it was typed; ``lay_out`` stores it."""
        typed = self.cleaned_data
        return Series(studio=self.instance.studio, every=typed["every"], on_rest=typed["on_rest"])
