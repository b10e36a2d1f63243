"""The words the rest of the code uses to ask for studios.

Plans, their items and their reports belong to the apps above; they are reached through the relation.
"""

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from core.gathering import rank
from members.models import Person, without_spaces
from studios.five_haves import TEAM


class StudioQuerySet(QuerySet):
    """Studios: whose, which, and how they stand."""

    def visible_to(self, user):
        """The studios of the units a person's roles reach, and those he belongs to."""
        if user.is_superuser:
            return self
        seen = Q(pk__in=user.studio_ids)
        for path in user.reaching_paths:
            seen |= Q(unit__path__startswith=path)
        return self.filter(seen)

    def looked_after_by(self, user, roles):
        """Those over whose unit a person holds one of some roles."""
        if user.is_superuser:
            return self
        mine = Q(pk__in=[])
        for role, path in user.scopes:
            if role in roles:
                mine |= Q(unit__path__startswith=path)
        return self.filter(mine)

    def active(self):
        """Those that work: what coverage is measured against."""
        return self.filter(state__in=self.model.WORKING)

    def within(self, unit):
        return self.filter(unit__path__startswith=unit.path)

    def with_lead(self):
        """Adds ``lead_name`` and ``lead_id`` without a query per row."""
        leads = self._leading().filter(studio=OuterRef("pk"))
        return self.annotate(
            lead_name=Subquery(leads.values("person__name")[:1]),
            lead_id=Subquery(leads.values("person_id")[:1]),
        )

    def led_without_account(self):
        """Studios whose lead has no account: nobody in his place can report, hand in or answer."""
        return self.filter(Exists(self._leading().filter(studio=OuterRef("pk"), person__user=None)))

    def matching(self, words):
        """Studios whose name, trade or lead contains the words, or whose pinyin initials begin with them."""
        words = without_spaces(words)
        if not words:
            return self
        leads = self._leading().filter(person__in=Person.objects.named(words).values("pk"))
        return self.filter(
            Q(name__icontains=words)
            | Q(trade__icontains=words)
            | Q(initials__startswith=words.lower())
            | Q(pk__in=leads.values("studio"))
        )

    def planned_in(self, period, *, planned=True):
        """Those that have something planned for the period, or have not."""
        with_plan = Q(pk__in=self._plans().of(period).filter(progress__gte=0).values("studio"))
        return self.filter(with_plan if planned else ~with_plan)

    def plans_of(self, period):
        """Their plans of a period, and of the periods within it."""
        return self._plans().within(period).filter(studio__in=self.order_by().values("pk"))

    def behind(self, period, *, on, calendar):
        """Those whose plan of the period is behind what is expected of it on a day."""
        late = self._plans().of(period).behind(on=on, calendar=calendar)
        return self.filter(pk__in=late.values("studio"))

    def silent_since(self, moment, *, on):
        """Those without a report, an activity or a new topic from a moment until the day ``on``."""
        reported = self._plans().filter(studio=OuterRef("pk"), reported_at__gte=moment)
        met = self._activities().standing().filter(studio=OuterRef("pk"), held_on__range=(moment.date(), on))
        begun = self._related("topics").filter(studio=OuterRef("pk"), starts_on__range=(moment.date(), on))
        fresh = Q(named_on__isnull=False, named_on__gte=moment.date())
        return self.filter(~Exists(reported), ~Exists(met), ~Exists(begun)).exclude(fresh)

    def overdue_counts(self, *, on):
        """How many items are overdue on a day, by the studio's id; studios without one are not in it."""
        late = self._items().overdue(on=on).order_by().values_list("plan__studio")
        return dict(late.annotate(Count("pk")))

    def with_overdue(self, *, on):
        """Those with an item that is overdue on a day."""
        return self.filter(pk__in=self._items().overdue(on=on).values("plan__studio"))

    def incomplete(self, *, on):
        """Those that lack one of the five haves on a day: the conditions of ``five_haves``, asked of all."""
        people = self._related("memberships").current(on=on).filter(studio=OuterRef("pk"))
        enough = people.values("studio").annotate(count=Count("pk")).filter(count__gte=TEAM)
        topics = self._related("topics").running().filter(studio=OuterRef("pk"))
        rules = self._related("rules").filter(studio=OuterRef("pk"), versions__effective_on__lte=on)
        budgets = self._related("budgets").filter(studio=OuterRef("pk"), year=on.year, amount__gt=0)
        complete = self.model._base_manager.filter(
            Exists(people.filter(role="lead")),
            Exists(enough),
            Exists(topics),
            Exists(rules),
            ~Q(address=""),
            Q(annual_funds__gt=0) | Exists(budgets),
            area__isnull=False,
        )
        return self.exclude(pk__in=complete.values("pk"))

    def in_order(self, key, *, period, first=()):
        """Sorted by one of ``SORTS``; with a minus, downwards. Anything else is the order of the register.

        What is ``first`` goes before, in its own direction.
        """
        name, down = key.removeprefix("-"), key.startswith("-")
        if name not in self.SORTS:
            return self.order_by(*first, "position", "pk")
        by = getattr(self, f"_by_{name}", lambda **_kwargs: (self, [F(self.SORTS[name])]))
        studios, columns = by(period=period)
        return studios.order_by(
            *first,
            *(column.desc(nulls_last=True) if down else column.asc(nulls_last=True) for column in columns),
            "position",
            "pk",
        )

    #: What the register may be sorted by, and the column where that is simply one.
    SORTS = {
        "name": "initials",
        "unit": "unit__path",
        "lead": "lead_initials",
        "level": "level",
        "type": "type",
        "trade": "trade",
        "state": "state",
        "progress": "plan_of_period__progress",
        "reported": "last_report",
    }

    def _by_unit(self, **_kwargs):
        return self, [F("unit__position"), F("unit__path")]

    def _by_lead(self, **_kwargs):
        leads = self._leading().filter(studio=OuterRef("pk"))
        found = self.annotate(lead_initials=Subquery(leads.values("person__initials")[:1]))
        return found, [F("lead_initials")]

    def _by_level(self, **_kwargs):
        return self, [rank("level", self.model.Level)]

    def _by_type(self, **_kwargs):
        return self, [rank("type", self.model.Type)]

    def _by_state(self, **_kwargs):
        return self, [rank("state", self.model.State)]

    def _by_progress(self, *, period, **_kwargs):
        joined = self.annotate(
            plan_of_period=FilteredRelation("plans", condition=Q(plans__period=period.key))
        )
        return joined, [F("plan_of_period__progress")]

    def _by_reported(self, **_kwargs):
        latest = self._plans().filter(studio=OuterRef("pk"), reported_at__isnull=False)
        latest = latest.order_by("-reported_at").values("reported_at")[:1]
        return self.annotate(last_report=Subquery(latest)), [F("last_report")]

    def _leading(self):
        return self._related("memberships").filter(role="lead", left_on=None)

    def _activities(self):
        return self._related("activities")

    def _plans(self):
        return self._related("plans")

    def _items(self):
        return self._plans().model.items.rel.related_model.objects.all()

    def _related(self, name):
        return getattr(self.model, name).rel.related_model.objects.order_by()
