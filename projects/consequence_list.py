"""The list of deductions and rewards over all studios: its columns, and what it can be narrowed by."""

import django_filters
from django.db.models import Q
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from core.filters import HouseFilterSet
from core.lists import Column, register
from projects.filters import studios_of
from projects.models import Consequence
from studios.filters import UnitFilter, units_of

State = Consequence.State

CONSEQUENCES = register(
    "consequences",
    Column("record", _("For what"), fixed=True),
    Column("studio", _("Studio")),
    Column("person", _("Member")),
    Column("proposed", _("Day of the proposal")),
    Column("points", _("Points given or taken")),
    Column("state", _("State")),
)
ORDERS = {"studio": "studio__name", "proposed": "proposed_on", "points": "points", "state": "state"}
TONES = {State.PROPOSED: "warn", State.CONFIRMED: "good", State.WAIVED: "plain"}


class ConsequenceFilter(HouseFilterSet):
    """Filters of the list."""

    q = django_filters.CharFilter(label=_("For what, or who"), method="by_words")
    state = django_filters.ChoiceFilter(label=_("State"), choices=State)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Consequence.Kind)
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)

    def by_words(self, consequences, _name, words):
        return consequences.filter(
            Q(item__content__icontains=words)
            | Q(topic__title__icontains=words)
            | Q(person__name__icontains=words)
        )

    def by_unit(self, consequences, _name, unit):
        return consequences.filter(studio__unit__path__startswith=unit.path)
