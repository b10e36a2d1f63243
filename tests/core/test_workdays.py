"""The working calendar: 2026 as published by the State Council, 2027 as the union enters it."""

from datetime import date

import pytest

from core import workdays
from core.models import WorkdayOverride
from core.workdays import Workdays

CHINA = Workdays()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 2, 14), True),  # the Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # the first day of the Spring Festival, a Tuesday
        (date(2026, 2, 23), False),  # its last, a Monday
        (date(2026, 2, 28), True),  # the other Saturday worked for it
        (date(2026, 9, 20), True),  # the Sunday worked for National Day
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # the Saturday worked for National Day
        (date(2026, 5, 4), False),  # a Monday of the Labour Day holiday
        (date(2026, 5, 9), True),  # the Saturday worked for it
        (date(2027, 1, 1), False),  # not published yet, but the law fixes it
    ],
)
def test_the_public_calendar_knows_holidays_and_make_up_days(day, works):
    assert CHINA.is_workday(day) is works


def test_the_union_s_own_days_win_over_the_public_calendar():
    calendar = Workdays({date(2027, 2, 6): True, date(2027, 2, 12): False})

    assert CHINA.is_workday(date(2027, 2, 6)) is False
    assert calendar.is_workday(date(2027, 2, 6)) is True
    assert CHINA.is_workday(date(2027, 2, 12)) is True
    assert calendar.is_workday(date(2027, 2, 12)) is False


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # from Friday over the weekend
        (date(2026, 11, 30), -3, date(2026, 11, 25)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # from a Saturday
        (date(2026, 11, 28), -1, date(2026, 11, 27)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over National Day
        (date(2026, 10, 8), 2, date(2026, 10, 10)),  # Friday, then the Saturday that is worked
        (date(2026, 10, 9), -2, date(2026, 9, 30)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # onto a Saturday that is worked
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over the Spring Festival
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over New Year and the weekend after it
    ],
)
def test_shifting_counts_only_working_days(day, n, expected):
    assert CHINA.shift(day, n) == expected


def test_the_last_working_day_of_a_month():
    assert CHINA.last_workday_of_month(2026, 10) == date(2026, 10, 30)
    assert CHINA.last_workday_of_month(2026, 2) == date(2026, 2, 28)  # a Saturday, worked
    assert CHINA.last_workday_of_month(2026, 12) == date(2026, 12, 31)
    assert Workdays({date(2026, 12, 31): False}).last_workday_of_month(2026, 12) == date(2026, 12, 30)


def test_a_rest_day_is_brought_forward():
    assert CHINA.on_or_before(date(2026, 11, 28)) == date(2026, 11, 27)
    assert CHINA.on_or_before(date(2026, 10, 5)) == date(2026, 9, 30)
    assert CHINA.on_or_before(date(2026, 10, 10)) == date(2026, 10, 10)


def test_counting_between_two_days_leaves_out_the_first():
    assert CHINA.count_between(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert CHINA.count_between(date(2026, 11, 23), date(2026, 11, 30)) == 5
    assert CHINA.count_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert CHINA.count_between(date(2026, 11, 30), date(2026, 11, 27)) == -1


def test_counting_undoes_shifting():
    start = date(2026, 9, 28)

    assert [CHINA.count_between(start, CHINA.shift(start, n)) for n in range(-15, 16)] == list(range(-15, 16))


@pytest.mark.django_db
def test_what_an_administrator_entered_is_loaded_at_once(django_assert_num_queries):
    WorkdayOverride.objects.create(day=date(2027, 2, 6), works=True, note="调休")
    WorkdayOverride.objects.create(day=date(2027, 2, 12), works=False)

    with django_assert_num_queries(1):
        calendar = workdays.load()
        worked = [day for day in (6, 7, 12, 13) if calendar.is_workday(date(2027, 2, day))]

    assert worked == [6]
