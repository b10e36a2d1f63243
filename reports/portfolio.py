"""The figures of units and of the group, from the stored figures of the studios' plans.

A change of a plan wants the job ``portfolio`` for its year; whoever looks before a worker has done it does it
himself, so that a page is never behind the plans it speaks of.
"""

from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.calendar import periods_of_year
from core.jobs import job, run
from core.models import Job
from members.models import Unit
from projects.models import Plan
from projects.progress import PORTFOLIO_JOB
from projects.rollup import PLACES
from reports.models import UnitFigure
from studios.models import Studio

#: What is stored of a unit and a period, beside the moment.
STORED = ("progress", "complete", "active", "with_plan", *Plan.COUNTS)
SHOWN_PLACES = Decimal("0.000000001")

#: What is summed over the plans of a unit's studios.
SUMS = {
    "total": Sum("progress"),
    "with_plan": Count("progress"),
    "unfinished": Count("pk", filter=Q(progress__isnull=False, complete=False)),
    **{name: Sum(name) for name in Plan.COUNTS},
}


@job(PORTFOLIO_JOB, _("Add up the figures of all units"))
@transaction.atomic
def refresh(year: int) -> None:
    """Recompute and store the figures of all units for a year and its periods."""
    UnitFigure.objects.bulk_create(
        compute(year),
        update_conflicts=True,
        unique_fields=["unit", "period"],
        update_fields=[*STORED, "at"],
        batch_size=500,
    )


def compute(year: int) -> list[UnitFigure]:
    """What the stored figures of the plans come to for all units, unsaved. Three queries."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    active: dict[int, int] = defaultdict(int)
    sums: dict[tuple[int, str], dict] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    studios = Studio.objects.active().order_by().values_list("unit").annotate(Count("pk"))
    for unit_id, count in studios:
        for above in units[unit_id].line:
            active[above] += count
    plans = Plan.objects.filter(year=year, studio__state__in=Studio.WORKING)
    rows = plans.order_by().values("studio__unit", "period").annotate(**SUMS)
    for row in rows:
        for above in units[row["studio__unit"]].line:
            total = sums[above, row["period"]]
            for name in SUMS:
                total[name] += row[name] or 0
    now = timezone.now()
    figures = []
    for unit_id in units:
        for period in periods_of_year(year):
            total = sums[unit_id, period.key]
            voices = total["with_plan"]
            figures.append(
                UnitFigure(
                    unit_id=unit_id,
                    period=period.key,
                    year=year,
                    progress=(Decimal(total["total"]) / voices).quantize(PLACES) if voices else None,
                    complete=bool(voices) and not total["unfinished"],
                    active=active[unit_id],
                    with_plan=voices,
                    at=now,
                    **{name: total[name] for name in Plan.COUNTS},
                )
            )
    return figures


def figures(year: int):
    """The figures of all units for a year and its periods, brought up to date first where they are behind."""
    for pk in _waiting(year).values_list("pk", flat=True):
        run(pk)
    if _waiting(year).exists() or not UnitFigure.objects.filter(year=year).exists():
        refresh(year)  # another worker is at it: do not wait for it
    return UnitFigure.objects.filter(year=year).select_related("unit")


def _waiting(year: int):
    """The job that is there when a plan of the year changed since the figures were stored."""
    return Job.objects.unfinished().filter(key=f"{PORTFOLIO_JOB}:{year}")


def find_drift(year: int) -> list[UnitFigure]:
    """The stored figures that are not what the plans come to, set to what they should be.

    Sums are compared at nine places: a database that adds in another order may differ in the twelfth.
    """
    stored = {(figure.unit_id, figure.period): figure for figure in figures(year)}
    drifts = []
    for should in compute(year):
        figure = stored.pop((should.unit_id, should.period), None)
        if figure is None or _compared(figure) != _compared(should):
            drifts.append(should)
    return [*drifts, *stored.values()]


def _compared(figure: UnitFigure) -> tuple:
    progress = None if figure.progress is None else figure.progress.quantize(SHOWN_PLACES)
    return progress, *(getattr(figure, name) for name in STORED[1:])
