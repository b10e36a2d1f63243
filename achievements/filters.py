"""What achievements can be narrowed by. Every filter stands in the address."""

import django_filters
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from achievements.achievement_kinds import KINDS
from achievements.models import Adoption
from core.filters import HouseFilterSet
from projects.filters import YES, studios_of
from studios.filters import AtWorkFilter, UnitFilter, units_of

OTHER = "other"


class AchievementFilter(HouseFilterSet):
    """Filters of the list of achievements."""

    q = django_filters.CharFilter(label=_("Name, number or author"), method="by_words")
    whose = django_filters.ChoiceFilter(
        label=_("Whose"),
        choices=[
            ("ours", pgettext_lazy("achievements", "of our studio")),
            ("offered", pgettext_lazy("achievements", "offered to us")),
            ("used", pgettext_lazy("achievements", "used by us")),
        ],
        method="by_whose",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[*KINDS.items(), (OTHER, _("any other kind"))], method="by_kind"
    )
    unit = UnitFilter(label=_("Unit"), queryset=units_of, method="by_unit")
    studio = django_filters.ModelChoiceFilter(label=_("Studio"), queryset=studios_of, widget=HiddenInput)
    year = django_filters.NumberFilter(
        label=_("Year"), field_name="achieved_on__year", min_value=1950, max_value=2200
    )
    studios = AtWorkFilter()
    elsewhere = django_filters.ChoiceFilter(label=_("Used elsewhere"), choices=YES, method="by_use")
    user = django_filters.ModelChoiceFilter(
        label=_("Used by"), queryset=studios_of, method="by_user", widget=HiddenInput
    )
    mine = django_filters.ChoiceFilter(label=_("Mine"), choices=YES, method="by_mine")

    def by_words(self, achievements, _name, words):
        return achievements.matching(words)

    def by_whose(self, achievements, _name, whose):
        ours = self.request.user.studio_ids
        if whose == "ours":
            return achievements.filter(studio__in=ours)
        told = Adoption.objects.filter(studio__in=ours)
        told = told.offered() if whose == "offered" else told.in_use()
        return achievements.filter(pk__in=told.order_by().values("achievement"))

    def by_kind(self, achievements, _name, kind):
        return achievements.exclude(kind__in=KINDS) if kind == OTHER else achievements.filter(kind=kind)

    def by_unit(self, achievements, _name, unit):
        return achievements.filter(studio__unit__path__startswith=unit.path)

    def by_use(self, achievements, _name, _yes):
        return achievements.used_elsewhere()

    def by_user(self, achievements, _name, studio):
        told = studio.adoptions.in_use().order_by()
        return achievements.filter(pk__in=told.values("achievement"))

    def by_mine(self, achievements, _name, _yes):
        return achievements.of_person(self.request.user.person)
