"""How often a studio meets beside what its rule asks for; who took part, and the hours of study."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import workdays
from core.calendar import Period
from projects import reminders
from studios import attending, leave, rhythm
from studios.attending import Mark
from studios.models import Activity, Rule

NOVEMBER = Period.of_month(2026, 11)
TODAY = date(2026, 11, 23)


@pytest.fixture
def rule(cast):
    made = Rule.objects.create(studio=cast.studio_one, kind="activities", title="活动制度")
    made.versions.create(number=1, text="每月两次", effective_on=date(2026, 1, 1), settings={"a_month": 2})
    return made


def held(cast, day, **more):
    return Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=date(2026, 11, day), **more
    )


def told(day):
    return [row for row in reminders.due_on(day, workdays.load()) if row.kind == "activities_lacking"]


def test_held_and_to_come_are_counted_and_what_was_called_off_is_not(cast, rule):
    held(cast, 3)
    held(cast, 30, state="planned")
    held(cast, 10, state="cancelled")

    month = rhythm.of_month(cast.studio_one, NOVEMBER, on=TODAY)

    assert (month.held, month.to_come, month.asked, month.lacking) == (1, 1, 2, 1)


def test_the_version_in_force_on_the_day_is_the_one_that_counts(cast, rule):
    rule.versions.create(number=2, text="每月三次", effective_on=date(2026, 12, 1), settings={"a_month": 3})

    assert rhythm.asked_for([cast.studio_one.pk], on=TODAY) == {cast.studio_one.pk: 2}
    assert rhythm.asked_for(None, on=date(2026, 12, 1)) == {cast.studio_one.pk: 3}


def test_a_studio_without_such_a_rule_is_asked_for_nothing(cast):
    assert rhythm.of_month(cast.studio_one, NOVEMBER, on=TODAY).lacking == 0
    assert rhythm.lacking(NOVEMBER, on=TODAY) == []


def test_on_the_first_working_day_of_the_last_third_those_who_steer_are_reminded_once(cast, rule):
    held(cast, 3)

    assert told(date(2026, 11, 20)) == told(date(2026, 11, 24)) == []
    (reminder,) = told(date(2026, 11, 23))
    assert set(reminder.recipients) == {cast.chen, cast.lin}
    assert reminder.key == f"activities_lacking:studios.studio:{cast.studio_one.pk}:2026-11"
    assert (reminder.params["held"], reminder.params["asked"]) == (1, 2)


def test_whoever_has_held_enough_is_not_reminded(cast, rule):
    held(cast, 3)
    held(cast, 17)

    assert told(date(2026, 11, 23)) == []


def test_rates_and_hours_follow_from_the_rows_of_the_year(cast, sign_in):
    study = held(cast, 3, hours=Decimal("2.0"), state="planned")
    meeting = held(cast, 10, state="planned")
    asked = leave.ask(
        study, cast.wang.person, reason="出差", by=cast.wang, at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    leave.approve(asked, by=cast.chen, at=datetime(2026, 11, 1, 1, tzinfo=UTC))
    leave.make_up(asked, made_up_on=date(2026, 11, 5), made_up="自学")
    everybody = {"chen": "present", "lin": "late"}
    attending.record(
        study, {getattr(cast, name).person_id: Mark(s, 0) for name, s in everybody.items()}, on=TODAY
    )
    absent = {**everybody, "wang": "absent"}
    attending.record(meeting, {getattr(cast, n).person_id: Mark(s, 0) for n, s in absent.items()}, on=TODAY)

    shares = rhythm.attendance_of(cast.studio_one, Period.of_year(2026))
    found = {share.name: (share.asked, share.came, share.late, share.rate, share.hours) for share in shares}

    assert found == {
        "陈立新": (2, 2, 0, "100", Decimal("2.0")),
        "林小雨": (2, 2, 2, "100", Decimal("2.0")),
        "王芳": (2, 0, 0, "0", Decimal("2.0")),
    }
    assert (rhythm.together(shares).rate, rhythm.together(shares).hours) == ("67", Decimal("6.0"))
    page = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/activities/2026/").content.decode()
    assert "67%" in page
    assert sign_in(cast.zhao).get(f"/studios/{cast.studio_one.pk}/activities/2026/").status_code == 404


def test_the_page_of_activities_says_how_many_of_how_many(cast, sign_in, rule, time_machine):
    time_machine.move_to("2026-11-23 10:00+08:00")
    held(cast, 3)

    page = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/activities/").content.decode()

    assert "本月已举行 1 次，应举行 2 次，待举行 0 次" in page


def test_hours_made_up_count_as_they_were_entered(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-23 10:00+08:00")
    study = held(cast, 3, hours=Decimal("4.0"))
    attending.record(study, {cast.wang.person_id: Mark("on_leave", 0)}, on=TODAY)
    asked = study.leave.create(
        person=cast.wang.person,
        reason="出差",
        state="approved",
        asked_at=datetime(2026, 11, 1, tzinfo=UTC),
        decided_at=datetime(2026, 11, 2, tzinfo=UTC),
    )
    page, address = sign_in(cast.wang), f"/leave/{asked.pk}/made-up/"

    offered = page.get(address).context["form"]["made_up_hours"].value()
    page.post(address, {"made_up_on": "2026-11-20", "made_up_hours": "1.5", "made_up": "看录像"})

    shares = {share.name: share for share in rhythm.attendance_of(cast.studio_one, Period.of_year(2026))}
    assert offered == Decimal("4.0")
    assert (shares["王芳"].came, shares["王芳"].hours) == (0, Decimal("1.5"))
