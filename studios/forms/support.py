"""Asking the union for support, and its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from studios.models import SupportRequest

Answer = SupportRequest.Answer


class SupportForm(HouseModelForm):
    """What is needed, what for, and of whom it is asked."""

    class Meta:
        model = SupportRequest
        fields = ["kind", "what", "why", "level"]
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}


class SupportAnswerForm(HouseForm):
    """The answer of the union; what is given says by when."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[(one.value, one.label) for one in (Answer.GRANTED, Answer.PARTLY, Answer.REFUSED)],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("What the union says"), max_length=500)
    given_by = forms.DateField(label=_("To be there by"), required=False)

    def clean(self):
        cleaned = super().clean()
        gives = cleaned.get("answer") in (Answer.GRANTED, Answer.PARTLY)
        if gives and not cleaned.get("given_by") and "given_by" not in self.errors:
            self.add_error("given_by", _("Please say by when."))
        if cleaned.get("answer") == Answer.REFUSED:
            cleaned["given_by"] = None
        return cleaned
