"""What the register can be narrowed by. Every filter stands in the address."""

from datetime import datetime, time, timedelta

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import HouseFilterSet
from members.models import Unit
from studios.models import Studio


class UnitChoice(forms.ModelChoiceField):
    """Units as the tree they are."""

    def label_from_instance(self, unit):
        return "　" * (len(unit.line) - 1) + unit.name


class UnitFilter(django_filters.ModelChoiceFilter):
    field_class = UnitChoice


def units_of(request):
    return Unit.objects.visible_to(request.user).order_by("path")


class AtWorkFilter(django_filters.ChoiceFilter):
    """Narrows what belongs to studios to those that work, as the figures of units and of the group are."""

    def __init__(self, **kwargs):
        working = [("working", pgettext_lazy("studios", "at work"))]
        super().__init__(label=_("State of the studio"), choices=working, **kwargs)

    def filter(self, rows, value):
        return rows.filter(studio__state__in=Studio.WORKING) if value else rows


class StudioFilter(HouseFilterSet):
    """Filters of the register for the month ``period`` as it stands on a day."""

    q = django_filters.CharFilter(label=_("Name, lead, speciality or initials"), method="by_words")
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Studio.Level)
    type = django_filters.ChoiceFilter(label=_("Type"), choices=Studio.Type)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("working", pgettext_lazy("studios", "at work")), *Studio.State.choices],
        method="by_state",
    )
    trade = django_filters.CharFilter(label=_("Speciality"), lookup_expr="icontains")
    plan = django_filters.ChoiceFilter(
        label=_("Plan of this month"),
        choices=[
            ("planned", pgettext_lazy("plan of the month", "there is one")),
            ("none", pgettext_lazy("plan of the month", "there is none")),
            ("behind", pgettext_lazy("plan of the month", "behind")),
        ],
        method="by_plan",
    )
    overdue = django_filters.ChoiceFilter(
        label=_("Overdue items"), choices=[("yes", _("has some"))], method="by_overdue"
    )
    silent = django_filters.NumberFilter(
        label=_("No report, no activity for (days)"),
        min_value=1,
        max_value=3650,
        method="by_silence",
    )

    haves = django_filters.ChoiceFilter(
        label=_("Five haves"), choices=[("incomplete", _("one is missing"))], method="by_haves"
    )

    def __init__(self, *args, period, on, calendar, **kwargs):
        self.period, self.on, self.calendar = period, on, calendar
        super().__init__(*args, **kwargs)

    def by_words(self, studios, _name, words):
        return studios.matching(words)

    def by_unit(self, studios, _name, unit):
        return studios.within(unit) if unit else studios

    def by_state(self, studios, _name, state):
        return studios.active() if state == "working" else studios.filter(state=state)

    def by_haves(self, studios, _name, _wanted):
        return studios.incomplete(on=self.on)

    def by_plan(self, studios, _name, wanted):
        if wanted == "behind":
            return studios.behind(self.period, on=self.on, calendar=self.calendar)
        return studios.planned_in(self.period, planned=wanted == "planned")

    def by_overdue(self, studios, _name, _wanted):
        return studios.with_overdue(on=self.on)

    def by_silence(self, studios, _name, days):
        since = datetime.combine(self.on - timedelta(days=int(days)), time.min)
        return studios.silent_since(timezone.make_aware(since), on=self.on)
