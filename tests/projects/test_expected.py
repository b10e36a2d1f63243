"""What is expected by a day in working days. November 2026 begins on a Sunday and has 21 working days."""

from datetime import date

import pytest

from core.workdays import Workdays
from projects.expected import Pace, mean, standing, window
from projects.models import Plan, PlanItem
from projects.progress import add_up

BEGIN, END = date(2026, 11, 1), date(2026, 11, 30)


def pace(day, **overrides):
    return Pace(date(2026, 11, day), Workdays(overrides.get("overrides")))


@pytest.mark.parametrize(
    ("starts_on", "due_on", "first", "last"),
    [
        (None, None, BEGIN, END),
        (date(2026, 11, 9), None, date(2026, 11, 9), END),
        (None, date(2026, 11, 20), BEGIN, date(2026, 11, 20)),
        (None, date(2026, 10, 20), date(2026, 10, 20), date(2026, 10, 20)),
        (date(2026, 12, 3), None, date(2026, 12, 3), date(2026, 12, 3)),
    ],
)
def test_a_missing_date_is_that_of_the_period_as_far_as_the_other_allows(starts_on, due_on, first, last):
    assert window(starts_on, due_on, BEGIN, END) == (first, last)


@pytest.mark.parametrize(
    ("day", "expected"), [(1, 0.0), (8, 0.0), (9, 0.1), (13, 0.5), (15, 0.5), (20, 1.0), (30, 1.0)]
)
def test_an_item_is_expected_as_far_as_its_own_working_days_are_over(day, expected):
    """Two weeks from Monday the 9th: ten working days, none of them at a weekend."""
    assert pace(day).of_item(date(2026, 11, 9), date(2026, 11, 20), BEGIN, END) == expected


def test_an_item_due_on_a_rest_day_alone_is_expected_on_that_day():
    sunday = date(2026, 11, 15)

    assert pace(14).of_item(sunday, sunday, BEGIN, END) == 0.0
    assert pace(15).of_item(sunday, sunday, BEGIN, END) == 1.0


def test_what_the_union_decided_about_a_day_moves_what_is_expected():
    worked = {date(2026, 11, 14): True, date(2026, 11, 15): True}

    assert pace(14, overrides=worked).of_item(date(2026, 11, 9), date(2026, 11, 18), BEGIN, END) == 0.6


def test_a_plan_is_expected_by_the_weights_of_its_items():
    rows = [(3.0, date(2026, 11, 9), date(2026, 11, 20)), (1.0, date(2026, 11, 2), date(2026, 11, 6))]

    assert pace(13).of_plan(rows, BEGIN, END) == 0.625
    assert pace(13).of_plan([], BEGIN, END) is None


def test_units_are_the_mean_of_their_plans():
    assert mean([0.5, 1.0, 0.0]) == 0.5
    assert mean([]) is None


@pytest.mark.parametrize(
    ("actual", "expected", "points", "state", "word"),
    [
        (0.40, 0.50, -10, "on_track", "on track"),
        (0.399, 0.50, -10.1, "behind", "10 points behind"),
        (0.29, 0.40, -11, "behind", "11 points behind"),
        (0.60, 0.50, 10, "on_track", "on track"),
        (0.75, 0.50, 25, "ahead", "25 points ahead"),
    ],
)
def test_more_than_ten_points_beside_what_is_expected_is_behind_or_ahead(
    settings, actual, expected, points, state, word
):
    settings.LANGUAGE_CODE = "en"
    from django.utils import translation

    with translation.override("en"):
        found = standing(actual, expected)
        assert (found.points, found.state, found.word) == (points, state, word)


def test_how_much_counts_as_on_track_is_a_setting(settings):
    settings.PROGRESS_SLACK = 30

    assert standing(0.25, 0.5).state == "on_track"


def test_without_a_figure_nothing_stands_beside_it():
    assert standing(None, 0.5) is None
    assert standing(0.5, None) is None


def test_plans_are_held_against_their_counted_items_in_two_queries(cast, django_assert_num_queries):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    window = {"starts_on": date(2026, 11, 9), "due_on": date(2026, 11, 20)}
    PlanItem.objects.create(plan=plan, content="焊接试验", weight=3, percent=20, **window)
    PlanItem.objects.create(plan=plan, content="总结")
    PlanItem.objects.create(plan=plan, content="取消的", state="cancelled", reason="设备停用", **window)
    add_up(plan)
    november = Plan.objects.filter(period="2026-11")

    with django_assert_num_queries(2):
        found = november.standings(on=date(2026, 11, 13), calendar=Workdays())

    assert list(found) == [plan.pk]
    assert found[plan.pk].actual == 0.15
    # three parts of a half, one part of 10 of the 21 working days of the month
    assert found[plan.pk].expected == 0.494047619
    assert found[plan.pk].tone == "warn"
