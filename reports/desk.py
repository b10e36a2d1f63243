"""The 工作台 of a union officer: what waits, whom to chase, where the units stand, what is incomplete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from core import workdays
from core.calendar import Period
from members.models import Unit
from projects import silence
from projects.models import ChangeRequest, Consequence, Lesson, Plan, PlanItem, Problem
from projects.reminders import unreported
from reports import attention, issuing, links, overview, tables, waiting
from studios import register, supporting
from studios.models import Application, Spending, Studio

#: So many lines are shown; the rest is behind a link.
MOST = 12


@dataclass(frozen=True)
class Chase:
    """How many studios are to be chased for one reason, and the list of them."""

    studios: int
    href: str


def desk(unit: Unit, *, user, on: date) -> dict[str, Any]:
    """What an officer sees of a unit with all below it, on a day. A fixed number of queries."""
    month, calendar = Period.containing(on), workdays.load()
    studios = Studio.objects.active().within(unit)
    since = timezone.make_aware(datetime.combine(on - timedelta(days=silence.DAYS), time.min))
    unplanned = studios.planned_in(month, planned=False)
    behind = studios.behind(month, on=on, calendar=calendar)
    silent = studios.silent_since(since, on=on)
    chased = (unplanned | behind | silent).order_by("position", "pk").values_list("pk", flat=True)
    figures = overview.of_units(month.year, on=on, period=month.key)
    late = _overdue_by_unit(unit, on)
    found = _waiting(unit, studios, user=user, on=on, calendar=calendar)
    return {
        **found,
        "waits": waiting.kinds(found),
        "unit": unit,
        "month": month,
        "figure": figures[unit.pk].get(month.key, overview.NOBODY),
        "behind_counts": links.counts(period=month.key, unit=unit.pk),
        "overview": tables.of_unit(month, unit),
        "unplanned": Chase(unplanned.count(), links.studios(unit=unit.pk, plan="none")),
        "behind": Chase(behind.count(), links.studios(unit=unit.pk, plan="behind")),
        "silent": Chase(silent.count(), links.studios(unit=unit.pk, silent=silence.DAYS)),
        "unreported": Chase(
            unreported(month).filter(studio__in=studios).count(),
            f"{reverse('chasing', args=[month.key])}?missing=report&unit={unit.pk}",
        ),
        "incomplete": Chase(
            studios.incomplete(on=on).count(), links.studios(unit=unit.pk, haves="incomplete")
        ),
        "attention": attention.lines(studios, silent, on=on, user=user),
        "chased": register.rows(chased[:MOST], month=month, on=on, calendar=calendar),
        "late_units": late[:MOST],
        "silent_days": silence.DAYS,
    }


def _waiting(unit: Unit, studios, *, user, on: date, calendar) -> dict[str, Any]:
    """All that waits for somebody, by kind, each kind from what waits longest on."""
    applications = Application.objects.waiting_for(user).select_related("unit")
    plans = Plan.objects.waiting_for(user).filter(studio__in=studios).select_related("studio")
    lessons = Lesson.objects.waiting().filter(studio__unit__path__startswith=unit.path)
    spendings = Spending.objects.waiting_for(user).select_related("studio")
    return {
        "report": issuing.due(unit, on=on, calendar=calendar),
        "waiting": list(applications.order_by("submitted_at", "pk")),
        "plans": list(plans.order_by("starts_on", "studio__position")),
        "changes": list(ChangeRequest.objects.waiting_for(user).for_list().order_by("asked_at")),
        "lessons": list(lessons.titled().select_related("studio").order_by("proposed_at")),
        "decisions": _decisions_by_studio(unit),
        "problems": list(Problem.objects.waiting_for(user).select_related("studio")),
        "support": supporting.waiting_for(user, calendar=calendar, on=on),
        "spendings": list(spendings.order_by("asked_at")),
    }


def _decisions_by_studio(unit: Unit) -> list[tuple[str, int, str]]:
    """The studios with deductions or rewards to be decided: name, how many, and where."""
    waiting = Consequence.objects.waiting().filter(studio__unit__path__startswith=unit.path)
    counts = waiting.order_by().values_list("studio", "studio__name").annotate(count=Count("pk"))
    return [
        (name, count, f"{reverse('studio-points', args=[pk])}#waiting")
        for pk, name, count in counts.order_by("-count", "studio")
    ]


def _overdue_by_unit(unit: Unit, on: date) -> list[tuple[Unit, int, str]]:
    """The units directly below that have overdue items, the most first, each with the list of them."""
    overdue = PlanItem.objects.overdue(on=on).filter(
        plan__studio__state__in=Studio.WORKING, plan__studio__unit__path__startswith=unit.path
    )
    below = list(Unit.objects.filter(parent=unit)) or [unit]
    counts = dict.fromkeys((one.pk for one in below), 0)
    by_place = overdue.order_by().values_list("plan__studio__unit__path").annotate(Count("pk"))
    for path, count in by_place:
        for one in below:
            if path.startswith(one.path):
                counts[one.pk] += count
    found = [(one, counts[one.pk], links.items(overdue=1, unit=one.pk)) for one in below if counts[one.pk]]
    return sorted(found, key=lambda row: -row[1])
