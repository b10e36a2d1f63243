"""What reports ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from reports.models import Report


class LedgerForm(HouseForm):
    """A workbook to be looked at."""

    file = forms.FileField(
        label=_("Ledger workbook (.xlsx)"),
        help_text=_("It is only looked at first: you see what would change before anything is stored."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )


class ReportForm(VersionedFormMixin, HouseModelForm):
    """The text of a report, and from the second version on why there is another.

    ``seen`` is the version for which the page was opened. With ``issues`` a reason must be given.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ["summary", "reason"]

    def __init__(self, *args, issues=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].help_text = _("What the figures do not say; it stands below the sentences.")
        self.initial["seen"] = self.instance.number
        if self.instance.number == 1:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = issues

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") not in (None, self.instance.number):
            issued = {"number": self.instance.number - 1}
            self.add_error(None, _("Version %(number)d has been issued meanwhile.") % issued)
        return cleaned
