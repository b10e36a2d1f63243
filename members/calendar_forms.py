"""What the administrators enter into the working calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.models import WorkdayOverride
from core.versions import VersionedFormMixin
from members.calendar_lines import YEARS, read


class WorkdayForm(VersionedFormMixin, HouseModelForm):
    """One exception."""

    class Meta:
        model = WorkdayOverride
        fields = ["day", "works", "note"]
        widgets = {"works": forms.RadioSelect}
        help_texts = {"note": _("Such as: worked for the Spring Festival, day of the factory.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["works"].choices = WorkdayOverride._meta.get_field("works").choices

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(_("The year lies too far away."))
        return day


class PasteForm(HouseForm):
    """Many exceptions at once. ``cleaned_data["lines"]`` is a list of `calendar_lines.Line`."""

    lines = forms.CharField(
        label=_("Exceptions, one a line"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("A day, “works” or “rests”, a note. For example: 2027-02-14 works Spring Festival"),
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_lines(self):
        lines, faults = read(self.cleaned_data["lines"], year=self.year)
        if faults:
            raise forms.ValidationError(faults)
        if not lines:
            raise forms.ValidationError(self.fields["lines"].error_messages["required"])
        return lines
