"""Gatherings: one act for many studios, and an activity of its own for each."""

import uuid
from datetime import date

import pytest

from core.calendar import Period
from notifications.models import Notice
from studios import attending, rhythm
from studios.attending import Mark
from studios.models import Activity, Gathering, Studio

NOW = "2026-11-20 10:00+08:00"


def typed(unit, *studios, **more):
    return {
        "unit": unit.pk,
        "subject": "创新成果展",
        "kind": "exhibition",
        "held_on": "2026-11-25",
        "place": "集团文体中心",
        "studios": [studio.pk for studio in studios],
        "once": str(uuid.uuid4()),
    } | more


@pytest.fixture
def gathering(cast, sign_in, time_machine):
    time_machine.move_to(NOW)
    sign_in(cast.li).post("/gatherings/new/", typed(cast.group, cast.studio_one, cast.studio_two))
    return Gathering.objects.get()


def of(gathering, studio):
    return gathering.activities.get(studio=studio)


def edit(page, gathering, *studios, **changed):
    sent = typed(gathering.unit, *studios, version=gathering.version) | changed
    return page.post(f"/gatherings/{gathering.pk}/edit/", sent)


def test_each_studio_has_an_activity_of_its_own_and_all_members_are_told_once(cast, gathering):
    rows = gathering.activities.order_by("studio__position")

    assert [(row.studio, row.subject, row.held_on, row.place, row.state) for row in rows] == [
        (studio, "创新成果展", date(2026, 11, 25), "集团文体中心", "planned")
        for studio in (cast.studio_one, cast.studio_two)
    ]
    told = Notice.objects.filter(kind="gathering_planned")
    assert {notice.recipient for notice in told} == {cast.chen, cast.lin, cast.wang, cast.zhao, cast.qian}


def test_whole_units_are_chosen_with_one_tick_and_no_studio_twice(cast, sign_in, time_machine):
    time_machine.move_to(NOW)
    Studio.objects.create(name="孙师傅工作室", unit=cast.plant_one, position=3)

    sign_in(cast.li).post("/gatherings/new/", typed(cast.group, cast.studio_one, units=[cast.plant_one.pk]))

    assert {row.studio.name for row in Activity.objects.all()} == {"陈立新劳模创新工作室", "孙师傅工作室"}


def test_a_unit_contact_calls_together_the_studios_of_his_unit_alone(cast, sign_in):
    page = sign_in(cast.sun)

    refused = page.post("/gatherings/new/", typed(cast.plant_one, cast.studio_two))

    assert [*refused.context["form"].errors] == ["studios"]
    page.post("/gatherings/new/", typed(cast.plant_one, cast.studio_one))
    assert Gathering.objects.get().unit == cast.plant_one
    assert sign_in(cast.chen).get("/gatherings/new/").status_code == 403


def test_it_counts_for_each_studio_and_each_records_its_own_people(cast, gathering):
    own = of(gathering, cast.studio_one)

    attending.record(own, {cast.wang.person_id: Mark("absent", 0)}, on=date(2026, 11, 25))

    november = Period.of_month(2026, 11)
    assert rhythm.of_month(cast.studio_one, november, on=date(2026, 11, 26)).held == 1
    assert rhythm.of_month(cast.studio_two, november, on=date(2026, 11, 26)).held == 1
    assert of(gathering, cast.studio_two).expected is None


def test_a_lead_sees_his_own_studio_in_it_and_the_numbers_of_all(cast, gathering, sign_in):
    page = sign_in(cast.chen).get(f"/gatherings/{gathering.pk}/")

    text = page.content.decode()
    assert page.context["counts"]["studios"] == 2
    assert "陈立新劳模创新工作室" in text
    assert "赵国强工匠创新工作室" not in text
    assert "赵国强工匠创新工作室" in sign_in(cast.li).get(f"/gatherings/{gathering.pk}/").content.decode()
    assert "创新成果展" in sign_in(cast.chen).get("/gatherings/").content.decode()


def test_a_change_reaches_every_studio_that_has_not_recorded_yet(cast, gathering, sign_in):
    attending.record(of(gathering, cast.studio_one), {}, on=date(2026, 11, 25))

    edit(sign_in(cast.li), gathering, cast.studio_one, cast.studio_two, place="二厂礼堂")

    assert of(gathering, cast.studio_one).place == "集团文体中心"
    assert of(gathering, cast.studio_two).place == "二厂礼堂"


def test_studios_join_and_leave_as_long_as_nothing_is_recorded(cast, gathering, sign_in):
    third = Studio.objects.create(name="孙师傅工作室", unit=cast.plant_one, position=3)
    page = sign_in(cast.li)

    edit(page, gathering, cast.studio_one, third)

    assert {row.studio for row in gathering.activities.all()} == {cast.studio_one, third}
    attending.record(of(gathering, cast.studio_one), {}, on=date(2026, 11, 25))
    gathering.refresh_from_db()
    edit(page, gathering, third)
    assert {row.studio for row in gathering.activities.all()} == {cast.studio_one, third}


def test_only_the_host_calls_it_off_and_then_for_everybody(cast, gathering, sign_in):
    own = of(gathering, cast.studio_one)

    assert sign_in(cast.chen).get(f"/activities/{own.pk}/call-off/").status_code == 403
    assert sign_in(cast.chen).post(f"/activities/{own.pk}/delete/").status_code == 403
    assert sign_in(cast.sun).get(f"/gatherings/{gathering.pk}/edit/").status_code == 403
    sign_in(cast.li).post(f"/gatherings/{gathering.pk}/call-off/", {"reason": "场地检修"})

    assert {*gathering.activities.values_list("state", "cancel_reason")} == {("cancelled", "场地检修")}
    again = sign_in(cast.li).post(f"/gatherings/{gathering.pk}/call-off/", {"reason": "又一次"})
    gathering.refresh_from_db()
    assert (again.status_code, gathering.cancel_reason) == (303, "场地检修")


def test_the_lead_adds_minutes_but_not_another_day(cast, gathering, sign_in):
    own = of(gathering, cast.studio_one)

    form = sign_in(cast.chen).get(f"/activities/{own.pk}/edit/").context["form"]

    assert "minutes" in form.fields
    assert not {"held_on", "subject", "place"} & {*form.fields}


def test_the_lead_names_who_goes_and_the_others_are_not_expected(cast, gathering, sign_in):
    own = of(gathering, cast.studio_one)

    sign_in(cast.chen).post(f"/activities/{own.pk}/participants/", {"people": [cast.wang.person_id]})

    own.refresh_from_db()
    assert own.expected == 1
    assert {*own.attendance.values_list("person__name", "status")} == {
        ("陈立新", "not_asked"),
        ("林小雨", "not_asked"),
        ("王芳", "invited"),
    }


def test_the_pages_ask_as_often_for_one_studio_as_for_two(
    cast, gathering, sign_in, django_assert_num_queries
):
    page = sign_in(cast.li)
    page.get(f"/gatherings/{gathering.pk}/")
    for _studios in (2, 1):
        with django_assert_num_queries(15):
            page.get(f"/gatherings/{gathering.pk}/")
        with django_assert_num_queries(11):
            page.get("/gatherings/")
        of(gathering, cast.studio_one).delete() if gathering.activities.count() == 2 else None


def test_the_day_says_how_many_working_days_away_it_is_while_it_is_to_come(
    cast, gathering, sign_in, time_machine
):
    """The Wednesday after a Friday: three working days."""
    page, to = sign_in(cast.li), f"/gatherings/{gathering.pk}/"
    mine = of(gathering, cast.studio_one).get_absolute_url()
    away = '2026年11月25日（周三） · <span class="nowrap">3 个工作日后</span>'
    assert away in page.get(to).content.decode()
    assert away in page.get(mine).content.decode()

    time_machine.move_to("2026-11-26 10:00+08:00")
    page.force_login(cast.li)
    for passed in (page.get(to), page.get(mine)):
        assert "2026年11月25日（周三）</dd>" in passed.content.decode()


def test_what_does_not_take_place_is_no_days_away(cast, gathering, sign_in):
    page, to = sign_in(cast.li), f"/gatherings/{gathering.pk}/"
    Gathering.objects.update(cancel_reason="场地维修", is_cancelled=True)
    gathering.activities.update(state="cancelled", cancel_reason="场地维修")

    for page_of in (to, of(gathering, cast.studio_one).get_absolute_url()):
        assert "2026年11月25日（周三）</dd>" in page.get(page_of).content.decode()
