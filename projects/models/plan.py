"""Plans (定计划): what a studio promises for a year, a quarter, a month."""

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Subquery
from django.db.models.functions import Cast, Round
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.calendar import MONTH, QUARTER, YEAR, Period, periods_of_year
from core.errors import NotAllowedNow
from core.workdays import Workdays
from projects import rollup
from projects.expected import NOTHING, POINT_PLACES, Pace, Standing, standing
from projects.models.grace import GraceDays
from projects.models.last_change import newest_change
from studios.models import Membership, Studio
from studios.models.leave import STAFF


class PlanClosed(NotAllowedNow):
    """Somebody wants to write into a plan that is closed."""

    def __init__(self, plan: "Plan"):
        super().__init__(
            gettext(
                "%(period)s is closed; its figures stay as they are."
                " What came later is told in the open month."
            )
            % {"period": plan.span}
        )


class PlanQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for plans."""

    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def of(self, period):
        return self.filter(period=period.key)

    def closed(self):
        return self.filter(state=Plan.State.CLOSED)

    def not_closed(self):
        return self.exclude(state=Plan.State.CLOSED)

    def bound(self):
        """The confirmed ones, in which what was promised changes only with the union's yes."""
        return self.filter(state__in=Plan.BOUND)

    def waiting_for(self, user):
        """Those that were handed in and that this person may confirm."""
        overseen = Q(pk=None)
        for role, path in user.scopes:
            if role in STAFF:
                overseen |= Q(studio__unit__path__startswith=path)
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        return self.filter(overseen, state=Plan.State.SUBMITTED).exclude(studio__in=steered)

    def closing_by_themselves(self):
        """The months of working studios that the calendar closes if nobody does."""
        open_months = self.filter(kind=Plan.Kind.MONTH, state__in=Plan.CLOSES_BY_ITSELF, planned__gt=0)
        return open_months.filter(studio__in=Studio.objects.active())

    def with_figure(self):
        """Those for which something is planned that counts."""
        return self.exclude(progress=None)

    def within(self, period):
        """Those of a period and of the periods within it."""
        return self.filter(starts_on__gte=period.starts_on, ends_on__lte=period.ends_on)

    def last_change(self, *, naming=False):
        """Who last reported on an item of these plans or changed one or an indicator of it, and when.

        A ``core.as_of.Change``. Three queries.

        ``naming``: say in which studio, where they belong to several.
        """
        of_items = self.model.items.rel.related_model
        newest = self.exclude(reported_at=None).order_by("-reported_at", "-pk").values("pk")[:1]
        entries = of_items.journal.rel.related_model.objects.filter(item__plan=Subquery(newest))
        of_indicators = of_items.indicators.rel.related_model.history
        histories = {of_items.history: "plan_id", of_indicators: "item__plan_id"}
        return newest_change(entries, histories, self.order_by().values("pk"), naming=naming)

    #: So many plans are brought to a day in one transaction.
    BATCH = 1000

    def brought_to(self, day, *, calendar):
        """The same plans, with what is expected of them on a day stored beside their figures.

        The nightly work has done it for nearly all of them; whoever needs one that it has not met does it.
        """
        late = self._not_brought_to(day, calendar).order_by("studio", "pk")
        ids = list(late.values_list("pk", flat=True))
        for start in range(0, len(ids), self.BATCH):
            self._bring(ids[start : start + self.BATCH], Pace(day, calendar))
        return self

    def standings(self, *, on, calendar) -> dict[int, Standing]:
        """How each plan with a figure stands beside what is expected of it on a day, by its id."""
        figures = self.brought_to(on, calendar=calendar).with_figure().order_by()
        return {
            plan: standing(progress, expected, complete=complete)
            for plan, progress, expected, complete in figures.values_list(
                "pk", "progress", "expected", "complete"
            )
        }

    def behind(self, *, on, calendar):
        """Those that ``Standing`` calls behind on a day."""
        points = self.brought_to(on, calendar=calendar).with_points()
        return points.filter(points__lt=-settings.PROGRESS_SLACK)

    def with_points(self):
        """Adds ``points``, like those of ``Standing``, as of the day that the plans were brought to."""
        return self.annotate(points=Round((F("progress") - F("expected")) * 100, POINT_PLACES))

    def expected_rows(self) -> dict[int, list[tuple]]:
        """(weight, start, due day) of the counted items of each of the plans, by its id. One query."""
        items = self.model.items.rel.related_model.objects.counted().filter(plan__in=self)
        weight = Cast("weight", models.FloatField())  # thousands of decimals would take most of the time
        rows = defaultdict(list)
        for plan, *row in items.order_by("pk").values_list("plan", weight, "starts_on", "due_on"):
            rows[plan].append(tuple(row))
        return rows

    def _not_brought_to(self, day, calendar):
        """Those with a figure of which is stored what was expected on another day or by another calendar."""
        known = Q(expected_on=day, expected_by=calendar.edition) | Q(expected_on__lte=day, expected_by="")
        return self.with_figure().filter(Q(expected_on=None) | ~known)

    @transaction.atomic
    def _bring(self, ids, pace: Pace) -> None:
        plans = self.model.objects.filter(pk__in=ids)
        # Whoever changes an item holds the plan of its year: what he leaves is read here, or he waits.
        years = self.model.objects.filter(kind=YEAR, studio__in=plans.values("studio"))
        list(years.order_by("studio", "year").select_for_update().values_list("pk"))
        rows = plans.expected_rows()
        brought = list(plans)
        for plan in brought:
            for name, value in pace.stored(rows[plan.pk], plan.starts_on, plan.ends_on).items():
                setattr(plan, name, value)
        self.model.objects.bulk_update(brought, list(NOTHING), batch_size=500)


class Plan(models.Model):
    """The plan of one studio for one period, with what its items come to.

    ``progress`` (0..1, None = nothing planned) and the counts are stored by ``projects.progress.add_up``, in
    the transaction of whoever changed an item; nothing else writes them.
    """

    class Kind(models.TextChoices):
        YEAR = YEAR, _("Year")
        QUARTER = QUARTER, _("Quarter")
        MONTH = MONTH, _("Month")

    class State(models.TextChoices):
        """What is stored. Whether it runs or is in its days of grace follows from the day (``phase``)."""

        DRAFT = "draft", pgettext_lazy("plan", "being written")
        SUBMITTED = "submitted", pgettext_lazy("plan", "submitted")
        CONFIRMED = "confirmed", pgettext_lazy("plan", "confirmed")
        CLOSED = "closed", pgettext_lazy("plan", "closed")
        REOPENED = "reopened", pgettext_lazy("plan", "reopened")

    class Phase(models.TextChoices):
        """How a plan stands on a day."""

        OPEN = "open", pgettext_lazy("plan", "open")
        SUBMITTED = "submitted", pgettext_lazy("plan", "submitted")
        CONFIRMED = "confirmed", pgettext_lazy("plan", "confirmed")
        RUNNING = "running", pgettext_lazy("plan", "running")
        GRACE = "grace", pgettext_lazy("plan", "days of grace")
        OVERDUE = "overdue", pgettext_lazy("plan", "to be closed")
        CLOSED = "closed", pgettext_lazy("plan", "closed")
        REOPENED = "reopened", pgettext_lazy("plan", "reopened")

    #: A month that was handed in is closed by itself in the end; one that never was waits for somebody.
    CLOSES_BY_ITSELF = (State.SUBMITTED, State.CONFIRMED, State.REOPENED)
    #: What was promised in it is changed only with the union's yes.
    BOUND = (State.CONFIRMED, State.REOPENED)
    #: The whole life of a plan. One that was never submitted counts and is closed all the same.
    NEXT = {
        State.DRAFT: {State.SUBMITTED, State.CLOSED},
        State.SUBMITTED: {State.DRAFT, State.CONFIRMED, State.CLOSED},
        State.CONFIRMED: {State.CLOSED},
        State.CLOSED: {State.REOPENED},
        State.REOPENED: {State.CLOSED},
    }

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="plans", verbose_name=_("studio"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, editable=False)
    period = models.CharField(_("period"), max_length=7, db_index=True)
    year = models.PositiveIntegerField(_("year"), editable=False)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, db_default="draft", editable=False
    )
    #: The last day on which it may be closed, where the union moved it or reopened the plan until then.
    closes_on = models.DateField(null=True, editable=False)

    progress = models.DecimalField(max_digits=13, decimal_places=12, null=True, editable=False)
    complete = models.BooleanField(default=False, editable=False)
    #: What was expected of it (0..1) at the end of ``expected_on``, by the calendar ``expected_by``: empty
    #: where the time of all its items was over by then, so that no calendar and no later day changes it.
    expected = models.DecimalField(max_digits=10, decimal_places=9, null=True, editable=False)
    expected_on = models.DateField(null=True, editable=False)
    expected_by = models.CharField(max_length=16, blank=True, editable=False)
    planned = models.PositiveIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    on_time = models.PositiveIntegerField(default=0, editable=False)
    carried = models.PositiveIntegerField(default=0, editable=False)
    tolerated = models.PositiveIntegerField(default=0, editable=False)
    cancelled = models.PositiveIntegerField(default=0, editable=False)
    #: The latest report on any of its items.
    reported_at = models.DateTimeField(null=True, editable=False)

    #: What is stored by adding up, beside ``progress`` and ``complete``.
    COUNTS = ("planned", "done", "on_time", "carried", "tolerated", "cancelled")
    STORED = ("progress", "complete", *COUNTS, "reported_at", *NOTHING)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["studio", "year", "-ends_on", "starts_on"]
        indexes = [
            # Who has planned a month, and who is behind in it.
            models.Index(fields=["period", "progress", "studio"], name="plan_by_period_and_progress"),
            # Since when a studio has been silent.
            models.Index(fields=["studio", "reported_at"], name="plan_of_studio_by_report"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["studio", "period"], name="studio_has_one_plan_for_a_period"),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__range=(0, 1)),
                name="plan_progress_is_between_nothing_and_all",
            ),
        ]

    def __str__(self):
        return f"{self.studio} · {self.span}"

    def get_absolute_url(self):
        name = "month" if self.kind == MONTH else "plan"
        return reverse(name, args=[self.studio_id, self.period])

    @classmethod
    def for_period(cls, studio: Studio, period: Period) -> "Plan":
        """An unsaved plan of a studio for a period."""
        return cls(
            studio=studio,
            kind=period.kind,
            period=period.key,
            year=period.year,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
        )

    @classmethod
    def lay_out(cls, studios, *years: int) -> None:
        """Give each studio its empty plans for the years; does nothing where they are there already."""
        cls.objects.bulk_create(
            [
                cls.for_period(studio, period)
                for studio in studios
                for year in years
                for period in periods_of_year(year)
            ],
            ignore_conflicts=True,
            batch_size=500,
        )

    def move(self, to: str, **fields) -> None:
        """Move on, unless somebody else has moved it since it was read."""
        sources = [state for state, targets in self.NEXT.items() if to in targets]
        here = Plan.objects.filter(pk=self.pk, state__in=[self.state] if self.state in sources else [])
        if not here.update(state=to, **fields):
            raise NotAllowedNow
        self.state = to
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_bound(self) -> bool:
        """Whether what was promised in it is changed only with the union's yes."""
        return self.state in self.BOUND

    def refuse_if_closed(self) -> None:
        """The one guard of a closed period: raises PlanClosed."""
        if self.is_closed:
            raise PlanClosed(self)

    def last_day_to_close(self, calendar: Workdays) -> date:
        """The end of the days of grace, or the day that the union set."""
        return self.closes_on or calendar.shift(self.ends_on, GraceDays.of(self.ends_on, calendar))

    def may_be_closed_on(self, on: date, calendar: Workdays) -> bool:
        """From its last working day on, and not twice."""
        return not self.is_closed and on >= calendar.on_or_before(self.ends_on)

    def phase(self, on: date, calendar: Workdays) -> "Plan.Phase":
        """How it stands on a day."""
        if self.state in (self.State.CLOSED, self.State.REOPENED):
            return self.Phase(self.state)
        if on > self.ends_on and self.planned:
            if on <= self.last_day_to_close(calendar):
                return self.Phase.GRACE
            return self.Phase.OPEN if self.state == self.State.DRAFT else self.Phase.OVERDUE
        if self.state == self.State.CONFIRMED and on >= self.starts_on:
            return self.Phase.RUNNING
        return self.Phase.OPEN if self.state == self.State.DRAFT else self.Phase(self.state)

    @cached_property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def shown(self) -> str | None:
        """The progress as people see it: "63", "<1", "100"; None where nothing is planned."""
        return rollup.shown(self.progress, complete=self.complete)

    @property
    def standing(self) -> Standing | None:
        """How it stands beside what was expected of it on the day that it was brought to."""
        return standing(self.progress, self.expected, complete=self.complete)

    @property
    def counted(self) -> int:
        """What completion and on-time rates are measured against."""
        return self.planned - self.tolerated
