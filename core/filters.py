"""The filter base of the house: a GET form whose used fields are shown as chips with a cross."""

import django_filters
from crispy_forms.helper import FormHelper
from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseFilterSet(django_filters.FilterSet):
    """Filters in the address. What cannot be read (an unknown unit, say) is shown and filters nothing."""

    @property
    def form(self):
        form = super().form
        form.helper = getattr(form, "helper", None) or FormHelper()
        form.helper.form_tag = False
        for field in form.fields.values():
            if hasattr(field, "empty_label"):
                field.empty_label = _("All")
            if isinstance(field, django_filters.fields.ChoiceField):
                # Its choices still know the field of the class, of which this one is a copy.
                field.widget.choices = [("", _("All")), *list(field.choices)[1:]]
        return form

    @property
    def used(self):
        """The names and values of the filters that narrow the list."""
        if not self.form.is_bound or self.form.errors is None:
            return {}
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def chips(self):
        """(label, address without this filter) of each filter in use."""
        return [
            (f"{self.form.fields[name].label}: {self._said(name, value)}", self._address_without(name))
            for name, value in self.used.items()
        ]

    @property
    def cleared(self):
        """The address of the whole list, in the order it has."""
        return self._address_without(*self.form.fields)

    @property
    def left_out(self):
        """How many rows the filters hide: all that there are without them. One query."""
        return self.queryset.count()

    def address_with(self, **narrowing):
        """The address of the list narrowed further."""
        query = self.data.copy()
        query.pop("page", None)
        for name, value in narrowing.items():
            query[name] = value
        return f"?{query.urlencode()}"

    def _said(self, name, value):
        if isinstance(value, models.Model):
            return str(value)  # without asking for all the others
        return dict(getattr(self.form.fields[name], "choices", ())).get(value, value)

    def _address_without(self, *names):
        query = self.data.copy()
        for name in (*names, "page"):
            query.pop(name, None)
        return f"?{query.urlencode()}"
