"""The form base of the house: crispy set once, dates as the browser draws them, one-time tokens."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from core.models import Claim


class HouseMixin:
    """Sets the crispy helper: no `<form>` tag of its own, no token (the `form` component draws both).

    `once=True` adds a one-time token; `claim()` then refuses the second copy of the same form.
    """

    use_required_attribute = (
        False  # our own summary answers, in the page's language and for every field at once
    )

    def __init__(self, *args, once=False, **kwargs):
        super().__init__(*args, **kwargs)
        if once:
            self.fields["once"] = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
        self.helper = getattr(self, "helper", None) or FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True
        for field in self.fields.values():
            _draw_as_the_browser_does(field)

    def __getitem__(self, name):
        bound = super().__getitem__(name)
        # Crispy draws help as it stands, and a unit of measure that somebody typed may be part of it.
        bound.help_text = conditional_escape(bound.help_text)
        return bound

    def claim(self):
        """True the first time this copy of the form is used, False ever after (a double click, a resend).

        Call it inside the transaction that does the work: if that fails, the token is free again.
        """
        return Claim.objects.first_use(self.cleaned_data["once"])


class HouseForm(HouseMixin, forms.Form):
    """A form that is not about one row."""


class HouseModelForm(HouseMixin, forms.ModelForm):
    """A form about one row."""


def _draw_as_the_browser_does(field):
    widget = field.widget
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        # ISO, because that is the only format <input type="date"> reads, whatever the language.
        field.widget = forms.DateInput(attrs={**widget.attrs, "type": "date"}, format="%Y-%m-%d")
        field.input_formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
    elif isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "decimal")
    elif isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in (None, "10"):
        widget.attrs["rows"] = 4  # Django's own default is half a screen high
    if getattr(field, "empty_label", None) == "---------":
        field.empty_label = _("— choose —") if field.required else _("— none —")
