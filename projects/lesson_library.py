"""The library of lessons: what it can be narrowed by, and what of it fits a title."""

import django_filters
from django.db.models import Q
from django.forms import HiddenInput
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import HouseFilterSet
from members.models import Unit
from projects import lessons
from projects.filters import studios_of
from projects.models import Lesson, PlanItem, Topic
from projects.models.lesson import is_in_time, is_unfinished

SIMILAR = 3
"""So many lessons are shown beside something that resembles them."""


def units_with_lessons(_request):
    """The units whose studios have published any: also those one sees nothing else of."""
    return Unit.objects.filter(pk__in=Lesson.objects.published().values("studio__unit")).order_by("path")


class LessonFilter(HouseFilterSet):
    """Filters of the library: only what is confirmed stands in it, unless one asks for another state."""

    q = django_filters.CharFilter(label=_("Words"), method="by_words")
    about = django_filters.ChoiceFilter(
        label=_("About"),
        choices=[
            ("topic", pgettext_lazy("lessons", "topics")),
            ("item", pgettext_lazy("lessons", "plan items")),
        ],
        method="by_record",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind of innovation"), choices=Topic.Kind, method="by_kind")
    trade = django_filters.CharFilter(
        label=_("Speciality"), field_name="studio__trade", lookup_expr="icontains"
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("Unit"), queryset=units_with_lessons, field_name="studio__unit"
    )
    year = django_filters.NumberFilter(label=_("Year"), field_name="decided_at__year")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("proposed", Lesson.State.PROPOSED.label),
            ("returned", Lesson.State.RETURNED.label),
        ],
        method="by_state",
    )
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)

    def filter_queryset(self, lessons):
        if not self.form.cleaned_data.get("state"):
            lessons = lessons.published()
        return super().filter_queryset(lessons)

    def by_words(self, lessons, _name, words):
        return lessons.matching(words)

    def by_record(self, lessons, _name, record):
        return lessons.filter(**{f"{record}__isnull": False})

    def by_kind(self, lessons, _name, kind):
        return lessons.filter(Q(topic__kind=kind) | Q(item__topic__kind=kind))

    def by_state(self, lessons, _name, state):
        chosen = lessons.waiting() if state == "proposed" else lessons.filter(state=state)
        return chosen.filter(studio__in=studios_of(self.request))


def lesson_of(record: PlanItem | Topic, user) -> dict:
    """What the page of an item or a topic says of its lesson; ``write_lesson`` is where one is written."""
    lesson = lessons.of(record)
    may = (
        lesson is None
        and is_unfinished(record)
        and is_in_time(record, None)
        and user.has_perm("projects.propose_lesson", record)
    )
    name = "topic-lesson" if isinstance(record, Topic) else "item-lesson"
    return {"lesson": lesson, "write_lesson": reverse(name, args=[record.pk]) if may else ""}


def similar(title: str, lessons, *, but=None) -> list[Lesson]:
    """The published lessons whose record is called much like a title, the closest first. One query."""
    pairs = pairs_of(title)
    if not pairs:
        return []
    named = Q()
    for pair in sorted(pairs):
        named |= Q(item__content__icontains=pair) | Q(topic__title__icontains=pair)
    found = lessons.published().filter(named).titled().select_related("studio", "item", "topic")[:200]
    rated = [(len(pairs & pairs_of(lesson.title)), lesson) for lesson in found if lesson.pk != but]
    close = [(count, lesson) for count, lesson in rated if count >= LEAST_IN_COMMON]
    return [lesson for _count, lesson in sorted(close, key=lambda row: (-row[0], row[1].pk))[:SIMILAR]]


LEAST_IN_COMMON = 3
"""So many runs of two characters two titles share before one is shown beside the other."""


def pairs_of(title: str) -> set[str]:
    """The runs of two characters of a title that are worth comparing: letters, at most the first sixty."""
    letters = title[:60]
    return {letters[i : i + 2] for i in range(len(letters) - 1) if letters[i : i + 2].isalpha()}
