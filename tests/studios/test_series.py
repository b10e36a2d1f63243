"""Series of activities: made at once, changed for one or for several, with their exceptions."""

import uuid
from datetime import date, time

import pytest

from notifications.models import Notice
from studios.models import Activity, Series

NOW = "2026-11-20 10:00+08:00"
DAYS = [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)]


def typed(**more):
    return {
        "subject": "技术例会",
        "kind": "meeting",
        "every": "week",
        "first_on": "2026-11-24",
        "times": "4",
        "on_rest": "skip",
        "starts_at": "14:00",
        "once": str(uuid.uuid4()),
    } | more


@pytest.fixture
def page(cast, sign_in, time_machine):
    time_machine.move_to(NOW)
    return sign_in(cast.lin)


@pytest.fixture
def series(cast, page):
    page.post(f"/studios/{cast.studio_one.pk}/series/new/", typed())
    return Series.objects.get()


def rows(series, *names):
    return list(series.activities.order_by("series_on").values_list(*names, flat=len(names) == 1))


def edit(page, activity, **changed):
    """Send the form of an activity as it was opened, with some fields changed."""
    form = page.get(f"/activities/{activity.pk}/edit/").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not None} | changed
    return page.post(f"/activities/{activity.pk}/edit/", sent)


def test_a_series_is_so_many_activities_and_one_notice(cast, series):
    assert rows(series, "held_on") == rows(series, "series_on") == DAYS
    assert {*rows(series, "state", "subject", "starts_at")} == {("planned", "技术例会", time(14))}
    told = Notice.objects.filter(kind="series_planned")
    assert {notice.recipient for notice in told} == {cast.chen, cast.wang}
    assert Activity.history.filter(history_user=cast.lin).count() == 4


def test_the_days_are_looked_at_before_anything_is_stored(cast, page):
    answer = page.post(
        f"/studios/{cast.studio_one.pk}/series/new/", typed(first_on="2026-12-25", times="2", look="1")
    )

    assert not Series.objects.exists()
    text = answer.content.decode()
    assert "2027年1月1日" in text
    assert "元旦" in text
    assert "不举行" in text


def test_a_series_needs_an_end_and_begins_today_or_later(cast, page):
    address = f"/studios/{cast.studio_one.pk}/series/new/"

    assert [*page.post(address, typed(times="")).context["form"].errors] == ["until"]
    assert [*page.post(address, typed(first_on="2026-11-19")).context["form"].errors] == ["first_on"]
    assert [*page.post(address, typed(until="2026-11-30", times="")).context["form"].errors] == ["until"]


def test_a_second_copy_of_the_form_makes_nothing(cast, page):
    sent = typed()
    for _again in range(2):
        page.post(f"/studios/{cast.studio_one.pk}/series/new/", sent)

    assert (Series.objects.count(), Activity.objects.count()) == (1, 4)


def test_a_change_to_one_alone_is_an_exception_that_the_page_of_the_series_shows(cast, page, series):
    second = series.activities.get(series_on=DAYS[1])

    edit(page, second, held_on="2026-12-02", scope="this")

    assert rows(series, "held_on") == [DAYS[0], date(2026, 12, 2), *DAYS[2:]]
    assert "原定2026年12月1日" in page.get(f"/series/{series.pk}/").content.decode()
    told = Notice.objects.filter(kind="activity_moved")
    assert {notice.recipient for notice in told} == {cast.chen, cast.wang}


def test_this_one_and_all_after_it_move_by_as_many_days_and_keep_their_own_exceptions(cast, page, series):
    series.activities.filter(series_on=DAYS[3]).update(place="现场")

    edit(page, series.activities.get(series_on=DAYS[1]), held_on="2026-12-03", scope="following")

    assert rows(series, "held_on", "place") == [
        (DAYS[0], ""),
        (date(2026, 12, 3), ""),
        (date(2026, 12, 10), ""),
        (date(2026, 12, 17), "现场"),
    ]
    assert Notice.objects.filter(kind="series_changed").count() == 2
    assert not Notice.objects.filter(kind="activity_moved").exists()


def test_all_to_come_are_changed_and_never_one_that_was_held(page, series):
    first = series.activities.get(series_on=DAYS[0])
    Activity.objects.filter(pk=first.pk).update(state="held")

    edit(page, series.activities.get(series_on=DAYS[2]), place="二楼会议室", scope="future")

    assert rows(series, "place") == ["", "二楼会议室", "二楼会议室", "二楼会议室"]
    assert first.history.count() == 1


def test_what_is_moved_onto_a_day_of_rest_is_called_off_where_the_series_leaves_those_out(page, series):
    edit(page, series.activities.get(series_on=DAYS[0]), held_on="2026-11-28", scope="following")

    assert rows(series, "state") == ["planned", "cancelled", "cancelled", "cancelled"]


def test_those_after_it_are_called_off_with_the_reason_or_it_alone(cast, page, series):
    page.post(
        f"/activities/{series.activities.get(series_on=DAYS[0]).pk}/call-off/",
        {"reason": "检修", "scope": "this"},
    )
    page.post(
        f"/activities/{series.activities.get(series_on=DAYS[2]).pk}/call-off/",
        {"reason": "改为线上", "scope": "following"},
    )

    assert rows(series, "state", "cancel_reason") == [
        ("cancelled", "检修"),
        ("planned", ""),
        ("cancelled", "改为线上"),
        ("cancelled", "改为线上"),
    ]
    assert {notice.recipient for notice in Notice.objects.filter(kind="series_called_off")} == {
        cast.chen,
        cast.wang,
    }


def test_members_see_the_series_without_its_buttons_and_strangers_nothing(cast, series, sign_in):
    assert "call-off" not in sign_in(cast.wang).get(f"/series/{series.pk}/").content.decode()
    assert sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/series/new/").status_code == 403
    assert sign_in(cast.zhao).get(f"/series/{series.pk}/").status_code == 404


def test_the_page_of_a_series_asks_as_often_for_one_as_for_four(
    cast, page, series, django_assert_num_queries
):
    page.get(f"/series/{series.pk}/")
    for _rows in (4, 1):
        with django_assert_num_queries(13):
            page.get(f"/series/{series.pk}/")
        series.activities.exclude(series_on=DAYS[0]).delete()
