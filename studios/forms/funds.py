"""Funds: the budget of a line, a spending to be approved, money that came in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.shown import yuan
from core.uploads import accept
from core.versions import VersionedFormMixin
from members.models import Person
from studios import fund_lines
from studios.forms.parts import NotLaterMixin
from studios.models import FundBudget, FundEntry, Spending

#: The id of the list of known lines, which the page gives.
LINES = {"list": "fund-lines", "autocomplete": "off"}


class LineMixin(forms.ModelForm):
    """Forms that name a fund line."""

    def clean_line(self):
        return " ".join(self.cleaned_data["line"].split())


class BudgetForm(LineMixin, VersionedFormMixin, HouseModelForm):
    """What a year allows on one line."""

    class Meta:
        model = FundBudget
        fields = ["line", "amount", "note"]
        widgets = {"line": forms.TextInput(attrs=LINES)}

    def clean(self):
        cleaned = super().clean()
        if line := cleaned.get("line"):
            same = FundBudget.objects.filter(
                studio=self.instance.studio, year=self.instance.year, line=line
            ).exclude(pk=self.instance.pk)
            if same.exists():
                self.add_error("line", _("This line has a budget in that year already."))
        return cleaned


class BookingForm(NotLaterMixin, LineMixin, HouseModelForm):
    """Fields of a spending and of an income; whoever belongs to the studio can have handled it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        members = self.instance.studio.memberships.current(on=self.on).values("person")
        self.fields["handler"].queryset = Person.objects.filter(pk__in=members)
        self.fields["amount"].min_value = 0

    def clean_on(self):
        return self.not_later("on")

    def clean_file(self):
        file = self.cleaned_data["file"]
        return accept(file) if file and "file" in self.changed_data else file

    def booked(self):
        """The record as it was typed, its file under the name people gave it."""
        record = self.save(commit=False)
        if "file" in self.changed_data and self.cleaned_data["file"]:
            record.keep_file(self.cleaned_data["file"])
        return record


BOOKED = ["on", "line", "purpose", "amount", "handler", "voucher_no", "file"]


class SpendingForm(BookingForm):
    """A spending; one that takes more than the line has left says why."""

    class Meta:
        model = Spending
        fields = [*BOOKED, "over_reason"]
        widgets = {"line": forms.TextInput(attrs=LINES), "file": forms.FileInput}
        help_texts = {"over_reason": _("Only where the line has too little left.")}

    def clean(self):
        cleaned = super().clean()
        day, line, amount = (cleaned.get(name) for name in ("on", "line", "amount"))
        if day and line and amount and not cleaned.get("over_reason"):
            left = fund_lines.free(self.instance.studio, day.year, line, beside=self.initial_spending)
            if amount > left:
                self.add_error(
                    "over_reason",
                    _("The line has %(left)s yuan left, this is %(over)s yuan more. Please say why.")
                    % {"left": yuan(left), "over": yuan(amount - left)},
                )
        return cleaned

    @property
    def initial_spending(self):
        """The request as it is stored, None for a new one."""
        return Spending.objects.filter(pk=self.instance.pk).first()


class IncomeForm(BookingForm):
    """Money that came in for a line."""

    class Meta:
        model = FundEntry
        fields = BOOKED
        widgets = {"line": forms.TextInput(attrs=LINES), "file": forms.FileInput}


class OpinionForm(HouseForm):
    """Why something comes back, or is taken back."""

    opinion = forms.CharField(label=_("Reason"), max_length=200)
