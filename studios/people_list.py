"""The list of the people in studios: its columns and what it can be narrowed by."""

import django_filters
from django.db.models import Prefetch
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from core.filters import HouseFilterSet
from core.lists import Column, register
from members.models import Person
from studios.activity_list import studios_of
from studios.filters import AtWorkFilter, UnitFilter, units_of
from studios.models import Membership

PEOPLE = register(
    "people",
    Column("name", _("Full name"), fixed=True),
    Column("studios", _("Studio and role")),
    Column("unit", _("Unit")),
    Column("work", _("Post, title, skill grade")),
)
ORDERS = {"name": "initials", "unit": "unit__path"}


class PeopleFilter(HouseFilterSet):
    """Filters of the memberships whose people are listed. ``on`` is today."""

    q = django_filters.CharFilter(label=_("Name or initials"), method="by_words")
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)
    role = django_filters.ChoiceFilter(label=_("Role in the studio"), choices=Membership.Role)
    studios = AtWorkFilter()
    indicator = django_filters.ChoiceFilter(
        label=_("Indicator carried"),
        choices=[("none", _("none in the plan of this year"))],
        method="by_indicator",
    )

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    @property
    def people(self):
        """Everybody of the memberships, once, with them (``belongs``)."""
        shown = self.qs.select_related("studio").order_by("studio__position", "pk")
        found = Person.objects.filter(pk__in=self.qs.order_by().values("person"))
        return found.prefetch_related(Prefetch("memberships", shown, to_attr="belongs"))

    def by_words(self, memberships, _name, words):
        return memberships.filter(person__in=Person.objects.named(words).values("pk"))

    def by_unit(self, memberships, _name, unit):
        return memberships.filter(studio__unit__path__startswith=unit.path)

    def by_indicator(self, memberships, _name, _none):
        return memberships.without_indicator(year=self.on.year)
