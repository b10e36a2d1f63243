"""One's own calendar, and the secret address by which a phone reads it."""

from datetime import UTC, date, datetime, time

import icalendar
import pytest
from django.core.cache import cache

from members.models import Absence
from projects.models import Plan, PlanItem
from reports.models import CalendarFeed
from studios.models import Activity, Membership

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one,
        subject="技术例会",
        held_on=date(2026, 11, 24),
        starts_at=time(14, 30),
        place="一厂三楼",
        state="planned",
        agenda="不外传",
    )


@pytest.fixture
def item(cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    return PlanItem.objects.create(
        plan=plan, content="焊机改造方案", owner=cast.wang.person, due_on=date(2026, 11, 27)
    )


@pytest.fixture
def token(cast, time_machine):
    time_machine.move_to(NOW)
    return CalendarFeed.renew(cast.wang, None, at=NOW)


def read(client, token, **headers):
    return client.get(f"/feed/{token}.ics", headers=headers)


def events(answer):
    return {
        str(event["summary"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }


def test_a_member_sees_his_activities_deadlines_leave_and_days_away(
    cast, sign_in, meeting, item, time_machine
):
    time_machine.move_to(NOW)
    meeting.leave.create(person=cast.wang.person, reason="出差", asked_at=NOW)
    Absence.objects.create(
        person=cast.wang.person,
        kind="trip",
        starts_on=date(2026, 11, 30),
        ends_on=date(2026, 12, 2),
        state="approved",
        asked_by=cast.wang,
        asked_at=NOW,
        decided_at=NOW,
    )
    Activity.objects.create(studio=cast.studio_two, subject="二厂例会", held_on=date(2026, 11, 25))

    page = sign_in(cast.wang).get("/calendar/2026-11/").content.decode()

    assert "14:30 技术例会" in page
    assert "焊机改造方案" in page
    assert "请假待批" in page
    assert "出差" in page
    assert "二厂例会" not in page
    assert "/calendar/2026-10/" in page
    assert "/calendar/2026-12/" in page


def test_who_was_not_asked_does_not_find_it_in_his_calendar(cast, sign_in, meeting):
    meeting.attendance.create(person=cast.wang.person, status="not_asked")

    assert "技术例会" not in sign_in(cast.wang).get("/calendar/2026-11/").content.decode()
    assert "技术例会" in sign_in(cast.lin).get("/calendar/2026-11/").content.decode()


def test_the_calendar_takes_a_fixed_number_of_queries(cast, sign_in, meeting, django_assert_num_queries):
    page = sign_in(cast.wang)
    page.get("/calendar/2026-11/")
    for _rows in (1, 3):
        with django_assert_num_queries(14):
            page.get("/calendar/2026-11/")
        for day in (25, 26):
            Activity.objects.create(
                studio=cast.studio_one, subject="学习", held_on=date(2026, 11, day), state="planned"
            )


def test_the_address_is_shown_once_and_only_its_hash_is_stored(cast, sign_in, settings):
    settings.SITE_URL = "https://xinhuo.example.com"
    page = sign_in(cast.wang)

    made = page.post("/calendar/feeds/", {"studio": ""})

    address = made.context["address"]
    assert address.startswith("https://xinhuo.example.com/feed/")
    assert address in made.content.decode()
    assert made["Cache-Control"] == "private, no-store"
    token = address.removeprefix("https://xinhuo.example.com/feed/").removesuffix(".ics")
    assert token not in page.get("/calendar/feeds/").content.decode()
    assert CalendarFeed.objects.get().token_hash != token
    assert CalendarFeed.objects.opened_by(token).user == cast.wang


def test_the_feed_is_read_without_a_session_and_says_title_time_and_place_only(client, token, meeting, item):
    answer = read(client, token)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "sessionid" not in answer.cookies
    found = events(answer)
    assert set(found) == {"技术例会", "截止：焊机改造方案"}
    assert found["技术例会"]["dtstart"].dt == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert found["技术例会"]["dtend"].dt == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert found["技术例会"]["location"] == "一厂三楼"
    assert found["截止：焊机改造方案"]["dtstart"].dt == date(2026, 11, 27)
    assert "不外传" not in answer.content.decode()
    assert "王芳" not in answer.content.decode()


def test_the_file_keeps_to_the_standard(client, token, meeting):
    body = read(client, token).content

    assert body.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"} <= set(event)


def test_what_is_called_off_is_struck_in_the_calendar_of_the_phone(client, token, meeting):
    Activity.objects.filter(pk=meeting.pk).update(state="cancelled")

    assert events(read(client, token))["技术例会"]["status"] == "CANCELLED"


def test_what_has_not_changed_is_not_sent_again(client, token, meeting):
    tag = read(client, token)["ETag"]

    assert read(client, token, if_none_match=tag).status_code == 304
    meeting.subject = "改期例会"
    meeting.save()
    assert read(client, token, if_none_match=tag).status_code == 200


def test_a_new_address_ends_the_old_one_and_ending_it_ends_it(cast, client, sign_in, token):
    fresh = CalendarFeed.renew(cast.wang, None, at=NOW)

    assert read(client, token).status_code == 404
    assert read(client, fresh).status_code == 200
    sign_in(cast.wang).post("/calendar/feeds/", {"studio": "", "end": "1"})
    assert read(client, fresh).status_code == 404


def test_who_is_locked_or_has_left_the_studio_loses_it_at_once(cast, client, token, meeting):
    of_studio = CalendarFeed.renew(cast.wang, cast.studio_one, at=NOW)
    assert "技术例会" in events(read(client, of_studio))

    Membership.objects.filter(person=cast.wang.person).update(left_on=date(2026, 11, 19))

    assert events(read(client, token)) == {}
    assert read(client, of_studio).status_code == 404
    cast.wang.is_active = False
    cast.wang.save()
    assert read(client, token).status_code == 404


def test_nobody_makes_an_address_for_a_studio_that_is_not_his(cast, sign_in):
    answer = sign_in(cast.wang).post("/calendar/feeds/", {"studio": cast.studio_two.pk})

    assert answer.status_code == 404
    assert not CalendarFeed.objects.exists()


def test_who_guesses_is_not_answered_any_more(client, token):
    for number in range(60):
        assert read(client, f"guess-{number}").status_code == 404

    assert read(client, token).status_code == 429
    cache.clear()
    assert read(client, token).status_code == 200
