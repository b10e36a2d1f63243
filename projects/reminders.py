"""Whom the calendar wants reminded of what on a day. Asks the database, changes nothing.

Every rule names the day it fires as a distance in working days from a deadline, so a reminder always falls on
a working day, and a deadline that was moved has new days of its own.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from core.calendar import Period
from core.workdays import Workdays
from members.models import User
from notifications.sending import reference, tell
from projects import silence
from projects.audiences import People
from projects.models import Plan, PlanItem
from studios import reviewing, rhythm, stock_taking
from studios.models import Studio

log = logging.getLogger(__name__)

REPORT_DUE_ON_DAY = 5
"""Of the month after the one reported on."""

WINDOW = timedelta(days=40)
"""How far a deadline may lie from the day it is reminded of: seven working days and the longest holidays."""

DayOf = Callable[[Workdays, date], date]


def working_days(n: int) -> DayOf:
    """So many working days after the deadline (before it if negative)."""
    return lambda calendar, due_on: calendar.shift(due_on, n)


def on_the_day(calendar: Workdays, due_on: date) -> date:
    """The due day; if it is a rest day, the last working day before it."""
    return calendar.on_or_before(due_on)


@dataclass(frozen=True)
class Rule:
    """``kind`` of notice, the day it fires, who is told, and the day of the next rung of the ladder.

    ``late``: still worth saying a working day later, when the job did not run.
    """

    kind: str
    day_of: DayOf
    audience: str
    next_day_of: DayOf | None = None
    late: bool = True


ITEM_RULES = (
    Rule("item_due_soon", working_days(-3), "owner"),
    Rule("item_due", on_the_day, "owner", working_days(1), late=False),
    Rule("item_overdue", working_days(1), "owner", working_days(3)),
    Rule("item_overdue_lead", working_days(1), "lead", working_days(3)),
    Rule("item_overdue_unit", working_days(3), "unit_contacts", working_days(7)),
    Rule("item_overdue_group", working_days(7), "group_staff"),
)
PLAN_RULES = (
    Rule("month_plan_empty", working_days(-5), "steering"),
    Rule("month_plan_empty", working_days(-2), "steering"),
    Rule("month_plan_empty", working_days(0), "steering"),
)
REPORT_RULES = (
    Rule("month_report_due", working_days(-2), "lead"),
    Rule("month_report_due", on_the_day, "lead", late=False),
    Rule("month_report_overdue", working_days(1), "lead"),
)


#: From the last day on which a studio is not silent yet; any sign of life moves that day.
SILENCE_RULES = (
    Rule("studio_silent", working_days(1), "steering", working_days(6)),
    Rule("studio_silent_unit", working_days(6), "unit_contacts", working_days(11)),
    Rule("studio_silent_group", working_days(11), "group_staff"),
)
CLOSING_RULES = (
    Rule("month_closes_soon", working_days(-2), "steering"),
    Rule("month_closes_soon", on_the_day, "steering", late=False),
)


@dataclass(frozen=True)
class Reminder:
    """One thing to tell some people. ``unreachable``: how many more should be told but cannot sign in."""

    recipients: tuple[User, ...]
    kind: str
    about: Studio | Plan | PlanItem
    url: str
    once: str
    params: dict
    unreachable: int = 0

    @property
    def key(self) -> str:
        return f"{self.kind}:{reference(self.about)}:{self.once}"


def due_on(day: date, calendar: Workdays, *, late: bool = False) -> Iterator[Reminder]:
    """The reminders of a day; none on a rest day. ``late``: without those that only that day itself wants."""
    if not calendar.is_workday(day):
        return
    yield from _items(day, calendar, [rule for rule in ITEM_RULES if rule.late or not late])
    yield from _empty_plans(day, calendar)
    yield from _lacking_activities(day, calendar)
    yield from _member_reviews(day, calendar)
    yield from _uncounted_equipment(day, calendar)
    yield from _missing_reports(day, calendar, [rule for rule in REPORT_RULES if rule.late or not late])
    yield from _closings(day, calendar, [rule for rule in CLOSING_RULES if rule.late or not late])
    yield from _silent_studios(day, calendar)


def owner_days(due_on: date, calendar: Workdays) -> list[date]:
    """The days on which the person responsible is reminded of an open item."""
    return [rule.day_of(calendar, due_on) for rule in ITEM_RULES if rule.audience == "owner"]


def _closings(day: date, calendar: Workdays, rules) -> Iterator[Reminder]:
    """Twice before the calendar closes a month: the day can be moved, so every plan has its own."""
    months = Plan.objects.closing_by_themselves().filter(ends_on__range=(day - 2 * WINDOW, day))
    plans = list(months.select_related("studio__unit").order_by("pk"))
    people = People([plan.studio for plan in plans], (), on=day)
    for plan in plans:
        deadline = plan.last_day_to_close(calendar)
        for rung, rule in enumerate(CLOSING_RULES):
            if rule not in rules or rule.day_of(calendar, deadline) != day:
                continue
            recipients, unreachable = people.find(rule.audience, plan.studio)
            still_open = plan.planned - plan.done - plan.carried - plan.tolerated
            params = {
                "studio": plan.studio.name,
                "of_period": plan.period,
                "due_on": deadline.isoformat(),
                "count": still_open,
            }
            yield Reminder(
                recipients,
                rule.kind,
                plan,
                reverse("plan-close", args=[plan.studio_id, plan.period]),
                f"{deadline}:{rung}",
                params,
                unreachable,
            )


def _items(day: date, calendar: Workdays, rules) -> Iterator[Reminder]:
    deadlines = [day + timedelta(days=n) for n in range(-WINDOW.days, WINDOW.days + 1)]
    due_days = {rule: [due for due in deadlines if rule.day_of(calendar, due) == day] for rule in rules}
    wanted = {due for days in due_days.values() for due in days}
    items = list(
        PlanItem.objects.open()
        .in_open_plans()
        .filter(due_on__in=wanted, complete=False, plan__studio__in=Studio.objects.active())
        .select_related("plan__studio__unit")
        .order_by("due_on", "pk")
    )
    people = People({item.plan.studio for item in items}, {item.owner_id for item in items}, on=day)
    for rule in rules:
        for item in items:
            if item.due_on not in due_days[rule]:
                continue
            recipients, unreachable = people.find(rule.audience, item.plan.studio, item)
            params = {
                "studio": item.plan.studio.name,
                "unit": item.plan.studio.unit.name,
                "due_on": item.due_on.isoformat(),
            }
            if rule.next_day_of:
                params["next_on"] = rule.next_day_of(calendar, item.due_on).isoformat()
            yield Reminder(
                recipients, rule.kind, item, item.get_absolute_url(), str(item.due_on), params, unreachable
            )


def _empty_plans(day: date, calendar: Workdays) -> Iterator[Reminder]:
    for month in (Period.containing(day).next, Period.containing(day).shift(2)):
        before = month.previous
        deadline = calendar.last_workday_of_month(before.year, before.number)
        days = [rule.day_of(calendar, deadline) for rule in PLAN_RULES]
        if day not in days:
            continue
        planned = PlanItem.objects.planned().filter(plan__period=month.key).values("plan__studio")
        studios = list(Studio.objects.active().exclude(pk__in=planned).order_by("pk"))
        people = People(studios, (), on=day)
        for studio in studios:
            recipients, unreachable = people.find("steering", studio)
            yield Reminder(
                recipients,
                "month_plan_empty",
                studio,
                reverse("month", args=[studio.pk, month.key]),
                f"{month.key}:{days.index(day)}",
                {"month": month.starts_on.isoformat(), "due_on": deadline.isoformat()},
                unreachable,
            )


def _lacking_activities(day: date, calendar: Workdays) -> Iterator[Reminder]:
    """On the first working day of the last third of a month: fewer activities than the rule asks for."""
    month = Period.containing(day)
    if calendar.shift(month.starts_on.replace(day=20), 1) != day:
        return
    short = rhythm.lacking(month, on=day)
    people = People((studio for studio, _asked, _held in short), (), on=day)
    for studio, asked, held in short:
        recipients, unreachable = people.find("steering", studio)
        yield Reminder(
            recipients,
            "activities_lacking",
            studio,
            reverse("studio-activities", args=[studio.pk]),
            month.key,
            {"month": month.starts_on.isoformat(), "held": held, "asked": asked},
            unreachable,
        )


def _member_reviews(day: date, calendar: Workdays) -> Iterator[Reminder]:
    """On the first working day of December and the fifth before the year ends: members without a review."""
    days = (calendar.shift(date(day.year, 11, 30), 1), calendar.shift(date(day.year + 1, 1, 1), -5))
    if day not in days:
        return
    waiting = reviewing.without_review(day.year, on=day).order_by("studio")
    counts = dict(waiting.values_list("studio").annotate(Count("pk")))
    studios = list(Studio.objects.filter(pk__in=counts).select_related("unit").order_by("pk"))
    people = People(studios, (), on=day)
    for studio in studios:
        recipients, unreachable = people.find("steering", studio)
        yield Reminder(
            recipients,
            "member_reviews_due",
            studio,
            reverse("member-reviews", args=[studio.pk, day.year]),
            f"{day.year}:{days.index(day)}",
            {"count": counts[studio.pk], "year": day.year},
            unreachable,
        )


def _silent_studios(day: date, calendar: Workdays) -> Iterator[Reminder]:
    """A studio of which nothing has been heard: first those who steer it, then the unit, then the group."""
    active = list(Studio.objects.active().select_related("unit").order_by("pk"))
    silences = silence.of(active, on=day)
    span = (day - WINDOW, day)
    late = [studio for studio in active if _within(silences[studio.pk].due_on, span)]
    people = People(late, (), on=day)
    for rule in SILENCE_RULES:
        for studio in late:
            quiet = silences[studio.pk]
            if rule.day_of(calendar, quiet.due_on) != day:
                continue
            recipients, unreachable = people.find(rule.audience, studio)
            params = {"days": quiet.days(day), "since_on": quiet.since.isoformat(), "unit": studio.unit.name}
            if rule.next_day_of:
                params["next_on"] = rule.next_day_of(calendar, quiet.due_on).isoformat()
            to = studio.get_absolute_url()
            yield Reminder(recipients, rule.kind, studio, to, str(quiet.since), params, unreachable)


def _within(day: date | None, span: tuple[date, date]) -> bool:
    return day is not None and span[0] <= day <= span[1]


def _uncounted_equipment(day: date, calendar: Workdays) -> Iterator[Reminder]:
    """Ten working days before the equipment should be counted, and on that day."""
    due = date(day.year, *stock_taking.COUNTED_BY)
    if day not in (calendar.shift(due, -10), calendar.on_or_before(due)):
        return
    studios = list(stock_taking.not_counted(day.year).select_related("unit").order_by("pk"))
    people = People(studios, (), on=day)
    for studio in studios:
        recipients, unreachable = people.find("steering", studio)
        yield Reminder(
            recipients,
            "stock_take_due",
            studio,
            reverse("studio-equipment", args=[studio.pk]),
            day.isoformat(),
            {"due_on": due.isoformat()},
            unreachable,
        )


def _missing_reports(day: date, calendar: Workdays, rules) -> Iterator[Reminder]:
    month = Period.containing(day).previous
    deadline = report_deadline(month)
    for rung, rule in enumerate(REPORT_RULES):
        if rule not in rules or rule.day_of(calendar, deadline) != day:
            continue
        plans = list(unreported(month).select_related("studio__unit").order_by("pk"))
        people = People([plan.studio for plan in plans], (), on=day)
        for plan in plans:
            recipients, unreachable = people.find(rule.audience, plan.studio)
            yield Reminder(
                recipients,
                rule.kind,
                plan,
                plan.get_absolute_url(),
                f"{deadline}:{rung}",
                {
                    "studio": plan.studio.name,
                    "month": month.starts_on.isoformat(),
                    "due_on": deadline.isoformat(),
                    "count": plan.unreported,
                },
                unreachable,
            )


def report_deadline(month: Period) -> date:
    """When a month's progress must have been reported."""
    return month.next.starts_on.replace(day=REPORT_DUE_ON_DAY)


def unreported(month: Period):
    """The month's plans of working studios with running items on which nothing was reported since it began.

    Each with ``unreported``, the number of those items.
    """
    begin = timezone.make_aware(datetime.combine(month.starts_on, time.min))
    silent = Q(items__reported_at=None) | Q(items__reported_at__lt=begin)
    running = Q(items__state__in=PlanItem.OPEN, items__complete=False)
    plans = Plan.objects.of(month).not_closed().filter(studio__in=Studio.objects.active())
    return plans.annotate(unreported=Count("items", filter=running & silent)).filter(unreported__gt=0)


def to_tell(day: date, calendar: Workdays) -> list[Reminder]:
    """The reminders of a day, and those of the working day before in case nobody told them then."""
    if not calendar.is_workday(day):
        return []
    return [*due_on(calendar.shift(day, -1), calendar, late=True), *due_on(day, calendar)]


def remind(*, on: date, calendar: Workdays) -> int:
    """Tell everybody what the day wants; what was told before is not told again. Returns the reminders."""
    reminders = to_tell(on, calendar)
    for first in range(0, len(reminders), 100):
        with transaction.atomic():
            for reminder in reminders[first : first + 100]:
                tell(
                    reminder.recipients,
                    reminder.kind,
                    about=reminder.about,
                    url=reminder.url,
                    once=reminder.once,
                    params=reminder.params,
                    on=on,
                )
    return len(reminders)


def log_missed(*, since: date, on: date, calendar: Workdays) -> int:
    """Write down how much was never told because nothing ran after ``since``: sent now it would be a storm.

    Looks back thirty days at most. Returns the number.
    """
    missed = 0
    day = calendar.shift(on, -2)
    while day > max(since, on - timedelta(days=30)):
        if count := sum(bool(reminder.recipients) for reminder in due_on(day, calendar)):
            log.warning("%s reminders of %s were not sent: nothing ran on that day.", count, day)
            missed += count
        day = calendar.shift(day, -1)
    return missed
