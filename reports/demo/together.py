"""What is planned ahead in the demo: a gathering of many studios, and a series of the one to sign in to."""

from datetime import timedelta

from simple_history.utils import bulk_create_with_history

from core import workdays
from members.models import Unit
from studios import recurring
from studios.models import Activity, Gathering, Series, Studio

#: So many studios take part, at most.
TAKING_PART = 12
IN_A_SERIES = 8


def make(group) -> None:
    """Adds to what is stored; every day of it is still to come."""
    studios = list(Studio.objects.active().order_by("position")[:TAKING_PART])
    if studios:
        calendar = workdays.load()
        _gather(group, studios, calendar)
        _repeat(group, studios[0], calendar)


def _gather(group, studios, calendar) -> None:
    gathering = Gathering.objects.create(
        unit=Unit.objects.get(kind=Unit.Kind.GROUP),
        subject=f"{group.on.year}年职工技术创新成果展",
        held_on=calendar.shift(group.on + timedelta(days=14), 1),
        starts_at="09:00",
        ends_at="16:30",
        place="集团职工文体中心",
        host="集团工会",
        agenda="一、展板与实物布展\n二、现场讲解\n三、评议与表彰",
    )
    common = {name: getattr(gathering, name) for name in Gathering.SHARED}
    rows = [
        Activity(
            studio=studio,
            gathering=gathering,
            no=f"LH{group.on.year}-{studio.position:04d}",
            state=Activity.State.PLANNED,
            **common,
        )
        for studio in studios
    ]
    bulk_create_with_history(rows, Activity, default_date=group.noon)


def _repeat(group, studio, calendar) -> None:
    days = recurring.days(calendar.shift(group.on, 4), Series.Every.WEEK, times=IN_A_SERIES)
    series = Series.objects.create(
        studio=studio,
        subject="每周技术碰头会",
        first_on=days[0],
        last_on=days[-1],
        on_rest=Series.OnRest.AFTER,
    )
    rows = [
        Activity(
            studio=studio,
            series=series,
            series_on=slot.on,
            no=f"XL{group.on.year}-{studio.position:04d}-{number}",
            subject=series.subject,
            held_on=slot.held_on,
            starts_at="16:00",
            ends_at="17:00",
            place="工作室",
            host=studio.lead.name,
            state=Activity.State.PLANNED,
        )
        for number, slot in enumerate(recurring.slots(days, series.on_rest, calendar=calendar), start=1)
        if slot.held_on
    ]
    bulk_create_with_history(rows, Activity, default_date=group.noon)
