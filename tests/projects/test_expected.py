"""What is expected by a day in working days. November 2026 begins on a Sunday and has 21 working days."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import WorkdayOverride
from core.workdays import Workdays
from projects.expected import Pace, standing, window
from projects.models import Plan, PlanItem
from projects.progress import add_up, find_drift
from projects.tasks import do_day

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


@pytest.mark.parametrize(
    ("actual", "expected", "points", "state", "word"),
    [
        (0.40, 0.50, -10, "on_track", "on track"),
        (0.399, 0.50, -10.1, "behind", "11 points behind"),
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
        found = standing(actual, expected, complete=False)
        assert (found.points, found.state, found.word) == (points, state, word)


def test_how_much_counts_as_on_track_is_a_setting(settings):
    settings.PROGRESS_SLACK = 30

    assert standing(0.25, 0.5, complete=False).state == "on_track"


def test_without_a_figure_nothing_stands_beside_it():
    assert standing(None, 0.5, complete=False) is None
    assert standing(0.5, None, complete=False) is None


@pytest.mark.parametrize(
    ("actual", "complete", "expected", "word"),
    [
        (0.409, False, 0.5099, "滞后 10 点"),  # 40 % beside 50 %
        (0.2999, False, 0.40, "滞后 11 点"),  # 29 % beside 40 %
        (0.004, False, 0.20, "滞后 20 点"),  # <1 % beside 20 %
        (1.0, False, 0.5, "超前 49 点"),  # 99 % beside 50 %, since not all is done
        (1.0, True, 0.5, "超前 50 点"),
    ],
)
def test_the_word_is_the_difference_of_the_two_numbers_that_are_shown(actual, complete, expected, word):
    assert standing(actual, expected, complete=complete).word == word


@pytest.fixture
def november(cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    window = {"starts_on": date(2026, 11, 9), "due_on": date(2026, 11, 20)}
    PlanItem.objects.create(plan=plan, content="焊接试验", weight=3, percent=20, **window)
    PlanItem.objects.create(plan=plan, content="总结")
    PlanItem.objects.create(plan=plan, content="取消的", state="cancelled", reason="设备停用", **window)
    add_up(plan)
    return Plan.objects.filter(pk=plan.pk)


def test_plans_are_held_against_their_counted_items(november):
    found = november.standings(on=date(2026, 11, 13), calendar=Workdays())

    (plan,) = november
    assert list(found) == [plan.pk]
    assert found[plan.pk].actual == 0.15
    # three parts of a half, one part of 10 of the 21 working days of the month
    assert found[plan.pk].expected == 0.494047619
    assert found[plan.pk].tone == "warn"
    assert plan.standing == found[plan.pk]


def test_what_is_expected_today_is_worked_out_once_a_day(november, django_assert_num_queries):
    november.standings(on=date(2026, 11, 13), calendar=Workdays())

    with django_assert_num_queries(2):  # is there one that is not of this day? what do they say?
        november.standings(on=date(2026, 11, 13), calendar=Workdays())


def test_another_calendar_makes_what_is_stored_worth_nothing(november):
    november.standings(on=date(2026, 11, 13), calendar=Workdays())
    one_more = Workdays({date(2026, 11, 14): True})

    (found,) = november.standings(on=date(2026, 11, 13), calendar=one_more).values()

    # three parts of 5 of 11 days, one part of 10 of 22
    assert found.expected == 0.454545455


def test_what_is_over_is_expected_for_good(november, django_assert_num_queries):
    november.standings(on=date(2026, 11, 30), calendar=Workdays())

    with django_assert_num_queries(2):
        (found,) = november.standings(
            on=date(2027, 3, 1), calendar=Workdays({date(2026, 11, 14): True})
        ).values()
    assert found.expected == 1
    assert november.get().expected_by == ""


def test_a_later_day_for_what_was_over_counts_at_once(november):
    november.standings(on=date(2026, 11, 30), calendar=Workdays())
    item = PlanItem.objects.get(content="总结")
    item.due_on = date(2026, 12, 31)
    item.save()
    add_up(item.plan)

    (found,) = november.standings(on=date(2026, 11, 30), calendar=Workdays()).values()

    # 21 of the 44 working days from the beginning of November to the end of December
    assert found.expected == 0.869318182


def test_the_days_work_brings_every_plan_to_the_day(november):
    do_day("2026-11-13")

    assert november.get().expected_on == date(2026, 11, 13)
    assert str(november.get().expected) == "0.494047619"


def test_a_wrong_expectation_is_found_and_named(november):
    november.standings(on=date(2026, 11, 13), calendar=Workdays())
    assert list(find_drift()) == []
    november.update(expected=1)

    assert [row.period for row in find_drift()] == ["2026-11"]


days = st.dates(date(2026, 10, 20), date(2026, 12, 20))
changes = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.none() | days,
        st.none() | days,
        st.integers(1, 9),
        st.sampled_from(["not_started", "done", "carried", "cancelled", "tolerated"]),
        st.booleans(),
        days,
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes, st.sets(days, max_size=4))
def test_what_is_stored_is_what_the_items_come_to_on_any_day(cast, changes, worked):
    """Items come, change and are let go, days pass and are looked at: what is stored stays true."""
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    PlanItem.objects.filter(plan=plan).delete()
    Plan.objects.filter(pk=plan.pk).update(progress=None, expected=None, expected_on=None, expected_by="")
    calendar = Workdays(dict.fromkeys(worked, True))
    WorkdayOverride.objects.all().delete()
    WorkdayOverride.objects.bulk_create(WorkdayOverride(day=day, works=True) for day in worked)
    items = {}
    for which, start, due, weight, state, look, day in changes:
        item = items.setdefault(which, PlanItem(plan=plan, content=f"项{which}"))
        item.starts_on, item.due_on = (min(start, due), max(start, due)) if start and due else (start, due)
        item.weight, item.state = weight, state
        item.save()
        add_up(plan)
        counted = [one for one in items.values() if one.state not in ("cancelled", "tolerated")]
        rows = [(float(one.weight), one.starts_on, one.due_on) for one in counted]
        assert list(find_drift()) == []
        if look:
            found = Plan.objects.filter(pk=plan.pk).standings(on=day, calendar=calendar)
            should = Pace(day, calendar).of_plan(rows, BEGIN, END)
            assert (found[plan.pk].expected if found else None) == should
