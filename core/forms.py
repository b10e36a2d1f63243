"""The form base of the house: crispy set once, dates as the browser draws them, one-time tokens."""

import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from core import typed_days, uploads
from core.models import Claim

#: What Django offers where nothing is chosen yet.
NOTHING = "---------"


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


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"accept": "image/*,.pdf,.docx,.xlsx,.pptx,.mp4", **(attrs or {})})


class FilesField(forms.FileField):
    """Several photos or files, each as ``core.uploads.accept`` keeps it."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        chosen = [upload for upload in data or [] if upload]
        if self.required and not chosen:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(chosen) > uploads.MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at a time.") % {"most": uploads.MOST_FILES})
        return [uploads.accept(upload) for upload in chosen]


class FilesForm(HouseForm):
    """Photos and files that are added to a record."""

    files = FilesField(
        label=_("Photos or files"),
        help_text=_("Photo, PDF, Word, Excel or PowerPoint file or MP4 video, at most 20 MB each."),
    )

    def save_to(self, kept, *, by) -> None:
        """Add them to the ``kept`` files of a record, each under the name it came with."""
        for file in self.cleaned_data["files"]:
            kept.create(file=file, name=file.name[:150], size=file.size, by=by)


def _draw_as_the_browser_does(field):
    widget = field.widget
    if isinstance(field, forms.DateField) and isinstance(widget, forms.DateInput):
        # A text, so that days can be typed as people say them; `js/day-field.js` adds the browser's calendar.
        attrs = {"data-day": "", "autocomplete": "off", "placeholder": _("e.g. 10-9 or tomorrow")}
        field.widget = forms.DateInput(attrs={**widget.attrs, **attrs}, format="%Y-%m-%d")
        field.input_formats = ["%Y-%m-%d"]
        field.strptime = _day_typed
        field.error_messages["invalid"] = _(
            "Which day is that? Write for example 2026-10-9, 10-9 or tomorrow."
        )
    elif isinstance(field, forms.TimeField) and isinstance(widget, forms.TimeInput):
        field.widget = forms.TimeInput(attrs={**widget.attrs, "type": "time"}, format="%H:%M")
    elif isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "decimal")
    elif isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in (None, "10"):
        widget.attrs["rows"] = 4  # Django's own default is half a screen high
    nothing = _("— choose —") if field.required else _("— none —")
    if getattr(field, "empty_label", None) == NOTHING:
        field.empty_label = nothing
    elif isinstance(field, forms.TypedChoiceField) and ("", NOTHING) in field.choices:
        field.choices = [("", nothing), *(choice for choice in field.choices if choice[0] != "")]


def _day_typed(text, _format):
    """What Django asks for each format; there is one reading of a day, and it knows all of them."""
    return typed_days.read(text, on=timezone.localdate())
