"""Drawing up a report: the stored figures of a unit and a period beside what happened in it.

The counts and rates are those of the overview, read and never computed anew. A fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from achievements.models import Achievement
from core.calendar import Period
from core.workdays import Workdays
from members.models import Unit
from projects.models import Frozen, Plan, PlanItem, Problem
from reports import overview
from reports.contents import Contents, Line, Stuck
from studios.models import Activity, Studio

State, Kind = PlanItem.State, Activity.Kind
#: What leaves an item not done, with a reason.
NOT_DONE = (State.UNDONE, State.CARRIED)
#: Activities that teach.
STUDIES = (Kind.STUDY, Kind.TRAINING, Kind.LECTURE)
MOST_PROBLEMS = 20
MOST_FOCUS = 3


def draw_up(unit: Unit, period: Period, *, on: date, calendar: Workdays) -> Contents:
    """The report of a unit with all below it on a period, as it stands on a day."""
    working = Studio.objects.active().within(unit)
    studios = working.select_related("unit").order_by("unit__position", "unit__path", "position", "pk")
    total = overview.of_units(period.year, on=on, period=period.key)[unit.pk].get(period.key)
    figures = overview.of_studios(period.year, on=on, studios=working, period=period.key)
    plans = {plan.studio_id: plan for plan in Plan.objects.of(period).filter(studio__in=working)}
    closed = _closings(working, period)
    days = (period.starts_on, min(period.ends_on, on))
    activities = _activities(working, days)
    achieved = _achieved(working, days)
    reasons = _reasons(working, period)
    lines = []
    for studio in studios:
        plan = plans.get(studio.pk)
        at, late = closed.get(plan.pk, (None, False)) if plan and plan.is_closed else (None, False)
        if plan and plan.planned and at is None:
            late = on > plan.last_day_to_close(calendar)
        held, studies = activities.get(studio.pk, (0, 0))
        count, benefit = achieved.get(studio.pk, (0, None))
        lines.append(
            Line(
                studio=studio.name,
                unit=studio.unit.name,
                figure=figures.get(studio.pk, {}).get(period.key, overview.NOTHING),
                activities=held,
                studies=studies,
                achievements=count,
                benefit=benefit or Decimal(0),
                reasons=reasons.get(studio.pk, ()),
                closed_at=at,
                late=late,
            )
        )
    problems = _open_problems(working)
    return Contents(
        unit=unit.name,
        period=period,
        on=on,
        total=total or overview.NOBODY,
        lines=tuple(lines),
        whole_year=_whole_year(working, period, on),
        made_up_by=_made_up_by(working, period),
        focus=tuple(
            PlanItem.objects.planned()
            .filter(plan__studio__in=working, plan__period=period.next.key)
            .order_by("-weight", "due_on", "pk")
            .values_list("content", flat=True)[:MOST_FOCUS]
        ),
        problems=tuple(_stuck(one) for one in problems[:MOST_PROBLEMS]),
        problem_count=len(problems),
    )


def _closings(studios, period: Period) -> dict[int, tuple]:
    """(when it was closed, late) of the last closing, by the id of the plan."""
    copies = Frozen.objects.closings().filter(plan__studio__in=studios, plan__period=period.key)
    rows = copies.order_by("number").values_list("plan", "at", "late")
    return {plan: (at, late) for plan, at, late in rows}


def _activities(studios, days: tuple[date, date]) -> dict[int, tuple[int, int]]:
    """(held, of them studies) by the id of the studio."""
    held = Activity.objects.standing().filter(studio__in=studios, held_on__range=days)
    counts = (
        held.order_by()
        .values_list("studio")
        .annotate(Count("pk"), studies=Count("pk", filter=Q(kind__in=STUDIES)))
    )
    return {studio: (count, studies) for studio, count, studies in counts}


def _achieved(studios, days: tuple[date, date]) -> dict[int, tuple]:
    """(achievements, verified benefit) by the id of the studio."""
    found = Achievement.objects.filter(studio__in=studios, achieved_on__range=days).order_by()
    sums = found.values_list("studio").annotate(Count("pk"), Sum("benefit_verified"))
    return {studio: (count, benefit) for studio, count, benefit in sums}


def _whole_year(studios, period: Period, on: date) -> tuple[int, Decimal]:
    days = (Period.of_year(period.year).starts_on, min(period.ends_on, on))
    found = Achievement.objects.filter(studio__in=studios, achieved_on__range=days)
    sums = found.aggregate(count=Count("pk"), benefit=Sum("benefit_verified"))
    return sums["count"], sums["benefit"] or Decimal(0)


def _not_done(studios, period: Period):
    return PlanItem.objects.filter(
        plan__studio__in=studios, plan__period=period.key, state__in=NOT_DONE
    ).order_by()


def _reasons(studios, period: Period) -> dict[int, tuple[tuple[str, int], ...]]:
    """Why items were not done, each with how many, the most frequent first, by the id of the studio."""
    counted = _not_done(studios, period).exclude(reason="").values_list("plan__studio", "reason")
    found = defaultdict(list)
    for studio, reason, count in counted.annotate(count=Count("pk")).order_by("-count", "reason"):
        found[studio].append((reason, count))
    return {studio: tuple(reasons) for studio, reasons in found.items()}


def _made_up_by(studios, period: Period) -> date | None:
    """The day by which what was carried over is due, the last of them."""
    rests = PlanItem.objects.planned().filter(carried_from__in=_not_done(studios, period))
    return rests.aggregate(last=Max("due_on"))["last"]


def _open_problems(studios) -> list[Problem]:
    """Those of the highest level first, then by their due day."""
    ladder = list(Problem.Level.values)
    found = Problem.objects.open().filter(studio__in=studios).select_related("studio", "coordinator")
    return sorted(found.order_by("due_on", "pk"), key=lambda one: -ladder.index(one.level))


def _stuck(problem: Problem) -> Stuck:
    return Stuck(
        what=problem.what,
        studio=problem.studio.name,
        level=problem.level,
        coordinator=problem.coordinator.name if problem.coordinator else "",
        raised_on=problem.raised_on,
        due_on=problem.due_on,
    )
