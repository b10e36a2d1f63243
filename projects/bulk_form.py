"""What is to be done to the chosen items."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from projects.bulk import ACTS, CANCEL, DUE, OWNER, Change, people_for


class BulkForm(HouseForm):
    """One of three acts with its value; ``token`` lets the change happen once."""

    act = forms.ChoiceField(label=_("What is to be changed"), choices=ACTS.items())
    due = forms.DateField(label=_("New due day"), required=False)
    owner = forms.ModelChoiceField(label=_("New person responsible"), queryset=None, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("For cancelling, and where a plan is confirmed."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    VALUES = {DUE: "due", OWNER: "owner", CANCEL: "reason"}

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_for(items)
        self.fields["token"].initial = uuid.uuid4

    def clean(self):
        cleaned = super().clean()
        name = self.VALUES.get(cleaned.get("act"))
        if name and name not in self.errors and not cleaned.get(name):
            self.add_error(name, _("Please fill this in: it is what is to be changed."))
        return cleaned

    @property
    def change(self) -> Change:
        act = self.cleaned_data["act"]
        return Change(act, self.cleaned_data[self.VALUES[act]], self.cleaned_data["reason"])
