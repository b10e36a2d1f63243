"""The place of a studio, its equipment, and what a stock-take found."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Person
from studios.forms.parts import NotLaterMixin
from studios.models import Equipment, StockTakeRow, Venue


class VenueForm(VersionedFormMixin, HouseModelForm):
    """What the standards ask of the place."""

    class Meta:
        model = Venue
        fields = ["signboard", "rules_on_wall", "honour_wall", "rooms", "facilities"]
        help_texts = {
            "rooms": _("For example: workroom, training room, test room."),
            "facilities": _("For example: computer, projector, bookshelf."),
        }


class EquipmentForm(NotLaterMixin, VersionedFormMixin, HouseModelForm):
    """A piece of equipment; whoever belongs to the studio can look after it."""

    class Meta:
        model = Equipment
        fields = [
            "number",
            "name",
            "model",
            "bought_on",
            "value",
            "custodian",
            "state",
            "place",
            "note",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        members = self.instance.studio.memberships.current(on=self.on).values("person")
        known = Person.objects.filter(pk__in=members)
        if self.instance.custodian_id:  # who has left stays until somebody else takes it over
            known = known | Person.objects.filter(pk=self.instance.custodian_id)
        self.fields["custodian"].queryset = known

    def clean_bought_on(self):
        return self.not_later("bought_on")

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        same = Equipment.objects.filter(studio=self.instance.studio, number=number)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("The studio has a piece with this number."))
        return number


class StockTakeForm(HouseForm):
    """One choice and a remark for every piece; ``seen`` is the version of the count it was drawn from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, take, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["seen"].initial = take.version
        for row in rows:
            self.fields[f"result_{row.pk}"] = forms.ChoiceField(
                label=str(row.equipment),
                choices=StockTakeRow.Result.choices,
                widget=forms.RadioSelect,
                initial=row.result,
            )
            self.fields[f"remark_{row.pk}"] = forms.CharField(
                label=_("remark"),
                max_length=200,
                required=False,
                initial=row.remark,
                widget=forms.TextInput(
                    attrs={
                        "class": "form-control",
                        "placeholder": _("remark"),
                        "aria-label": f"{row.equipment}: {_('remark')}",
                    }
                ),
            )

    @property
    def choices(self):
        """(row, bound result, bound remark) of every piece."""
        return [(row, self[f"result_{row.pk}"], self[f"remark_{row.pk}"]) for row in self.rows]

    @property
    def found(self) -> dict[int, tuple[str, str]]:
        typed = self.cleaned_data
        return {row.pk: (typed[f"result_{row.pk}"], typed[f"remark_{row.pk}"]) for row in self.rows}
