"""The days of a series, pure."""

from datetime import date

from core.workdays import Workdays
from studios import recurring

OCTOBER_1 = date(2026, 10, 1)
#: National Day: the first to the seventh are free, whatever the public calendar says.
CALENDAR = Workdays({date(2026, 10, day): False for day in range(1, 8)})


def test_every_week_so_many_times():
    assert recurring.days(date(2026, 11, 24), "week", times=3) == [
        date(2026, 11, 24),
        date(2026, 12, 1),
        date(2026, 12, 8),
    ]


def test_every_second_week_until_a_day():
    assert recurring.days(date(2026, 11, 24), "fortnight", until=date(2026, 12, 22)) == [
        date(2026, 11, 24),
        date(2026, 12, 8),
        date(2026, 12, 22),
    ]


def test_the_second_tuesday_of_each_month_over_the_new_year():
    assert recurring.days(date(2026, 11, 10), "month", times=4) == [
        date(2026, 11, 10),
        date(2026, 12, 8),
        date(2027, 1, 12),
        date(2027, 2, 9),
    ]


def test_the_fifth_weekday_is_the_last_of_each_month():
    assert recurring.days(date(2026, 10, 30), "month", times=3) == [
        date(2026, 10, 30),
        date(2026, 11, 27),
        date(2026, 12, 25),
    ]


def test_no_series_is_longer_than_sixty():
    assert len(recurring.days(date(2026, 11, 24), "week", until=date(2099, 1, 1))) == 60


def test_a_day_of_rest_is_left_out_moved_or_kept_as_was_chosen():
    friday = [date(2026, 10, 2)]
    placed = {how: recurring.slots(friday, how, calendar=CALENDAR)[0].held_on for how in recurring.OnRest}

    assert placed == {
        "skip": None,
        "before": date(2026, 9, 30),
        "after": date(2026, 10, 8),
        "keep": date(2026, 10, 2),
    }


def test_no_day_is_held_on_twice_because_one_was_moved_onto_it():
    thursdays = [OCTOBER_1, date(2026, 10, 8)]

    assert [slot.held_on for slot in recurring.slots(thursdays, "after", calendar=CALENDAR)] == [
        None,
        date(2026, 10, 8),
    ]
