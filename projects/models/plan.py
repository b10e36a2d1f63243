"""Plans (定计划): what a studio promises for a year, a quarter, a month."""

from collections import defaultdict

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.calendar import MONTH, QUARTER, YEAR, Period, periods_of_year
from projects import rollup
from projects.expected import Pace, Standing, standing
from studios.models import Studio


class PlanQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for plans."""

    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def of(self, period):
        return self.filter(period=period.key)

    def with_figure(self):
        """Those for which something is planned that counts."""
        return self.exclude(progress=None)

    def expected(self, *, on, calendar) -> dict[int, float]:
        """What is expected of each of the plans on a day (0..1), by its id; without counted items nothing is.

        One query over their items, never stored: it changes every night.
        """
        pace = Pace(on, calendar)
        items = self.model.items.rel.related_model.objects.counted().filter(plan__in=self).order_by()
        weight = Cast("weight", models.FloatField())  # thousands of decimals would take most of the time
        rows = defaultdict(list)
        for plan, period, *row in items.values_list("plan", "plan__period", weight, "starts_on", "due_on"):
            rows[plan, period].append(row)
        spans = {period: Period.parse(period) for _plan, period in rows}
        return {
            plan: pace.of_plan(own, spans[period].starts_on, spans[period].ends_on)
            for (plan, period), own in rows.items()
        }

    def standings(self, *, on, calendar) -> dict[int, Standing]:
        """How each plan with a figure stands beside what is expected of it on a day, by its id."""
        expected = self.expected(on=on, calendar=calendar)
        return {
            plan: standing(progress, expected[plan])
            for plan, progress in self.with_figure().order_by().values_list("pk", "progress")
            if plan in expected
        }


class Plan(models.Model):
    """The plan of one studio for one period, with what its items come to.

    ``progress`` (0..1, None = nothing planned) and the counts are stored by ``projects.progress.add_up``, in
    the transaction of whoever changed an item; nothing else writes them.
    """

    class Kind(models.TextChoices):
        YEAR = YEAR, _("Year")
        QUARTER = QUARTER, _("Quarter")
        MONTH = MONTH, _("Month")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="plans", verbose_name=_("studio"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, editable=False)
    period = models.CharField(_("period"), max_length=7, db_index=True)
    year = models.PositiveIntegerField(_("year"), editable=False)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)

    progress = models.DecimalField(max_digits=13, decimal_places=12, null=True, editable=False)
    complete = models.BooleanField(default=False, editable=False)
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
    STORED = ("progress", "complete", *COUNTS, "reported_at")

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

    @cached_property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def shown(self) -> str | None:
        """The progress as people see it: "63", "<1", "100"; None where nothing is planned."""
        return rollup.shown(self.progress, complete=self.complete)

    @property
    def counted(self) -> int:
        """What completion and on-time rates are measured against."""
        return self.planned - self.tolerated
