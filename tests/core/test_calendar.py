"""Periods: years, quarters and months, without the database."""

from datetime import date

import pytest

from core.calendar import Period, periods_of_year


@pytest.mark.parametrize(
    ("key", "starts_on", "ends_on", "parent"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), None),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026-Q1"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028-Q1"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_period_knows_its_days_and_what_it_is_part_of(key, starts_on, ends_on, parent):
    period = Period.parse(key)

    assert (period.key, period.starts_on, period.ends_on) == (key, starts_on, ends_on)
    assert period.parent == (Period.parse(parent) if parent else None)
    assert starts_on in period
    assert ends_on in period


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-9", "2０26", "2026-09\n"]
)
def test_anything_else_is_no_period(text):
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("2026", "2025", "2027"),
        ("2026-Q1", "2025-Q4", "2026-Q2"),
        ("2026-Q4", "2026-Q3", "2027-Q1"),
        ("2026-01", "2025-12", "2026-02"),
        ("2026-12", "2026-11", "2027-01"),
    ],
)
def test_periods_follow_each_other_over_the_turn_of_the_year(key, before, after):
    period = Period.parse(key)

    assert (period.previous.key, period.next.key) == (before, after)
    assert period.next.starts_on.toordinal() == period.ends_on.toordinal() + 1


@pytest.mark.parametrize("kind", ["year", "quarter", "month"])
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 22), date(2028, 2, 29)])
def test_a_day_lies_in_the_period_that_contains_it(day, kind):
    assert day in Period.containing(day, kind)


def test_a_year_has_seventeen_periods():
    assert [period.key for period in periods_of_year(2026)] == [
        *("2026", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"),
        *("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"),
        *("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"),
    ]


def test_the_line_of_a_month_climbs_to_the_year():
    assert [period.key for period in Period.parse("2026-08").line] == ["2026-08", "2026-Q3", "2026"]
