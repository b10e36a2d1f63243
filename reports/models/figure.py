"""What looks back: the stored figures of units and of the group."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Unit
from projects import rollup


class UnitFigure(models.Model):
    """What the studios of a unit, with all below it, come to in a period.

    Filled by ``reports.portfolio``; nothing else writes it. ``progress`` is the mean of the studios' figures,
    each one voice; the counts are sums.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="figures")
    period = models.CharField(_("period"), max_length=7)
    year = models.PositiveIntegerField()
    progress = models.DecimalField(max_digits=13, decimal_places=12, null=True)
    complete = models.BooleanField(default=False)
    active = models.PositiveIntegerField(default=0)
    with_plan = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    carried = models.PositiveIntegerField(default=0)
    tolerated = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(_("as of"))

    class Meta:
        ordering = ["unit", "period"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="unit_has_one_figure_for_a_period")
        ]

    def __str__(self):
        return f"{self.unit} · {self.period}"

    @property
    def shown(self) -> str | None:
        return rollup.shown(self.progress, complete=self.complete)

    @property
    def not_planned(self) -> int:
        return self.active - self.with_plan

    @property
    def counted(self) -> int:
        """What completion and on-time rates are measured against."""
        return self.planned - self.tolerated
