"""Parts that several forms share: a day that has come, a person to be found."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Person, without_spaces


class NotLaterMixin:
    """Forms about what has happened already: their day is at most the day ``on``."""

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def not_later(self, name):
        day = self.cleaned_data[name]
        if day and day > self.on:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class SomebodyMixin(forms.Form):
    """Somebody by staff number, by name, or new to the software. ``somebody()`` gives the person."""

    name = forms.CharField(label=_("Full name"), max_length=60, required=False)
    staff_no = forms.CharField(
        label=_("Staff number"),
        max_length=30,
        required=False,
        help_text=_("Whoever is known already is found by it; the name alone is enough if only one has it."),
    )
    is_new = forms.BooleanField(label=_("Somebody of the same name, not known here yet"), required=False)

    def look_up(self, *, studio, by):
        """The person meant, new or known; None (with an error at the field) if that is not clear."""
        name = without_spaces(self.cleaned_data.get("name", ""))
        staff_no = self.cleaned_data.get("staff_no", "").strip()
        if staff_no and (known := Person.objects.filter(staff_no=staff_no).first()):
            return self._of_this_number(known, name, by)
        if not name:
            self.add_error("name", _("Please say who it is."))
            return None
        alike = Person.objects.visible_to(by).filter(name=name)
        if staff_no or self.cleaned_data.get("is_new"):
            alike = alike.none()
        found = list(alike[:6])
        if len(found) > 1:
            numbers = "、".join(person.staff_no or "—" for person in found)
            self.add_error("staff_no", _("Several people have this name: %s. Which one?") % numbers)
            return None
        return found[0] if found else Person(name=name, staff_no=staff_no or None, unit=studio.unit)

    def _of_this_number(self, known, name, by):
        if name and name != known.name:
            self.add_error("staff_no", _("This staff number belongs to somebody else."))
        elif not name and not Person.objects.visible_to(by).filter(pk=known.pk).exists():
            self.add_error("name", _("Please give the name as well."))
        else:
            return known
        return None
