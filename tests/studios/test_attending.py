"""Who came, by name: recorded by the lead, signed in by oneself; the counts follow."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.errors import NotAllowedNow
from members.models import Person
from studios import attending
from studios.attending import Mark
from studios.models import Activity, Attendance, Membership

DAY = date(2026, 11, 24)
BEFORE = datetime(2026, 11, 24, 6, 25, tzinfo=UTC)  # 14:25 in Shanghai
AFTER = datetime(2026, 11, 24, 6, 50, tzinfo=UTC)


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=DAY, starts_at=time(14, 30), state="planned"
    )


def counts(activity):
    activity.refresh_from_db()
    return activity.expected, activity.present, activity.on_leave, activity.absent


def marks(cast, **chosen):
    return {
        getattr(cast, name).person_id: Mark(status, 0)
        for name, status in {"chen": "present", "lin": "present", "wang": "present", **chosen}.items()
    }


def test_everybody_of_the_day_is_preset_to_present_and_nothing_is_stored_yet(cast, meeting):
    gone = Person.objects.create(name="老周", unit=cast.plant_one)
    Membership.objects.create(studio=cast.studio_one, person=gone, left_on=date(2026, 11, 1))
    expert = Person.objects.create(name="顾教授", unit=cast.plant_one)
    Membership.objects.create(studio=cast.studio_one, person=expert, role="adviser")

    rows = attending.preset(meeting)

    assert [(row.person.name, row.status) for row in rows] == [
        ("陈立新", "present"),
        ("林小雨", "present"),
        ("王芳", "present"),
        ("顾教授", "not_asked"),
    ]
    assert not Attendance.objects.exists()


def test_the_counts_follow_from_the_rows_and_the_activity_is_held(cast, meeting):
    attending.record(meeting, marks(cast, lin="late", wang="absent"), on=DAY)

    assert counts(meeting) == (3, 2, 0, 1)
    assert meeting.state == "held"


def test_who_was_not_asked_is_not_expected(cast, meeting):
    attending.record(meeting, marks(cast, lin="on_leave", wang="not_asked"), on=DAY)

    assert counts(meeting) == (2, 1, 1, 0)


def test_an_activity_without_rows_keeps_the_numbers_it_came_with(cast):
    brought = Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=date(2026, 3, 3), expected=12, present=10, absent=2
    )

    attending.preset(brought)

    assert counts(brought) == (12, 10, None, 2)


def test_nobody_is_recorded_before_the_day_and_none_where_it_was_called_off(cast, meeting):
    with pytest.raises(NotAllowedNow, match="还没到活动当天"):
        attending.record(meeting, marks(cast), on=date(2026, 11, 23))
    Activity.objects.filter(pk=meeting.pk).update(state="cancelled")
    with pytest.raises(NotAllowedNow, match="活动已经取消"):
        attending.record(meeting, marks(cast), on=DAY)

    assert not Attendance.objects.exists()


@pytest.mark.parametrize(("at", "status"), [(BEFORE, "present"), (AFTER, "late")])
def test_who_signs_in_is_present_and_late_after_the_beginning(cast, meeting, at, status):
    row = attending.sign_in(meeting, cast.wang.person, at=at)

    assert row.status == status
    assert counts(meeting) == (3, 1, 0, 0)


def test_signing_in_twice_is_signing_in_once(cast, meeting):
    attending.sign_in(meeting, cast.wang.person, at=BEFORE)
    row = attending.sign_in(meeting, cast.wang.person, at=AFTER)

    assert (row.status, row.signed_at) == ("present", BEFORE)
    assert Attendance.objects.filter(person=cast.wang.person).count() == 1


def test_one_signs_in_on_the_day_alone_and_only_where_one_belongs(cast, meeting):
    with pytest.raises(NotAllowedNow, match="活动当天"):
        attending.sign_in(meeting, cast.wang.person, at=BEFORE - timedelta(days=1))
    with pytest.raises(NotAllowedNow, match="名单"):
        attending.sign_in(meeting, cast.zhao.person, at=BEFORE)


def test_where_people_signed_in_those_who_did_not_are_preset_to_absent(cast, meeting):
    attending.sign_in(meeting, cast.wang.person, at=BEFORE)

    assert {row.person.name: row.status for row in attending.preset(meeting)} == {
        "陈立新": "absent",
        "林小雨": "absent",
        "王芳": "present",
    }


def test_who_signed_in_while_the_page_was_open_is_kept_and_told(cast, meeting):
    chosen = marks(cast, wang="absent")
    attending.sign_in(meeting, cast.wang.person, at=AFTER)

    overtaken = attending.record(meeting, chosen, on=DAY)

    assert overtaken == [cast.wang.person]
    assert counts(meeting) == (3, 3, 0, 0)
    assert Attendance.objects.get(person=cast.wang.person).status == "late"


def test_a_code_opens_its_own_activity_for_ten_minutes(cast, meeting, time_machine):
    other = Activity.objects.create(studio=cast.studio_one, subject="学习", held_on=DAY)
    time_machine.move_to("2026-11-24 14:25+08:00", tick=False)
    code = attending.code_for(meeting)

    attending.check_code(meeting, code)
    with pytest.raises(NotAllowedNow, match="已失效"):
        attending.check_code(other, code)
    time_machine.move_to("2026-11-24 14:36+08:00", tick=False)
    with pytest.raises(NotAllowedNow, match="已失效"):
        attending.check_code(meeting, code)


def test_the_lead_records_with_one_click_for_whoever_was_absent(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-24 16:00+08:00")
    page, address = sign_in(cast.chen), f"/activities/{meeting.pk}/attendance/"
    assert address in page.get("/", follow=True).content.decode()
    form = page.get(address).context["form"]
    typed = {name: bound.value() for name, bound in ((field, form[field]) for field in form.fields)}

    page.post(address, typed | {f"came_{cast.wang.person_id}": "absent"})

    assert counts(meeting) == (3, 2, 0, 1)
    assert "王芳" in page.get(f"/activities/{meeting.pk}/").content.decode()


def test_a_member_follows_the_code_and_presses_once(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-24 14:20+08:00")
    screen = sign_in(cast.lin).get(f"/activities/{meeting.pk}/code/")
    address = screen.context["code"]["address"].removeprefix("http://testserver")

    page = sign_in(cast.wang)
    looked = page.get(address)
    assert (looked.status_code, Attendance.objects.count()) == (200, 0)
    page.post(address)

    assert Attendance.objects.get(person=cast.wang.person).status == "present"
    assert sign_in(cast.zhao).get(address).status_code == 404


def test_a_stranger_signs_in_first_and_comes_back_to_the_code(cast, client, meeting):
    address = f"/activities/{meeting.pk}/here/{attending.code_for(meeting)}/"

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=/activities/")


def test_the_page_of_recording_takes_a_fixed_number_of_queries(
    cast, sign_in, meeting, time_machine, django_assert_num_queries
):
    time_machine.move_to("2026-11-24 16:00+08:00")
    page, address = sign_in(cast.chen), f"/activities/{meeting.pk}/attendance/"
    page.get(address)
    for number in range(5):
        person = Person.objects.create(name=f"新人{number}", unit=cast.plant_one)
        Membership.objects.create(studio=cast.studio_one, person=person, joined_on=date(2026, 1, 1))

    with django_assert_num_queries(15):
        page.get(address)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_in_at_once_are_both_counted_and_one_who_signs_in_twice_is_one_row(cast, meeting):
    for number in range(10):
        activity = Activity.objects.create(
            studio=cast.studio_one, subject=f"例会{number}", held_on=DAY, state="planned"
        )
        people = [cast.wang.person, cast.wang.person, cast.lin.person]
        start, faults = Barrier(len(people)), []

        def run(person, activity=activity, start=start, faults=faults):
            try:
                start.wait(10)
                attending.sign_in(activity, person, at=BEFORE)
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [Thread(target=run, args=(person,)) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert faults == []
        assert counts(activity) == (3, 2, 0, 0)
        assert activity.attendance.count() == 3
