"""What topics and items can be narrowed by. Every filter stands in the address.

Studio, person and topic come with the link that leads here; as fields to choose from they would be too many.
"""

import django_filters
from django.db.models import Q
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.calendar import Period
from core.filters import HouseFilterSet
from members.models import Person
from projects.models import PlanItem, Topic
from studios.filters import AtWorkFilter, UnitFilter, units_of
from studios.models import Studio

State = PlanItem.State

YES = [("1", _("yes"))]


def studios_of(request):
    return Studio.objects.visible_to(request.user)


def people_of(request):
    return Person.objects.visible_to(request.user)


def topics_of(request):
    return Topic.objects.visible_to(request.user)


class TopicFilter(HouseFilterSet):
    """Filters of the list of topics."""

    q = django_filters.CharFilter(label=_("Title or number"), method="by_words")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", pgettext_lazy("topics", "not concluded")), *Topic.State.choices],
        method="by_state",
    )
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Topic.Source)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Topic.Kind)
    horizon = django_filters.ChoiceFilter(label=_("Horizon"), choices=Topic.Horizon)
    studios = AtWorkFilter()
    mine = django_filters.ChoiceFilter(label=_("Mine"), choices=YES, method="by_mine")

    def by_mine(self, topics, _name, _yes):
        return topics.of_person(self.request.user.person)

    def by_words(self, topics, _name, words):
        return topics.matching(words)

    def by_state(self, topics, _name, state):
        return topics.running() if state == "open" else topics.filter(state=state)

    def by_unit(self, topics, _name, unit):
        return topics.filter(studio__unit__path__startswith=unit.path)


class ItemFilter(HouseFilterSet):
    """Filters of the list of items: the rows behind every count. ``on`` is today.

    Without a studio only working studios are counted, as in the figures of units and of the group.
    """

    q = django_filters.CharFilter(label=_("Content"), field_name="content", lookup_expr="icontains")
    period = django_filters.CharFilter(
        label=_("Period"), help_text=_("For example 2026, 2026-Q3 or 2026-09"), method="by_period"
    )
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(
        label=_("Studio"), queryset=studios_of, method="by_studio", widget=HiddenInput
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("planned", pgettext_lazy("items", "planned (all but the cancelled)")),
            ("counted", pgettext_lazy("items", "counted (planned and not tolerated)")),
            ("open", pgettext_lazy("items", "still open")),
            *State.choices,
        ],
        method="by_state",
    )
    overdue = django_filters.ChoiceFilter(label=_("Overdue"), choices=YES, method="by_overdue")
    on_time = django_filters.ChoiceFilter(label=_("Done on time"), choices=YES, method="by_on_time")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PlanItem.Kind)
    level = django_filters.ChoiceFilter(
        label=_("Plan level"),
        choices=[("year", _("Year")), ("quarter", _("Quarter")), ("month", _("Month"))],
        field_name="plan__kind",
    )
    person = django_filters.ModelChoiceFilter(
        label=_("Person"), queryset=people_of, method="by_person", widget=HiddenInput
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Person responsible"), queryset=people_of, widget=HiddenInput
    )
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="plan__year", min_value=2000, max_value=2200, widget=HiddenInput
    )
    topic = django_filters.ModelChoiceFilter(label=_("Topic"), queryset=topics_of, widget=HiddenInput)
    mine = django_filters.ChoiceFilter(label=_("Mine"), choices=YES, method="by_mine")

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def filter_queryset(self, items):
        items = super().filter_queryset(items)
        # One studio, topic or person is looked at as it is; sums are over the studios that work.
        if not any(
            self.form.cleaned_data.get(name) for name in ("studio", "topic", "person", "owner", "mine")
        ):
            items = items.filter(plan__studio__state__in=Studio.WORKING)
        return items

    def by_period(self, items, _name, key):
        try:
            return items.filter(plan__period=Period.parse(key.strip()).key)
        except ValueError:
            return items.none()

    def by_unit(self, items, _name, unit):
        return items.filter(plan__studio__unit__path__startswith=unit.path)

    def by_studio(self, items, _name, studio):
        return items.filter(plan__studio=studio)

    def by_state(self, items, _name, state):
        if state == "planned":
            return items.planned()
        if state == "counted":
            return items.planned().exclude(state=State.TOLERATED)
        return items.open() if state == "open" else items.filter(state=state)

    def by_overdue(self, items, _name, _yes):
        return items.overdue(on=self.on)

    def by_on_time(self, items, _name, _yes):
        return items.on_time()

    def by_person(self, items, _name, person):
        return items.filter(Q(owner=person) | Q(pk__in=person.indicators.values("item")))

    def by_mine(self, items, name, _yes):
        person = self.request.user.person
        return self.by_person(items, name, person) if person else items.none()
