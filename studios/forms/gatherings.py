"""A gathering: what it is, and which studios take part; and who goes from a studio."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Person, Unit
from studios.models import Gathering, Studio


class GatheringForm(VersionedFormMixin, HouseModelForm):
    """``chosen`` are the studios that take part: those of whole units and those named one by one."""

    units = forms.ModelMultipleChoiceField(
        label=_("All studios of these units"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    studios = forms.ModelMultipleChoiceField(
        label=_("These studios"),
        queryset=Studio.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Gathering
        fields = ["unit", *Gathering.SHARED]

    def __init__(self, *args, hosts, **kwargs):
        """``hosts``: the units for whose union this person may call together."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = hosts
        below = Studio.objects.active().filter(unit__in=hosts).select_related("unit")
        already = Studio.objects.none()
        if self.instance.pk:
            already = Studio.objects.filter(activities__gathering=self.instance)
            self.initial["studios"] = list(already.values_list("pk", flat=True))
            del self.fields["unit"]
        offered = Studio.objects.filter(pk__in=below.values("pk")) | already
        self.fields["studios"].queryset = offered.distinct().order_by("position", "pk")
        self.fields["units"].queryset = hosts.filter(pk__in=below.values("unit"))

    @property
    def chosen(self) -> list[Studio]:
        """The studios, each once."""
        whole = Studio.objects.active().filter(unit__in=self.cleaned_data["units"])
        return list({*self.cleaned_data["studios"], *whole})

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends before it begins."))
        if not cleaned.get("units") and not cleaned.get("studios") and "studios" not in self.errors:
            self.add_error("studios", _("At least one studio takes part."))
        return cleaned


class ParticipantsForm(HouseForm):
    """Who goes to an activity; everybody of the studio is offered."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who takes part"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever is not ticked is not asked and does not count as absent."),
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
