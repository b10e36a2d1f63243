"""Writing a care record, and naming who may."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from care.models import CareRecord, CareWorker
from care.models.worker import STAFF
from core.forms import HouseForm, HouseModelForm
from members.models import Role, RoleGrant, Unit, User


class RecordForm(HouseForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=CareRecord.Kind, widget=forms.RadioSelect)
    happened_on = forms.DateField(label=_("Day"))
    text = forms.CharField(
        label=pgettext_lazy("care", "What was done"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A visit, a talk, help given. No diagnosis, no medicine, no medical detail."),
    )

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, initial={"happened_on": on, "kind": CareRecord.Kind.LIFE}, **kwargs)
        self.on = on

    def clean_happened_on(self):
        day = self.cleaned_data["happened_on"]
        if day > self.on:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class WorkerForm(HouseModelForm):
    """One of the union's staff, and the unit for whose people he cares."""

    class Meta:
        model = CareWorker
        fields = ["user", "unit"]

    def __init__(self, *args, by, on, **kwargs):
        super().__init__(*args, **kwargs)
        reach = Q(pk=None)
        for role, path in by.scopes:
            if role == Role.GROUP_ADMIN:
                reach |= Q(path__startswith=path)
        units = Unit.objects.filter(reach).order_by("path")
        staff = RoleGrant.objects.in_force(on=on).filter(role__in=STAFF, unit__in=units)
        users = User.objects.filter(is_active=True, pk__in=staff.values("user")).exclude(pk=by.pk)
        self.fields["unit"].queryset = units
        self.fields["unit"].help_text = _("With everything below it.")
        self.fields["user"].queryset = users.select_related("person").order_by("person__name", "pk")
        self.fields["user"].help_text = _("One of the union's staff of this unit or above it.")

    def clean(self):
        cleaned = super().clean()
        user, unit = cleaned.get("user"), cleaned.get("unit")
        if user and unit and not user.holds_over(unit, *STAFF):
            self.add_error("user", _("This person does not work for the union of this unit."))
        return cleaned
