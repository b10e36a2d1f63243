"""What reports ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm


class LedgerForm(HouseForm):
    """A workbook to be looked at."""

    file = forms.FileField(
        label=_("Ledger workbook (.xlsx)"),
        help_text=_("It is only looked at first: you see what would change before anything is stored."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
