"""The list of activities of all studios: its columns, what it can be narrowed by, what all rows come to."""

import django_filters
from django.db.models import Count, Sum
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import HouseFilterSet
from core.lists import Column, register
from members.models import Person
from studios.filters import AtWorkFilter, UnitFilter, units_of
from studios.models import Activity, Attendance, Studio

Status = Attendance.Status

ACTIVITIES = register(
    "activities",
    Column("subject", _("Subject"), fixed=True),
    Column("studio", _("Studio")),
    Column("day", _("Day")),
    Column("kind", _("Kind")),
    Column("place", _("Place")),
    Column("expected", _("Expected")),
    Column("present", _("Present")),
    Column("on_leave", _("On leave")),
    Column("absent", _("Absent")),
)
ORDERS = {"subject": "subject", "studio": "studio__name", "day": "held_on"}

#: The rows of attendance behind each number of a person's year; ``rhythm.attendance_of`` counts them.
MARKS = {
    "asked": [Status.PRESENT, Status.LATE, Status.ON_LEAVE, Status.ABSENT],
    "came": Attendance.CAME,
    "late": [Status.LATE],
    "on_leave": [Status.ON_LEAVE],
    "absent": [Status.ABSENT],
}


def studios_of(request):
    return Studio.objects.visible_to(request.user)


def people_of(request):
    return Person.objects.visible_to(request.user)


class ActivityFilter(HouseFilterSet):
    """Filters of the list of activities. ``on`` is today."""

    q = django_filters.CharFilter(label=_("Subject"), field_name="subject", lookup_expr="icontains")
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="held_on__year", min_value=1950, max_value=2200
    )
    when = django_filters.ChoiceFilter(
        label=_("When"),
        choices=[
            ("past", pgettext_lazy("activities", "its day has come")),
            ("coming", pgettext_lazy("activities", "still to come")),
            ("off", pgettext_lazy("activity", "called off")),
        ],
        method="by_day",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Activity.Kind)
    studios = AtWorkFilter()
    person = django_filters.ModelChoiceFilter(
        label=_("Person"), queryset=people_of, method="by_person", widget=HiddenInput
    )
    came = django_filters.ChoiceFilter(
        label=_("Who came"),
        choices=[
            ("asked", pgettext_lazy("attendance", "recorded by name")),
            ("came", pgettext_lazy("attendance", "came")),
            *((each.value, each.label) for each in (Status.LATE, Status.ON_LEAVE, Status.ABSENT)),
        ],
        method="by_mark",
    )

    def __init__(self, *args, on, **kwargs):
        self.on = on
        super().__init__(*args, **kwargs)

    def by_unit(self, activities, _name, unit):
        return activities.filter(studio__unit__path__startswith=unit.path)

    def by_day(self, activities, _name, when):
        if when == "off":
            return activities.filter(state=Activity.State.CANCELLED)
        standing = activities.standing()
        return standing.filter(held_on__lte=self.on) if when == "past" else standing.to_come(on=self.on)

    def by_person(self, activities, _name, person):
        marks = Attendance.objects.filter(person=person).exclude(status=Status.NOT_ASKED)
        return activities.filter(pk__in=marks.values("activity"))

    def by_mark(self, activities, _name, mark):
        marks = Attendance.objects.filter(status__in=MARKS[mark])
        if person := self.form.cleaned_data.get("person"):
            marks = marks.filter(person=person)
        return activities.filter(state=Activity.State.HELD, pk__in=marks.values("activity"))


def totals(activities) -> dict:
    """How many there are, how many came, and how many did not without leave. One query."""
    return activities.order_by().aggregate(count=Count("pk"), present=Sum("present"), absent=Sum("absent"))
