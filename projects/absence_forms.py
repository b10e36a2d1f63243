"""Days away: asking for them, deciding, and what becomes of each item."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from members.models import Absence, Person
from projects.absences import ACTS, AS_IS, DEPUTY, MOVE, Touched, possible_deputies
from projects.models import PlanItem
from studios.models import Membership


class AbsenceForm(HouseModelForm):
    """One's own days away, or those of a member of the studio one leads."""

    class Meta:
        model = Absence
        fields = ["person", "kind", "starts_on", "ends_on", "deputy"]
        help_texts = {"deputy": _("Receives the reminders and may report for these days.")}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        led = [pk for pk, role in by.studio_roles.items() if role == Membership.Role.LEAD]
        members = Membership.objects.filter(studio__in=led, left_on=None).values("person")
        own = Person.objects.filter(pk=by.person_id)
        people = own | Person.objects.filter(pk__in=members)
        self.fields["person"].queryset = people.order_by("name", "pk")
        self.fields["person"].initial = by.person_id
        self.fields["deputy"].queryset = possible_deputies(by.person)
        if not led:
            del self.fields["person"]
            self.instance.person = by.person

    def clean(self):
        cleaned = super().clean()
        person = cleaned.get("person", getattr(self.instance, "person", None))
        deputy = cleaned.get("deputy")
        if person and deputy and not possible_deputies(person).filter(pk=deputy.pk).exists():
            self.add_error("deputy", _("The deputy is somebody else of the same studio who can sign in."))
        return cleaned


class DecisionForm(HouseForm):
    """Yes with a deputy, or no with the reason."""

    deputy = forms.ModelChoiceField(Person.objects.none(), label=_("Deputy"), required=False)
    opinion = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args, absence, refusing=False, **kwargs):
        super().__init__(*args, initial={"deputy": absence.deputy_id}, **kwargs)
        self.fields["deputy"].queryset = possible_deputies(absence.person)
        self.fields["opinion"].required = refusing
        self.fields["opinion"].help_text = _("Needed where you refuse.")


class ItemsForm(HouseForm):
    """One choice for every item that falls due meanwhile."""

    def __init__(self, *args, touched: list[Touched], has_deputy: bool, **kwargs):
        self.touched = touched
        # Before the form is made, so that its fields are drawn like all others.
        self.base_fields = {}
        for row in touched:
            acts = [DEPUTY] * has_deputy + [AS_IS] + [MOVE] * row.may_move
            self.base_fields[f"act_{row.item.pk}"] = forms.ChoiceField(
                label=_("What becomes of it"),
                choices=[(act, ACTS[act]) for act in acts],
                widget=forms.RadioSelect,
                initial=row.act,
            )
            if row.may_move:
                self.base_fields[f"due_{row.item.pk}"] = forms.DateField(
                    label=_("New due day"), required=False
                )
        super().__init__(*args, **kwargs)

    def clean(self):
        cleaned = super().clean()
        for row in self.touched:
            due = f"due_{row.item.pk}"
            if cleaned.get(f"act_{row.item.pk}") == MOVE and not cleaned.get(due) and not self.has_error(due):
                self.add_error(due, _("To which day?"))
        return cleaned

    @property
    def rows(self):
        """(touched, bound choice, bound day or None) of every item."""
        return [
            (
                row,
                self[f"act_{row.item.pk}"],
                self[f"due_{row.item.pk}"] if row.may_move else None,
            )
            for row in self.touched
        ]

    @property
    def chosen(self) -> dict[PlanItem, tuple[str, date | None]]:
        typed = self.cleaned_data
        return {
            row.item: (typed[f"act_{row.item.pk}"], typed.get(f"due_{row.item.pk}")) for row in self.touched
        }
