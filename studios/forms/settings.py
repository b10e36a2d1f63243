"""The settings of a rule, one form for each of the five questions; read together they are a sentence."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from members.models import Person, Role, User
from studios import house_rules
from studios.house_rules import PERSON, Need, Post

NOBODY = [("", _("— nobody is named —"))]
POINTS = {"max_digits": 6, "decimal_places": 2, "min_value": Decimal(0), "required": False}


def coordinators_of(studio, *, on: date):
    """Who can be asked to step forward: the studio's own people, and the unions above it."""
    own = studio.memberships.current(on=on).values("person")
    roles = (Role.UNIT_CONTACT, Role.GROUP_STAFF, Role.GROUP_ADMIN, Role.COMPANY_LEADER)
    above = User.objects.holding(*roles, at=studio.unit, on=on).values("person")
    return Person.objects.filter(Q(pk__in=own) | Q(pk__in=above))


class SettingsForm(HouseForm):
    """``settings`` gives what was said, None where nothing was; without a ``studio`` it is the group's."""

    prefix = "kept"
    form: type[house_rules.Settings]

    def __init__(self, *args, studio=None, on=None, settings=None, **kwargs):
        said = asdict(settings) if settings else {}
        kwargs["initial"] = {
            name: f"{value.normalize():f}" if isinstance(value, Decimal) else value
            for name, value in said.items()
            if value
        }
        super().__init__(*args, **kwargs)

    @property
    def settings(self) -> house_rules.Settings | None:
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return self.form(**said) if said else None


class ActivitiesForm(SettingsForm):
    form = house_rules.Activities
    a_month = forms.IntegerField(
        label=_("At least so many activities a month"), min_value=1, max_value=31, required=False
    )


class LeaveForm(SettingsForm):
    form = house_rules.Leave
    hours_before = forms.IntegerField(
        label=_("Leave is asked for so many hours before the beginning"),
        min_value=0,
        max_value=720,
        required=False,
    )
    approver = forms.ChoiceField(
        label=_("Who decides"),
        choices=[*NOBODY, *((post, post.label) for post in (Post.LEAD, Post.LIAISON, Post.UNIT_CONTACT))],
        required=False,
    )


class CoordinationForm(SettingsForm):
    form = house_rules.Coordination

    def __init__(self, *args, studio=None, on=None, **kwargs):
        super().__init__(*args, **kwargs)
        people = [] if studio is None else coordinators_of(studio, on=on).order_by("name", "pk")
        named = [(f"{PERSON}{person.pk}", person.name) for person in people]
        for need in Need:
            self.fields[need.value] = forms.ChoiceField(
                label=_("Where %(need)s is wanted, this one coordinates") % {"need": need.label},
                choices=[*NOBODY, *Post.choices, *self._kept(need, named), *named],
                required=False,
            )

    def _kept(self, need, named):
        """Who is named already stays to be chosen, also after he has left."""
        value = self.initial.get(need.value, "")
        if not value.startswith(PERSON) or value in dict(named):
            return []
        person = Person.objects.filter(pk=value.removeprefix(PERSON)).first()
        return [(value, person.name)] if person else []


class AppraisalForm(SettingsForm):
    form = house_rules.Appraisal
    month_item = forms.DecimalField(label=_("Each unmet item of a month takes (points)"), **POINTS)
    quarter_item = forms.DecimalField(label=_("Each unmet item of a quarter takes (points)"), **POINTS)
    late_day = forms.DecimalField(label=_("Each working day that an item was late takes (points)"), **POINTS)
    cap = forms.DecimalField(label=_("At most for one month or quarter (points)"), **POINTS)


class RewardForm(SettingsForm):
    form = house_rules.Reward
    quarter_item = forms.DecimalField(label=_("Each reached item of a quarter brings (points)"), **POINTS)
    year_item = forms.DecimalField(label=_("Each reached item of a year brings (points)"), **POINTS)
    topic = forms.DecimalField(label=_("Each concluded topic brings (points)"), **POINTS)
    money = forms.DecimalField(
        label=_("A reached year item or topic brings (yuan)"),
        help_text=_("It is recorded here, not paid."),
        max_digits=9,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
    )
    honour = forms.CharField(label=_("Honour"), max_length=100, required=False)
    recommendation = forms.CharField(label=_("Recommendation"), max_length=100, required=False)


FORMS = {
    each.form.kind: each for each in (ActivitiesForm, LeaveForm, CoordinationForm, AppraisalForm, RewardForm)
}


def form_for(kind: str, data=None, **kwargs) -> SettingsForm | None:
    """The form of a kind of rule; None for rules that are words alone."""
    return FORMS[kind](data, **kwargs) if kind in FORMS else None
