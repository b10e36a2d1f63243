"""The facts of a studio, its level, its state."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Unit, without_spaces
from studios import changes
from studios.forms.parts import NotLaterMixin
from studios.models import Studio


class StudioForm(VersionedFormMixin, HouseModelForm):
    """The facts of a studio. Its lead, level and state change by acts of their own; a new name is told."""

    class Meta:
        model = Studio
        fields = [
            "name",
            "type",
            "unit",
            "trade",
            "naming_doc_no",
            "named_on",
            "founded_on",
            "address",
            "area",
            "annual_funds",
            "phone",
            "note",
        ]

    def __init__(self, *args, by, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.on = by, on
        for name in ("area", "annual_funds"):
            if self.initial[name] is not None:
                self.initial[name] = f"{self.initial[name].normalize():f}"
        self.fields["unit"].queryset = Unit.objects.visible_to(by).order_by("path")

    def clean_name(self):
        return without_spaces(self.cleaned_data["name"])

    @transaction.atomic
    def save(self, commit=True):
        studio = super().save(commit)
        changes.rename(studio, before=self.initial["name"], on=self.on, by=self.by)
        if studio.unit_id != self.initial["unit"]:
            changes.figures_follow(studio)
        return studio


class LevelForm(NotLaterMixin, HouseForm):
    """A naming at a higher level."""

    level = forms.ChoiceField(label=_("Level"))
    doc_no = forms.CharField(label=_("Naming document"), max_length=60, required=False)
    day = forms.DateField(label=_("Named on"))

    def __init__(self, *args, studio, **kwargs):
        super().__init__(*args, **kwargs)
        levels = Studio.Level.choices
        higher = [level for level, _label in levels].index(studio.level) + 1
        self.fields["level"].choices = levels[higher:]

    def clean_day(self):
        return self.not_later("day")


class StateForm(NotLaterMixin, HouseForm):
    """Another state, and why."""

    state = forms.ChoiceField(label=_("State"))
    day = forms.DateField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args, studio, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [row for row in Studio.State.choices if row[0] != studio.state]

    def clean_day(self):
        return self.not_later("day")
